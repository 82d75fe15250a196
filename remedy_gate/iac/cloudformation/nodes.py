"""Where nodes stand in the text: exact ends, which the parser's marks overshoot, and the places of aliases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from .source import Source

if TYPE_CHECKING:
    from .node import Node

_COMMENTS = r"(?:[ \t\r\n]|#[^\n]*\n)*"
_ALIAS = rf"{_COMMENTS}(?:[:,?-]{_COMMENTS})*(\*[^\s,\[\]{{}}]+)"


class Tree(NamedTuple):
    """A template's text and its nodes. `aliases`: whether any node stands at more than one place."""

    source: Source
    root: Node
    json: bool
    aliases: bool

    @property
    def text(self) -> str:
        """The characters that every position counts."""
        return self.source.text


class Place(NamedTuple):
    """A node as it stands at one place. `alias`: only its name stands here, the node itself further up."""

    node: Node
    start: int
    end: int
    alias: bool


class Entry(NamedTuple):
    """A key and its value in a mapping."""

    key: Place
    value: Place

    @property
    def name(self) -> str:
        """The key as text."""
        return str(self.key.node.value)


def place(tree: Tree, node: Node, after: int) -> Place:
    """Where `node` stands as the first child that begins behind `after`."""
    start = node.start_mark.index
    if start >= after:
        return Place(node, start, end(tree, node), alias=False)
    found = re.compile(_ALIAS).match(tree.text, after)
    assert found, "a node that begins before its place is an alias"
    return Place(node, found.start(1), found.end(1), alias=True)


def items(tree: Tree, node: Node) -> Iterator[Place]:
    """The items of a sequence."""
    after = node.start_mark.index
    for item in node.value:
        placed = place(tree, item, after)
        after = placed.end
        yield placed


def entries(tree: Tree, node: Node) -> Iterator[Entry]:
    """The entries of a mapping."""
    after = node.start_mark.index
    for key_node, value_node in node.value:
        key = place(tree, key_node, after)
        value = place(tree, value_node, key.end)
        after = value.end
        yield Entry(key, value)


def end(tree: Tree, node: Node) -> int:
    """Where a node's last character has been, without the comments and blank lines that follow."""
    if node.id == "scalar":
        return _scalar_end(node, tree.text)
    if node.flow_style or not node.value:
        last: int = node.end_mark.index
        return last
    if not tree.aliases:
        child = node.value[-1]
        return end(tree, child[1] if node.id == "mapping" else child)
    if node.id == "mapping":
        *_, entry = entries(tree, node)
        return entry.value.end
    *_, item = items(tree, node)
    return item.end


def _scalar_end(node: Node, text: str) -> int:
    last: int = node.end_mark.index
    if node.style not in {"|", ">"}:
        return last
    start: int = node.start_mark.index
    if _keeps_line_breaks(node, text):
        # Every blank line behind a kept block scalar is part of it, but not the last line break.
        return last - 1 if last > start and text[last - 1] == "\n" else last
    return start + len(text[start:last].rstrip())


def _keeps_line_breaks(node: Node, text: str) -> bool:
    """Whether a block scalar (`|+`) holds the blank lines that follow it."""
    start: int = node.start_mark.index
    header = text[start : text.find("\n", start)].partition("#")[0]
    return "+" in header.partition(str(node.style))[2]
