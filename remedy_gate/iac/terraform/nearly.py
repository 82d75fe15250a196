"""A tree that is nearly known: what stands outside the top-level items that differ is taken over, not parsed again."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import tree_sitter


class Parsed(NamedTuple):
    """A text without mistakes, and its tree."""

    text: bytes
    tree: tree_sitter.Tree


def edited_tree(known: Parsed, text: bytes) -> tree_sitter.Tree | None:
    """A copy of the known tree that is told which of its top-level items differ in `text`; None where none is alike.

    Whole items are told, never parts of one: nothing inside a block that differs is taken over, and where one top-level
    item ends, no text, comment or bracket is open.
    """
    old = known.text
    first = _alike(old, text)
    last = _alike_from_the_end(old, text, min(len(old), len(text)) - first)
    start, end = first, len(old) - last
    for item in _items(known.tree):
        if item.start_byte <= end and item.end_byte >= first:
            start, end = min(start, item.start_byte), max(end, item.end_byte)
    if start == 0 and end == len(old):
        return None
    tree = known.tree.copy()
    new_end = len(text) - (len(old) - end)
    tree.edit(start, end, new_end, _point(old, start), _point(old, end), _point(text, new_end))
    return tree


def _items(tree: tree_sitter.Tree) -> list[tree_sitter.Node]:
    return [item for child in tree.root_node.children for item in (child.children if child.type == "body" else [child])]


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    return bisect_left(range(min(len(one), len(other))), True, key=lambda count: one[: count + 1] != other[: count + 1])


def _alike_from_the_end(one: bytes, other: bytes, most: int) -> int:
    return bisect_left(range(most), True, key=lambda count: one[-count - 1 :] != other[-count - 1 :])


def _point(text: bytes, offset: int) -> tuple[int, int]:
    """The place as tree-sitter counts: rows from 0, bytes of the row."""
    return text.count(b"\n", 0, offset), offset - text.rfind(b"\n", 0, offset) - 1
