"""The sections of a template, and its blocks by address."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.domain.source import LineRange
from remedy_gate.iac.module import Block, Span

from .compose import compose, is_json
from .nodes import Place, Tree, place
from .source import Fault, Source
from .strict import check

if TYPE_CHECKING:
    from .node import Node

RESOURCES = "Resources"

# Each entry of these sections is a block of its own.
_SECTIONS = {
    RESOURCES: "resource",
    "Parameters": "parameter",
    "Mappings": "mapping",
    "Conditions": "condition",
    "Outputs": "output",
    "Rules": "rule",
    "Hooks": "hook",
}
# These are one block each.
_WHOLE = {"Transform": "transform", "Globals": "globals", "Metadata": "metadata"}

_MACROS = ("Fn::Transform", "Fn::ForEach::")


class Part(NamedTuple):
    """A block with the key and the value that it is made of."""

    block: Block
    key: Place
    value: Place


def parse(source: Source) -> Tree:
    """The nodes of a template; a `Fault` where the text cannot be one."""
    json_text = is_json(source)
    root = compose(source, json_text=json_text)
    if root.id != "mapping":
        raise Fault(root.start_mark.index, "a template is a mapping of sections")
    aliases = check(root, source.text)
    for key, value in root.value:
        if key.value in _SECTIONS and value.id != "mapping" and not is_null(value):
            raise Fault(value.start_mark.index, f"{key.value} must be a mapping")
    return Tree(source, root, json_text, aliases)


def section(tree: Tree, name: str) -> Node | None:
    """The value of one of the outermost keys."""
    return next((value for key, value in tree.root.value if key.value == name), None)


def is_null(node: Node) -> bool:
    """Whether nothing, or a null, is written here."""
    return node.id == "scalar" and not node.style and not node.tag and node.value in {"", "~", "null", "Null", "NULL"}


def parts(tree: Tree) -> dict[str, Part]:
    """Every block of a template by its address, in the order of the file."""
    found: dict[str, Part] = {}
    cursor = _Cursor(tree)
    after = tree.root.start_mark.index
    for key_node, value_node in tree.root.value:
        key = place(tree, key_node, after)
        name = key_node.value
        kind = _SECTIONS.get(name) or _WHOLE.get(name)
        after = key.end
        if kind and name in _WHOLE:
            value = place(tree, value_node, key.end)
            found.setdefault(name, Part(cursor.block(name, kind, name, (key, value)), key, value))
        elif kind and value_node.id == "mapping" and value_node.start_mark.index >= after:
            _add_entries(cursor, name, value_node, found)
        if tree.aliases:
            after = place(tree, value_node, key.end).end
    return found


def _add_entries(cursor: _Cursor, name_of_section: str, node: Node, found: dict[str, Part]) -> None:
    tree = cursor.tree
    after = node.start_mark.index
    for key_node, value_node in node.value:
        key = place(tree, key_node, after)
        value = place(tree, value_node, key.end)
        after = value.end
        name = key_node.value
        kind = "transform" if name.startswith(_MACROS) else _SECTIONS[name_of_section]
        address = name if kind == "resource" else f"{name_of_section}.{name}"
        found.pop(address, None)  # a resource may be named as a section is
        found[address] = Part(cursor.block(address, kind, name, (key, value)), key, value)


class _Cursor:
    """Turns positions into bytes and lines, going forward through the text only once."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.ascii = tree.text.isascii()
        self.index, self.bytes, self.line = 0, tree.source.mark, 1

    def block(self, address: str, kind: str, name: str, ends: tuple[Place, Place]) -> Block:
        key, value = ends
        type_name = _type_of(value.node) if kind == "resource" else ""
        start, first = self._reach(key.start)
        stop, last = self._reach(max(key.end, value.end))
        return Block(address, kind, type_name, name, self.tree.source.path, Span(start, stop), LineRange(first, last))

    def _reach(self, index: int) -> tuple[int, int]:
        text = self.tree.text
        self.line += text.count("\n", self.index, index)
        self.bytes += index - self.index if self.ascii else len(text[self.index : index].encode())
        self.index = index
        return self.bytes, self.line


def _type_of(node: Node) -> str:
    if node.id == "mapping":
        for key, value in node.value:
            if key.value == "Type" and value.id == "scalar":
                return str(value.value)
    return ""
