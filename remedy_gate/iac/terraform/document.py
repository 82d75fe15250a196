"""One file of HCL: whether it can be read, and an outline of its top-level blocks with their bodies on demand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.domain.source import LineRange
from remedy_gate.iac.module import Block, SourceError, Span
from remedy_gate.iac.values import Unknown, Value

from .addresses import naming_of
from .body import Argument, Body, Nested
from .expressions import expression_of
from .nearly import Parsed
from .parser import Mistake, parse
from .strict import first_mistake
from .syntax import Expression, Opaque
from .templates import label_text
from .written import written_value

if TYPE_CHECKING:
    from collections.abc import Callable

    import tree_sitter

    from .json_syntax import JsonObject, JsonValue


MAX_VALUE = 131_072
"""Bytes of one value. A longer one is data that found its way into code, and is not looked into."""


class Declared(NamedTuple):
    """A top-level block and the way to its body. `node` is its place in the tree of HCL, `json` that in JSON.

    Of a local, `json` is the object that it stands in.
    """

    block: Block
    read: Callable[[], Body]
    node: tree_sitter.Node | None = None
    json: JsonValue | None = None


class Document:
    """A file as code: its declarations, or the error that keeps them from being read."""

    __slots__ = ("_clean", "declared", "errors", "path", "root", "text", "tree")

    def __init__(
        self,
        path: str,
        text: bytes,
        declared: tuple[Declared, ...] = (),
        *,
        errors: tuple[SourceError, ...] = (),
        tree: tree_sitter.Tree | None = None,
        root: JsonObject | None = None,
    ) -> None:
        self.path = path
        self.text = text
        self.declared = declared
        self.errors = errors
        self.tree = tree
        self.root = root
        self._clean: frozenset[bytes] | None = None

    @property
    def clean(self) -> frozenset[bytes]:
        """The texts of its top-level blocks, none of which has a mistake."""
        if self._clean is None:
            nodes = (one.node for one in self.declared if one.node is not None and one.node.type == "block")
            self._clean = frozenset(self.text[node.start_byte : node.end_byte] for node in nodes)
        return self._clean


def read_hcl(path: str, text: bytes, like: Document | None = None) -> Document:
    """A `.tf`, `.tofu` or `.tfvars` file. With an error it declares nothing. `like` is an earlier state of the file."""
    tree = parse(text, Parsed(like.text, like.tree) if like is not None and like.tree is not None else None)
    mistake = tree if isinstance(tree, Mistake) else first_mistake(tree, text, like.clean if like else frozenset())
    if isinstance(tree, Mistake) or mistake is not None:
        assert mistake is not None
        return Document(path, text, errors=(source_error(path, text, mistake),))
    declared: list[Declared] = []
    for item in top_items(tree):
        if item.type == "attribute":
            continue
        declared.extend(_declared_in(item, path, text))
    return Document(path, text, tuple(declared), tree=tree)


def source_error(path: str, text: bytes, mistake: Mistake) -> SourceError:
    """A mistake with its place as people count: line and column from 1, in characters."""
    before = text[: mistake.offset]
    line_start = before.rfind(b"\n") + 1
    column = len(before[line_start:].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")) + 1
    return SourceError(path, before.count(b"\n") + 1, column, mistake.message)


def top_items(tree: tree_sitter.Tree) -> list[tree_sitter.Node]:
    """The top-level attributes and blocks."""
    for child in tree.root_node.children:
        if child.type == "body":
            return [item for item in child.named_children if item.type != "comment"]
    return []


def top_arguments(document: Document) -> dict[str, Argument]:
    """The arguments that stand outside any block: the whole content of a `.tfvars` file."""
    if document.tree is None:
        return {}
    items = (item for item in top_items(document.tree) if item.type == "attribute")
    return {argument.name: argument for argument in (argument_of(item, document.text) for item in items)}


def _declared_in(node: tree_sitter.Node, path: str, text: bytes) -> list[Declared]:
    children = node.children
    kind = text[children[0].start_byte : children[0].end_byte].decode("utf-8", "replace")
    if kind == "locals":
        return [_local(item, path, text) for item in items_of(node) if item.type == "attribute"]
    labels = _labels(node, text)
    naming = naming_of(kind, labels, _alias(node, text) if kind == "provider" else "")
    block = Block(naming.address, kind, naming.type, naming.name, path, *_place(node))
    return [Declared(block, partial(body_of, node, text), node)]


def _local(item: tree_sitter.Node, path: str, text: bytes) -> Declared:
    name = _name(item, text)
    block = Block(f"local.{name}", "local", "", name, path, *_place(item))
    return Declared(block, lambda: Body((HclArgument("value", item.children[-1], text),)), item)


def _place(node: tree_sitter.Node) -> tuple[Span, LineRange]:
    return Span(node.start_byte, node.end_byte), LineRange(node.start_point[0] + 1, node.end_point[0] + 1)


def _alias(node: tree_sitter.Node, text: bytes) -> str:
    for item in items_of(node):
        if item.type == "attribute" and _name(item, text) == "alias":
            value = text[item.children[-1].start_byte : item.children[-1].end_byte]
            return value.strip(b'"').decode("utf-8", "replace")
    return ""


def items_of(block: tree_sitter.Node) -> list[tree_sitter.Node]:
    """The attributes and blocks in a block."""
    for child in block.children:
        if child.type == "body":
            return [item for item in child.named_children if item.type != "comment"]
    return []


class HclArgument(Argument):
    """An argument with its value's place in the tree."""

    __slots__ = ("_node", "_text")

    def __init__(self, name: str, node: tree_sitter.Node, text: bytes) -> None:
        super().__init__(name)
        self._node = node
        self._text = text

    def written(self) -> Value:
        """The value as it stands."""
        if self._is_long():
            return Unknown(self._text[self._node.start_byte : self._node.end_byte].decode("utf-8", "replace"))
        return written_value(self._node, self._text)

    def _read(self) -> Expression:
        if self._is_long():
            return Opaque(f"the value of `{self.name}` is too long to be looked into")
        return expression_of(self._node, self._text)

    def _is_long(self) -> bool:
        return self._node.end_byte - self._node.start_byte > MAX_VALUE


class HclNested(Nested):
    """A nested block with its place in the tree."""

    __slots__ = ("_node", "_text")

    def __init__(self, node: tree_sitter.Node, text: bytes) -> None:
        super().__init__(_name(node, text), _labels(node, text))
        self._node = node
        self._text = text

    def _read(self) -> Body:
        return body_of(self._node, self._text)


def body_of(block: tree_sitter.Node, text: bytes) -> Body:
    """The body of a block node."""
    return Body(
        tuple(
            argument_of(item, text) if item.type == "attribute" else HclNested(item, text) for item in items_of(block)
        )
    )


def argument_of(item: tree_sitter.Node, text: bytes) -> Argument:
    """The argument that an attribute node is."""
    children = item.children
    name = children[0]
    return HclArgument(text[name.start_byte : name.end_byte].decode("utf-8", "replace"), children[-1], text)


def _labels(block: tree_sitter.Node, text: bytes) -> tuple[str, ...]:
    labels: list[str] = []
    for child in block.children[1:]:
        if child.type == "block_start":
            break
        if child.type != "comment":
            labels.append(label_text(child, text))
    return tuple(labels)


def _name(item: tree_sitter.Node, text: bytes) -> str:
    name = item.children[0]
    return text[name.start_byte : name.end_byte].decode("utf-8", "replace")
