"""The indentation that `terraform fmt` keeps: two spaces for each line that opened more brackets than it closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .alignment import opened_by, rows_of
from .layout import Splice, line_start

if TYPE_CHECKING:
    import tree_sitter

_STEP = "  "


def indentation(block: tree_sitter.Node, text: bytes) -> list[Splice]:
    """What puts every line of a top-level item where `terraform fmt` has it; nothing where all are there."""
    open_lines: list[int] = []
    splices: list[Splice] = []
    for row in rows_of(block):
        opened = 0
        for leaf in row:
            opened += opened_by(leaf)
            if leaf.type == "heredoc_template":
                break
        if opened < 0:
            _close(open_lines, -opened)
        margin = _STEP * len(open_lines)
        start = line_start(text, row[0].start_byte)
        if text[start : row[0].start_byte] != margin.encode():
            splices.append(Splice(start, row[0].start_byte, margin))
        if opened > 0:
            open_lines.append(opened)
    return splices


def _close(open_lines: list[int], closed: int) -> None:
    while closed and open_lines:
        if closed < open_lines[-1]:
            open_lines[-1] -= closed
            return
        closed -= open_lines.pop()
