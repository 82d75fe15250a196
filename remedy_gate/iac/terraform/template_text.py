"""The literal pieces of a text: what strip markers take from them, and the indentation that `<<-` does.

Both work on the pieces in a row, and a piece ends with its line: a strip marker reaches no further than that, and a
piece behind a line end that was stripped is no start of a line any more. That is how hclsyntax does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Cell:
    """A literal piece, one line at most in a heredoc."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Mark(NamedTuple):
    """An interpolation or a directive, and whether it strips the white space to its left and right."""

    left: bool = False
    right: bool = False


def settle(flat: Sequence[Cell | Mark], *, flush: bool) -> None:
    """Take from the pieces what the marks strip, and with `flush` the indentation that all lines share."""
    for index, one in enumerate(flat):
        if isinstance(one, Cell):
            continue
        before = flat[index - 1] if index else None
        after = flat[index + 1] if index + 1 < len(flat) else None
        if one.left and isinstance(before, Cell):
            before.text = before.text.rstrip()
        if one.right and isinstance(after, Cell):
            after.text = after.text.lstrip()
    if flush:
        _flush(flat)


def _flush(flat: Sequence[Cell | Mark]) -> None:
    least: int | None = None
    starts: list[Cell] = []
    at_start = True
    for one in flat:
        if at_start:
            at_start = False
            spaces = 0
            if isinstance(one, Cell):
                trimmed = one.text.lstrip()
                blank = not trimmed and one.text.endswith("\n")
                spaces = -1 if blank else len(one.text) - len(trimmed)
                if not blank:
                    starts.append(one)
            if spaces >= 0:
                least = spaces if least is None else min(least, spaces)
        if isinstance(one, Cell) and one.text.endswith("\n"):
            at_start = True
    for cell in starts:
        cell.text = cell.text[least or 0 :]
