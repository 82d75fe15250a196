"""Edits where collections are written in brackets: JSON, and YAML's flow style."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from remedy_gate.iac.operations import Data

from .nodes import Place, Tree, entries, items
from .rendering import Writer
from .splicing import Splice

if TYPE_CHECKING:
    from .locating import Link
    from .node import Node

_GAP = r"(?:[ \t\r\n]|#[^\n]*\n)*"
_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_COMMA = re.compile(rf"{_GAP},")


def insert(tree: Tree, group: Place, name: str | None, data: Data, writer: Writer) -> tuple[Splice, ...]:
    """A key, or without a name an item, put in at the end of brackets that are not empty."""
    start, end = _spans(tree, group)[-1]
    indent = _own_line(tree, start)
    last = group.node.value[-1]
    flat = _is_flat(tree, last[1] if name is not None else last)
    text = _member(name, data, writer, None if flat else indent)
    comma = _COMMA.match(tree.text, end)
    newline = _newline(tree, start, writer)
    lead = writer.habits.comma[1:] if indent is None else newline + indent
    if comma:
        # YAML allows a comma behind the last one; then the new one gets one, too.
        return (Splice(comma.end(), comma.end(), f"{lead}{text},"),)
    return (Splice(end, end, f",{lead}{text}"),)


def insert_after(tree: Tree, group: Place, index: int, name: str, data: Data, writer: Writer) -> tuple[Splice, ...]:
    """A key put in behind the one at `index`, as far from it as the others stand from each other."""
    spans = _spans(tree, group)
    start, end = spans[index]
    indent = _own_line(tree, start)
    text = _member(name, data, writer, indent)
    lead = _between(tree, spans) or (
        writer.habits.comma[1:] if indent is None else _newline(tree, start, writer) + indent
    )
    return (Splice(end, end, f",{lead}{text}"),)


def replace(tree: Tree, link: Link, data: Data, writer: Writer) -> tuple[Splice, ...]:
    """Another value for a key or an item."""
    start, end = link.value.start, link.value.end
    indent = _own_line(tree, link.key.start if link.key else start)
    text = writer.inline(data) if indent is None else writer.spread(data, indent)
    if start == end and not tree.text[start - 1].isspace():
        text = " " + text
    return (Splice(start, end, text),)


def remove(tree: Tree, group: Place, index: int) -> tuple[Splice, ...]:
    """A key or an item that is not the only one taken out with one of the commas beside it."""
    spans = _spans(tree, group)
    start, end = spans[index]
    comment = None if tree.json else _COMMENT.match(tree.text, end)
    if comment and index + 1 == len(spans):
        end = comment.end()
    if index + 1 < len(spans):
        return (Splice(start, spans[index + 1][0], ""),)
    previous = spans[index - 1][1]
    between = tree.text[previous:start]
    comma = _COMMA.match(tree.text, previous)
    if "#" in between and comma:
        # A comment behind the one before stays.
        at = comma.end() - 1
        blank = len(between) - len(between.rstrip())
        return Splice(at, at + 1, ""), Splice(start - blank, end, "")
    return (Splice(previous, end, ""),)


def _is_flat(tree: Tree, node: Node) -> bool:
    """Whether a collection with something in it is written on one line: what is put beside it is so, too."""
    span = tree.text[node.start_mark.index : node.end_mark.index]
    return node.id != "scalar" and bool(node.value) and "\n" not in span and node.start_mark.index > 0


def _member(name: str | None, data: Data, writer: Writer, indent: str | None) -> str:
    value = writer.inline(data) if indent is None else writer.spread(data, indent)
    return value if name is None else writer.key(name, flow=True) + writer.habits.colon + value


def _spans(tree: Tree, group: Place) -> list[tuple[int, int]]:
    if group.node.id == "mapping":
        return [(entry.key.start, max(entry.key.end, entry.value.end)) for entry in entries(tree, group.node)]
    return [(item.start, item.end) for item in items(tree, group.node)]


def _own_line(tree: Tree, start: int) -> str | None:
    """The white space before what begins a line; None where something else stands before it."""
    before = tree.text[tree.source.line_start(start) : start]
    return None if before.strip() or tree.source.line_start(start) == 0 else before


def _newline(tree: Tree, start: int, writer: Writer) -> str:
    line = tree.source.line_start(start)
    return "\r\n" if tree.text[max(line - 2, 0) : line] == "\r\n" else "\n" if line else writer.habits.newline


def _between(tree: Tree, spans: list[tuple[int, int]]) -> str:
    """The white space between a comma and the next member, where they all have the same."""
    gaps = {tree.text[one[1] : other[0]] for one, other in itertools.pairwise(spans)}
    gap = gaps.pop() if len(gaps) == 1 else ""
    return gap[1:] if gap.startswith(",") and not gap[1:].strip() else ""
