"""Taking an entry out: with the comments that belong to it, and without leaving two blank lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layout import Splice, line_start
from .placing import braces_of, entry_stop, is_one_line, starts_line

if TYPE_CHECKING:
    import tree_sitter


def without_entry(block: tree_sitter.Node, item: tree_sitter.Node, text: bytes) -> list[Splice]:
    """Take an argument or nested block out of a body."""
    if is_one_line(block, text):
        return [Splice(*braces_of(block), "")]
    return [Splice(*_without_blanks(*_whole_lines(item, entry_stop(item.end_byte, text), text), text), "")]


def without_element(collection: tree_sitter.Node, element: tree_sitter.Node, text: bytes) -> list[Splice]:
    """Take a pair out of an object or an item out of a list, with its comma."""
    siblings = [child for child in collection.children if child.type == element.type]
    comma = _comma_behind(element)
    end = comma.end_byte if comma is not None else element.end_byte
    stop = entry_stop(end, text)
    if starts_line(element, text) and _ends_line(stop, text):
        start, stop = _whole_lines(element, stop, text)
        return [Splice(*_without_blanks(start, stop, text), "")]
    position = siblings.index(element)
    if position + 1 < len(siblings):
        return [Splice(element.start_byte, siblings[position + 1].start_byte, "")]
    if position:
        return [Splice(siblings[position - 1].end_byte, end, "")]
    return [Splice(collection.start_byte + 1, collection.end_byte - 1, "")]


def _comma_behind(element: tree_sitter.Node) -> tree_sitter.Node | None:
    following = element.next_sibling
    while following is not None and following.type == "comment":
        following = following.next_sibling
    return following if following is not None and following.type == "," else None


def _ends_line(offset: int, text: bytes) -> bool:
    stop = text.find(b"\n", offset)
    return not text[offset : stop if stop >= 0 else len(text)].strip()


def _whole_lines(item: tree_sitter.Node, stop: int, text: bytes) -> tuple[int, int]:
    """From the first of the comment lines right above, to the end of the line, its line end included."""
    start = line_start(text, item.start_byte)
    while start:
        above = line_start(text, start - 1)
        line = text[above:start].strip()
        if above == start or not (line.startswith((b"#", b"//")) or (line.startswith(b"/*") and line.endswith(b"*/"))):
            break
        start = above
    newline = text.find(b"\n", stop)
    return start, len(text) if newline < 0 else newline + 1


def _without_blanks(start: int, stop: int, text: bytes) -> tuple[int, int]:
    """Widen the range where blank lines would meet each other or a brace."""
    before = text[:start].rstrip(b" \t\r\n")
    after = text[stop:].lstrip(b" \t\r\n")
    blank_before = text.count(b"\n", len(before), start) > 1
    gap_after = text[stop : len(text) - len(after)]
    blank_after = b"\n" in gap_after
    opens = before[-1:] in {b"{", b"["} or not before
    closes = after[:1] in {b"}", b"]"}
    if blank_after and (blank_before or opens or closes):
        return start, stop + gap_after.rindex(b"\n") + 1
    if blank_before and closes:
        return text.index(b"\n", len(before)) + 1, stop
    return start, stop
