"""Where a path leads in the syntax tree: to an argument, a nested block, a key or an item, or to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from remedy_gate.errors import PatchError
from remedy_gate.iac.values import Path, path_text

from .document import items_of
from .json_heredoc import json_in
from .templates import label_text
from .written import key_text

if TYPE_CHECKING:
    import tree_sitter

    from .json_syntax import JsonValue
    from .shapes import Shape


class BodyPlace(NamedTuple):
    """A block whose body is meant, with what is known of its arguments."""

    block: tree_sitter.Node
    shape: Shape


class ArgumentPlace(NamedTuple):
    """An argument of a body."""

    body: BodyPlace
    attribute: tree_sitter.Node


class BlocksPlace(NamedTuple):
    """All nested blocks of one name in a body; at least one. `one` is the one that a number picked."""

    body: BodyPlace
    name: str
    blocks: tuple[tree_sitter.Node, ...]
    one: tree_sitter.Node | None

    def only(self) -> tree_sitter.Node:
        """The block that is meant. Raises `PatchError` where there are several and no number picked one."""
        if self.one is None and len(self.blocks) > 1:
            raise PatchError(f"there are {len(self.blocks)} `{self.name}` blocks; the path must say which")
        return self.one or self.blocks[0]


class ElementPlace(NamedTuple):
    """A key of an object (`element` is the pair) or an item of a list (`element` is the expression)."""

    container: tree_sitter.Node
    element: tree_sitter.Node

    @property
    def value(self) -> tree_sitter.Node:
        """The expression that is the value."""
        if self.element.type == "expression":
            return self.element
        return [child for child in self.element.children if child.type == "expression"][1]


class WrittenAsArgument(PatchError):  # noqa: N818 - it says where, too
    """A nested block stands here as an argument, which Terraform refuses; `rest` is the path below it."""

    def __init__(self, body: BodyPlace, attribute: tree_sitter.Node, name: str, rest: Path) -> None:
        super().__init__(f"`{name}` is a nested block, and it is written as an argument here")
        self.body, self.attribute, self.name, self.rest = body, attribute, name, rest


class Missing(NamedTuple):
    """Nothing is there: the first step of `rest` is missing in `parent`, a body, an object or a list."""

    parent: BodyPlace | tree_sitter.Node
    rest: Path


class TextPlace(NamedTuple):
    """Somewhere in JSON that is the text of a heredoc: the bytes `start` to `end`, and the rest of the path."""

    start: int
    root: JsonValue
    text: bytes
    rest: Path


Place: TypeAlias = "ArgumentPlace | BlocksPlace | ElementPlace | Missing | TextPlace"


def located(body: BodyPlace, path: Path, text: bytes) -> Place:
    """The place that a path leads to. Raises `PatchError` where the way goes through something that is no literal."""
    if not path:
        raise PatchError("a path must name something in the block")
    position = 0
    while True:
        name = path[position]
        if not isinstance(name, str):
            raise PatchError(f"{path_text(path[: position + 1])} must name an argument")
        attribute, blocks = _named(body.block, name, text)
        if attribute is not None:
            if body.shape.is_never_argument(name):
                raise WrittenAsArgument(body, attribute, name, path[position + 1 :])
            return in_argument(ArgumentPlace(body, attribute), path, position + 1, text)
        number = path[position + 1] if position + 1 < len(path) else None
        if not blocks or (isinstance(number, int) and number >= len(blocks)):
            return Missing(body, path[position:])
        found = BlocksPlace(body, name, blocks, blocks[number] if isinstance(number, int) else None)
        position += 2 if isinstance(number, int) else 1
        if position == len(path):
            return found
        body = BodyPlace(found.only(), body.shape.inside(name))


def _named(
    block: tree_sitter.Node, name: str, text: bytes
) -> tuple[tree_sitter.Node | None, tuple[tree_sitter.Node, ...]]:
    blocks: list[tree_sitter.Node] = []
    for item in items_of(block):
        found = item.children[0].text
        if found == name.encode():
            if item.type == "attribute":
                return item, ()
            blocks.append(item)
    if not blocks and has_dynamic(block, name, text):
        raise PatchError(f"`{name}` is made by a dynamic block")
    return None, tuple(blocks)


def has_dynamic(block: tree_sitter.Node, name: str, text: bytes) -> bool:
    """Whether a dynamic block makes blocks of this name."""
    return any(
        label_text(child, text) == name
        for item in items_of(block)
        if item.type == "block" and item.children[0].text == b"dynamic"
        for child in item.children[1:]
        if child.type in {"string_lit", "identifier"}
    )


def literal_in(expression: tree_sitter.Node) -> tree_sitter.Node | None:
    """The object or list that an expression is, if it is nothing more; that in `jsonencode(...)` too."""
    children = [child for child in expression.children if child.type != "comment"]
    if len(children) != 1:
        return None
    if children[0].type == "collection_value":
        return children[0].children[0]
    if children[0].type == "function_call" and children[0].children[0].text == b"jsonencode":
        given = [
            part for child in children[0].children if child.type == "function_arguments" for part in child.children
        ]
        return literal_in(given[0]) if [part.type for part in given] == ["expression"] else None
    return None


def in_argument(place: ArgumentPlace, path: Path, position: int, text: bytes) -> Place:
    """The place that the rest of a path leads to in an argument's value."""
    if position == len(path):
        return place
    expression = place.attribute.children[-1]
    while True:
        collection = literal_in(expression)
        if collection is None:
            found_text = json_in(expression, text)
            if found_text is not None:
                return TextPlace(*found_text, path[position:])
            raise PatchError(f"{path_text(path[:position])} is given by an expression, not written out")
        element = _element(collection, path[position], text, path[:position])
        if element is None:
            return Missing(collection, path[position:])
        found = ElementPlace(collection, element)
        position += 1
        if position == len(path):
            return found
        expression = found.value


def _element(collection: tree_sitter.Node, step: str | int, text: bytes, before: Path) -> tree_sitter.Node | None:
    if collection.type == "tuple":
        if not isinstance(step, int):
            raise PatchError(f"{path_text(before)} is a list; the path must say which item")
        items = [child for child in collection.children if child.type == "expression"]
        return items[step] if step < len(items) else None
    if isinstance(step, int):
        raise PatchError(f"{path_text(before)} is no list")
    found = None
    for child in collection.children:
        if child.type == "object_elem":
            key = key_text(next(part for part in child.children if part.type == "expression"), text)
            if key is None:
                raise PatchError(f"{path_text(before)} has a key that must be worked out")
            if key == step:
                found = child
    return found
