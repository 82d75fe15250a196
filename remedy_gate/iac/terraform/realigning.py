"""An edit's splices made, and the columns around them put right where they were right before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .alignment import clean_lines, realigned
from .document import Document, top_items
from .indentation import indentation
from .layout import Splice, line_start, spliced

if TYPE_CHECKING:
    import tree_sitter

    from .document import Declared


def realigned_document(
    document: Document, declared: Declared, splices: list[Splice], read_file: Callable[[str, bytes], Document]
) -> Document:
    """The file after the edit. With an error in it, it is as the splices made it."""
    edit = _Extent(document.text, splices)
    changed = read_file(document.path, spliced(document.text, splices))
    if changed.tree is None or document.tree is None or declared.node is None:
        return changed
    top = next(item for item in top_items(document.tree) if item.start_byte <= declared.node.start_byte < item.end_byte)
    was = clean_lines(top, document.text)
    old_start: Callable[[int], int | None] = edit.old_start
    if not indentation(top, document.text):
        moved = [splice for item in edit.touched(changed) for splice in indentation(item, changed.text)]
        if moved:
            changed = read_file(document.path, spliced(changed.text, moved))
            edit.grown += sum(len(splice.text) - (splice.end - splice.start) for splice in moved)
            if not was.whole:
                return changed
            old_start = _new
    moved = [splice for item in edit.touched(changed) for splice in realigned(item, changed.text, was, old_start)]
    return read_file(document.path, spliced(changed.text, moved)) if moved else changed


class _Extent:
    """From where to where an edit goes in the old text, and by how much the text has grown."""

    __slots__ = ("first", "grown", "last", "line")

    def __init__(self, text: bytes, splices: list[Splice]) -> None:
        self.first = min(splice.start for splice in splices)
        self.last = max(splice.end for splice in splices)
        self.grown = sum(len(splice.text.encode("utf-8", "surrogateescape")) for splice in splices) - sum(
            splice.end - splice.start for splice in splices
        )
        self.line = line_start(text, self.first)

    def touched(self, changed: Document) -> Iterator[tree_sitter.Node]:
        """The top-level items of the new text that the edit reaches into."""
        assert changed.tree is not None
        for item in top_items(changed.tree):
            if item.end_byte >= self.first and item.start_byte <= self.last + self.grown:
                yield item

    def old_start(self, start: int) -> int | None:
        """A line that starts before the edit is where it was; one behind it has moved; one in between is new."""
        if start >= self.line and start - self.grown >= self.last:
            return start - self.grown
        return start if start <= self.line else None


def _new(_start: int) -> None:
    """Every line counts as new, so every line is aligned."""
