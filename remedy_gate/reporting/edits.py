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
    return tuple(
        LineEdit(head + start, head + end, new[new_start:new_end])
        for tag, start, end, new_start, new_end in SequenceMatcher(None, middle, new, autojunk=False).get_opcodes()
        if tag != "equal"
    )


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


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many lines both begin with."""
    for index, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return index
    return min(len(one), len(other))
