"""An edit's splices made, and the columns around them put right where they were right before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .alignment import clean_lines, realigned
from .document import Document, top_items
from .layout import Splice, line_start, spliced

if TYPE_CHECKING:
    import tree_sitter

    from .document import Declared


def aligned_text(
    document: Document,
    declared: Declared,
    splices: list[Splice],
    read_file: Callable[[str, bytes], Document],
) -> bytes:
    """The new text of the file."""
    text = spliced(document.text, splices)
    changed = read_file(document.path, text)
    if changed.tree is None or document.tree is None or declared.node is None:
        return text
    was = clean_lines(_top(document, declared.node.start_byte), document.text)
    first = min(splice.start for splice in splices)
    last = max(splice.end for splice in splices)
    grown = len(text) - len(document.text)

    def old_start(start: int) -> int | None:
        """A line that starts before the edit is where it was; one behind it has moved; one in between is new."""
        edited_line = line_start(document.text, first)
        if start >= edited_line and start - grown >= last:
            return start - grown
        return start if start <= edited_line else None

    moved: list[Splice] = []
    for item in top_items(changed.tree):
        if item.end_byte >= first and item.start_byte <= last + grown:
            moved.extend(realigned(item, text, was, old_start))
    return spliced(text, moved) if moved else text


def _top(document: Document, offset: int) -> tree_sitter.Node:
    """The top-level item in which a byte lies: the `locals` block of a local."""
    assert document.tree is not None
    return next(item for item in top_items(document.tree) if item.start_byte <= offset < item.end_byte)
