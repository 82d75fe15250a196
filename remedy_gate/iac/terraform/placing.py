"""Where something new goes in a body, an object or a list, and the splices that put it there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from remedy_gate.errors import PatchError

from .document import items_of
from .layout import Layout, Splice, inner_margin, line_start, line_stop, margin_of

if TYPE_CHECKING:
    import tree_sitter

_COMMENTS = re.compile(rb"(?:[ \t]*/\*(?:[^*\n]|\*(?!/))*\*/)*(?:[ \t]*(?:#|//)[^\n]*)?")


def braces_of(block: tree_sitter.Node) -> tuple[int, int]:
    """The bytes between the braces of a block."""
    opening = next(child for child in block.children if child.type == "block_start")
    closing = next(child for child in reversed(block.children) if child.type == "block_end")
    return opening.end_byte, closing.start_byte


def is_one_line(block: tree_sitter.Node, text: bytes) -> bool:
    """Whether the braces stand on one line with nothing but one argument between them."""
    opening, closing = braces_of(block)
    items = items_of(block)
    first = items[0].start_byte if items else closing
    return text.find(b"\n", opening, first) < 0


def entry_margin(block: tree_sitter.Node, text: bytes, layout: Layout) -> str:
    """The indentation of a new entry of a block."""
    if is_one_line(block, text):
        return margin_of(text, block.start_byte) + layout.step
    return inner_margin(block, text, layout)


def new_argument(block: tree_sitter.Node, entry: str, text: bytes, layout: Layout) -> list[Splice]:
    """Put an argument behind the last one that stands before the nested blocks. `entry` has no margin."""
    if is_one_line(block, text):
        return _opened(block, entry, text, layout, blank=False)
    margin = inner_margin(block, text, layout)
    items = items_of(block)
    if not items:
        return [_at_body_end(block, margin + entry, text, layout)]
    nested = next((i for i, item in enumerate(items) if item.type == "block"), len(items))
    ahead = items[:nested] or [item for item in items if item.type == "attribute"]
    if ahead:
        stop = entry_stop(ahead[-1].end_byte, text)
        return [Splice(stop, stop, layout.line_end + margin + entry)]
    opening = line_stop(text, braces_of(block)[0])
    following = text[opening : line_stop(text, opening + len(layout.line_end))]
    blank = "" if not following.strip() else layout.line_end
    return [Splice(opening, opening, layout.line_end + margin + entry + blank)]


def new_block(
    block: tree_sitter.Node, entry: str, text: bytes, layout: Layout, after: tree_sitter.Node | None
) -> list[Splice]:
    """Put a nested block behind `after`, else behind everything in the body, with a blank line before it."""
    if is_one_line(block, text):
        return _opened(block, entry, text, layout, blank=True)
    margin = inner_margin(block, text, layout)
    items = items_of(block)
    if not items:
        return [_at_body_end(block, margin + entry, text, layout)]
    stop = entry_stop((after or items[-1]).end_byte, text)
    return [Splice(stop, stop, layout.line_end * 2 + margin + entry)]


def _opened(block: tree_sitter.Node, entry: str, text: bytes, layout: Layout, *, blank: bool) -> list[Splice]:
    """Open a block that stands on one line."""
    opening, closing = braces_of(block)
    margin = margin_of(text, block.start_byte)
    inner = margin + layout.step
    kept = text[opening:closing].strip().decode("utf-8", "surrogateescape")
    opened = layout.line_end
    if kept:
        opened += inner + kept + layout.line_end + (layout.line_end if blank else "")
    return [Splice(opening, closing, opened + inner + entry + layout.line_end + margin)]


def _at_body_end(block: tree_sitter.Node, line: str, text: bytes, layout: Layout) -> Splice:
    opening, closing = braces_of(block)
    stop = opening + len(text[opening:closing].rstrip())
    return Splice(stop, stop, layout.line_end + line)


def entry_stop(offset: int, text: bytes) -> int:
    """Where an entry that ends at `offset` ends with the comments behind it on its line."""
    found = _COMMENTS.match(text, offset)
    assert found is not None
    stop = found.end()
    return stop - 1 if text[stop - 1 : stop] == b"\r" else stop


def new_element(collection: tree_sitter.Node, entry: str, text: bytes, layout: Layout) -> list[Splice]:
    """Put a pair or an item at the end of an object or a list, in the style of those that are there."""
    kind = "object_elem" if collection.type == "object" else "expression"
    elements = [child for child in collection.children if child.type == kind]
    closing = collection.children[-1].start_byte
    if not elements:
        return _first_element(collection, entry, text, layout)
    last = elements[-1]
    comma = next(
        (child for child in collection.children if child.type == "," and child.start_byte >= last.end_byte), None
    )
    end = comma.end_byte if comma is not None else last.end_byte
    if text.find(b"\n", end, closing) < 0:
        padding = text[end:closing].decode("utf-8", "surrogateescape")
        if collection.type == "object" and text.find(b"\n", collection.start_byte, last.start_byte) >= 0:
            margin = margin_of(text, last.start_byte)
            return [Splice(end, end, layout.line_end + margin + entry)]
        return [Splice(end, closing, (" " if comma is not None else ", ") + entry + padding)]
    margin = margin_of(text, last.start_byte)
    stop = entry_stop(end, text)
    line = layout.line_end + margin + entry
    if comma is not None:
        return [Splice(stop, stop, line + ",")]
    if collection.type == "object":
        return [Splice(stop, stop, line)]
    if _ends_in_heredoc(last):
        raise PatchError("the list ends in a heredoc, behind which no comma can stand")
    if stop == end:
        return [Splice(end, end, "," + line)]
    return [Splice(end, end, ","), Splice(stop, stop, line)]


def _ends_in_heredoc(node: tree_sitter.Node) -> bool:
    while node.children:
        node = node.children[-1]
    return node.type == "heredoc_identifier"


def _first_element(collection: tree_sitter.Node, entry: str, text: bytes, layout: Layout) -> list[Splice]:
    opening, closing = collection.start_byte + 1, collection.end_byte - 1
    inner = text[opening:closing]
    if b"\n" in inner:
        margin = margin_of(text, collection.start_byte) + layout.step
        stop = opening + len(inner.rstrip())
        comma = "," if collection.type == "tuple" else ""
        return [Splice(stop, stop, layout.line_end + margin + entry + comma)]
    padded = f" {entry} " if collection.type == "object" else entry
    return [Splice(opening, closing, padded)]


def is_inline(collection: tree_sitter.Node, text: bytes) -> bool:
    """Whether new parts of an object or list go on one line, as those that are there do."""
    elements = [child for child in collection.children if child.type in {"object_elem", "expression"}]
    if text.find(b"\n", collection.start_byte, collection.end_byte) < 0:
        return True
    return (
        collection.type == "tuple"
        and bool(elements)
        and b"\n" not in text[elements[-1].start_byte : elements[-1].end_byte]
    )


def new_top_block(after: tree_sitter.Node, entry: str, text: bytes, layout: Layout) -> list[Splice]:
    """Put a block behind another at the top of a file, one blank line between, and one before what follows."""
    stop = entry_stop(after.end_byte, text)
    following = text[stop:].lstrip(b" \t\r").removeprefix(b"\n").split(b"\n", 1)[0]
    blank = layout.line_end if following.strip() else ""
    return [Splice(stop, stop, layout.line_end * 2 + entry + blank)]


def starts_line(node: tree_sitter.Node, text: bytes) -> bool:
    """Whether nothing but white space stands before a node on its line."""
    return not text[line_start(text, node.start_byte) : node.start_byte].strip()
