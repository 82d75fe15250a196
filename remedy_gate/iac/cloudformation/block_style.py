"""Edits where collections are written by indentation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from remedy_gate.iac.operations import Data

from .nodes import Entry, Place, Tree, entries, items
from .rendering import Writer
from .splicing import Splice

if TYPE_CHECKING:
    from .locating import Link

_COLON = re.compile(r"\s*:")
_REST = re.compile(r"[^\n]*\n(?:[ \t]*\r?\n)*[ \t]*")
_TO_DASH = re.compile(r"(?:[&!]\S+\s+)*(?:[ \t\r\n]|#[^\n]*\n)*(?=-)")


def line_break(tree: Tree, index: int, otherwise: str) -> str:
    """The line break that the line of `index` ends with."""
    at = tree.source.line_end(index)
    if tree.text.startswith("\r\n", at):
        return "\r\n"
    return "\n" if tree.text.startswith("\n", at) else otherwise


def below(tree: Tree, index: int, lines: list[str], writer: Writer) -> Splice:
    """The lines put in under the line of `index`."""
    newline = line_break(tree, index, writer.habits.newline)
    at = tree.source.line_end(index)
    return Splice(at, at, "".join(newline + line for line in lines))


def insert_entry(tree: Tree, mapping: Place, name: str, data: Data, writer: Writer) -> tuple[Splice, ...] | str:
    """A key put in at the end of a mapping that is not empty; a text says why not."""
    *_, last = entries(tree, mapping.node)
    first_key = mapping.node.value[0][0].start_mark.index
    column = tree.source.column(first_key)
    before = tree.text[first_key - column : first_key]
    if before.strip(" -"):
        return "the mapping does not begin on a line of its own"
    return (below(tree, last.value.end, writer.entry(name, data, column), writer),)


def insert_item(tree: Tree, sequence: Place, data: Data, writer: Writer) -> tuple[Splice, ...] | str:
    """An item put in at the end of a list that is not empty; a text says why not."""
    found = _TO_DASH.match(tree.text, sequence.node.start_mark.index)
    if found is None:
        return "the list's dashes could not be found"
    *_, last = items(tree, sequence.node)
    dash = found.end()
    first = next(items(tree, sequence.node))
    between = tree.text[dash + 1 : first.start]
    gap = len(between) if between and not between.strip(" ") else 1
    lines = writer.item(data, tree.source.column(dash), gap)
    return (below(tree, last.end, lines, writer),)


def replace(tree: Tree, link: Link, data: Data, writer: Writer) -> tuple[Splice, ...]:
    """Another value for a key or an item."""
    value = link.value
    opening = _opening(tree, link)
    on_line = tree.source.line_start(value.start) == tree.source.line_start(opening - 1)
    if link.key is None:
        return _replace_item(tree, value, data, writer)
    column = tree.source.column(link.key.start)
    first, lines = writer.value(data, column)
    if on_line:
        start = opening if lines else value.start
        text = first if lines or value.start == opening else first.lstrip(" ")
        head = Splice(start, value.end, text)
        return (head, below(tree, value.end, lines, writer)) if lines else (head,)
    if not lines:
        rest = tree.source.line_end(opening - 1)
        return Splice(opening, opening, first), Splice(rest, value.end, "")
    return _replace_block(tree, link, data, writer)


def _replace_block(tree: Tree, link: Link, data: Data, writer: Writer) -> tuple[Splice, ...]:
    """One block collection for another, at the same column where it is of the same kind."""
    value, opening = link.value, _opening(tree, link)
    assert link.key, "only a key's value begins on another line"
    first, lines = writer.value(data, tree.source.column(link.key.start))
    start = tree.source.line_start(value.start)
    newline = line_break(tree, opening - 1, writer.habits.newline)
    body = newline.join(lines)
    return Splice(opening, opening, first), Splice(start, value.end, body)


def _replace_item(tree: Tree, value: Place, data: Data, writer: Writer) -> tuple[Splice, ...]:
    column = max(tree.source.column(value.start) - 2, 0)
    newline = line_break(tree, value.start, writer.habits.newline)
    lines = writer.item(data, column)
    text = lines[0].lstrip(" ").removeprefix("-").lstrip(" ")
    if value.start == value.end:
        text = " " + text
    return (Splice(value.start, value.end, newline.join([text, *lines[1:]])),)


def _opening(tree: Tree, link: Link) -> int:
    """Right behind the colon of the value's key."""
    if link.key is None:
        return link.value.start
    found = _COLON.match(tree.text, link.key.end)
    return found.end() if found else link.key.end


def remove_entry(tree: Tree, entry: Entry, following: Entry | None) -> tuple[Splice, ...] | str:
    """A key and its value taken out, with the comment lines right above it; a text says why not."""
    start, end = entry.key.start, entry.value.end
    before = tree.text[tree.source.line_start(start) : start].strip(" ")
    if not before:
        return _remove_lines(tree, start, end)
    if before.strip("- ") or following is None:
        return "the key does not begin on a line of its own"
    # The first key behind a dash: what follows, a comment or the next key, takes its place.
    rest = _REST.match(tree.text, end)
    return (Splice(start, rest.end() if rest else following.key.start, ""),)


def remove_item(tree: Tree, sequence: Place, index: int) -> tuple[Splice, ...] | str:
    """An item taken out, with the comment lines right above it; a text says why not."""
    placed = list(items(tree, sequence.node))
    item = placed[index]
    start = tree.source.line_start(item.start)
    before = tree.text[start : item.start]
    if before.strip(" ") != "-":
        return "the item does not begin on the line of its dash, or not on a line of its own"
    return _remove_lines(tree, start + before.index("-"), item.end)


def _remove_lines(tree: Tree, start: int, end: int) -> tuple[Splice, ...]:
    source, text = tree.source, tree.text
    line = source.line_start(start)
    top = _comments_above(tree, line, text[line:start])
    last = source.line_end(end)
    after = text.find("\n", last)
    if after >= 0:
        return (Splice(top, after + 1, ""),)
    # The last line of a file without a final line break: the line before it takes its place.
    head = len(text[:top].removesuffix("\n").removesuffix("\r"))
    return (Splice(head, len(text), ""),)


def _comments_above(tree: Tree, line: int, indent: str) -> int:
    """Where the comment lines begin that stand right above `line` at the same column."""
    while line > 0:
        above = tree.source.line_start(line - 1)
        if not tree.text.startswith(indent + "#", above):
            break
        line = above
    return line
