"""A patched file as the lines that change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from remedy_gate.domain.patch import FilePatch


class LineEdit(NamedTuple):
    """Replace lines `start` to `end` (from 0, `end` not included) by `new`. `start == end` inserts before `start`."""

    start: int
    end: int
    new: tuple[str, ...]


def lines_of(content: bytes) -> tuple[str, ...]:
    r"""The lines with their ends, cut at `\n` alone. Bytes that are not UTF-8 are surrogates (PEP 383)."""
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    last = lines.pop()
    return (*(f"{line}\n" for line in lines), *([last] if last else []))


def line_edits(file: FilePatch) -> tuple[LineEdit, ...]:
    """The edits that lead from the one content to the other, in order and apart from each other."""
    from difflib import SequenceMatcher

    before, after = lines_of(file.before), lines_of(file.after)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    middle, new = before[head : len(before) - tail], after[head : len(after) - tail]
    edits = [
        LineEdit(head + start, head + end, new[new_start:new_end])
        for tag, start, end, new_start, new_end in SequenceMatcher(None, middle, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    starts = (*(edit.start - 1 for edit in edits[1:]), len(before))  # a line stays between any two
    ends = (0, *(edit.end + 1 for edit in edits))
    return tuple(_slid(edit, before, *room) for edit, *room in zip(edits, ends, starts, strict=False))


def edited(before: tuple[str, ...], edits: Iterable[LineEdit]) -> bytes:
    """The file after the edits, byte for byte."""
    lines: list[str] = []
    position = 0
    for edit in edits:
        lines += before[position : edit.start]
        lines += edit.new
        position = edit.end
    lines += before[position:]
    return "".join(lines).encode("utf-8", "surrogateescape")


def _slid(edit: LineEdit, before: tuple[str, ...], least: int, most: int) -> LineEdit:
    """The same edit as far down as it goes: a new block then begins with its own first line, not with another's end.

    Lines that are only added, or only removed, can stand further down where the line that they would pass is the one
    that they begin with.
    """
    start, end, new = edit
    while not new and end < most and before[end] == before[start]:
        start, end = start + 1, end + 1
    while start == end < most and before[end] == new[0]:
        start, end, new = start + 1, end + 1, (*new[1:], new[0])
    if least < start == end and not new[-1].strip() and before[start - 1] == new[-1]:
        start, end, new = start - 1, end - 1, (new[-1], *new[:-1])  # a blank line is best added before the new block
    return LineEdit(start, end, new)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many lines both begin with."""
    for index, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return index
    return min(len(one), len(other))
