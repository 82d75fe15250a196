"""How a file is laid out: line ends, indentation. Edits follow what is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import tree_sitter

_FIRST_INDENTED = re.compile(rb"\{[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*\r?\n)*([ \t]+)[^\s]")


class Splice(NamedTuple):
    """Bytes `start` to `end` of a text, and what stands there instead."""

    start: int
    end: int
    text: str


class Layout(NamedTuple):
    """The line end, and one step of indentation."""

    line_end: str
    step: str


def layout_of(text: bytes) -> Layout:
    """The layout of a file. Where nothing is indented yet, Terraform's own two spaces."""
    first = text.find(b"\n")
    line_end = "\r\n" if first > 0 and text[first - 1] == ord("\r") else "\n"
    indented = _FIRST_INDENTED.search(text)
    step = indented[1].decode() if indented else "  "
    return Layout(line_end, step if set(step) in ({" "}, {"\t"}) and len(step) <= 8 else "  ")  # noqa: PLR2004


def margin_of(text: bytes, offset: int) -> str:
    """The white space that the line of `offset` starts with."""
    start = text.rfind(b"\n", 0, offset) + 1
    line = text[start:offset]
    if start == 0:
        line = line.removeprefix(b"\xef\xbb\xbf")
    return line[: len(line) - len(line.lstrip(b" \t"))].decode()


def line_start(text: bytes, offset: int) -> int:
    """Where the line of `offset` starts, a byte order mark not counted."""
    start = text.rfind(b"\n", 0, offset) + 1
    return 3 if start == 0 and text.startswith(b"\xef\xbb\xbf") else start


def line_stop(text: bytes, offset: int) -> int:
    """Where the line of `offset` ends, before its line end."""
    stop = text.find(b"\n", offset)
    if stop < 0:
        return len(text)
    return stop - 1 if stop > offset and text[stop - 1] == ord("\r") else stop


def inner_margin(block: tree_sitter.Node, text: bytes, layout: Layout) -> str:
    """The indentation of what stands in a block: that of its first item, else one step more than the block's own."""
    for child in block.children:
        if child.type == "body":
            first = child.start_byte
            if text.rfind(b"\n", block.start_byte, first) >= 0:
                return margin_of(text, first)
    return margin_of(text, block.start_byte) + layout.step


def spliced(text: bytes, splices: list[Splice]) -> bytes:
    """The text with every splice made. They must not overlap, save those that only take away."""
    result = text
    behind = len(text)
    for splice in sorted(splices, reverse=True):
        end = splice.end if splice.text else min(splice.end, behind)
        result = result[: splice.start] + splice.text.encode("utf-8", "surrogateescape") + result[end:]
        behind = splice.start
    return result
