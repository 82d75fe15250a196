"""How a JSON file is laid out, and where something new goes in an object or list, or goes away from it."""

from __future__ import annotations

import re

from .json_syntax import JsonArray, JsonObject, JsonValue
from .layout import Layout, Splice, layout_of, margin_of

_FIRST_INDENTED = re.compile(rb"[\[{][ \t]*\r?\n([ \t]+)[^\s]")


def json_layout(text: bytes) -> Layout:
    """The line end, and one step of indentation: that of the first line that has one."""
    indented = _FIRST_INDENTED.search(text)
    return Layout(layout_of(text).line_end, indented[1].decode() if indented else "  ")


def is_inline(container: JsonObject | JsonArray, text: bytes) -> bool:
    """Whether the parts of an object or list stand on one line; an empty one is as the file is."""
    parts = _parts(container)
    if not parts:
        return b"\n" not in text.strip()
    return b"\n" not in text[container.start : parts[0][0]]


def new_margin(container: JsonObject | JsonArray, text: bytes, layout: Layout) -> str:
    """The indentation of a new part."""
    parts = _parts(container)
    if parts and not is_inline(container, text):
        return margin_of(text, parts[0][0])
    return margin_of(text, container.start) + layout.step


def _parts(container: JsonObject | JsonArray) -> list[tuple[int, int]]:
    if isinstance(container, JsonObject):
        return [(member.start, member.value.end) for member in container.members]
    return [(item.start, item.end) for item in container.items]


def inserted(container: JsonObject | JsonArray, part: str, text: bytes, layout: Layout) -> list[Splice]:
    """Put a part behind the last one."""
    parts = _parts(container)
    inline = is_inline(container, text)
    margin = new_margin(container, text, layout)
    if parts:
        stop = parts[-1][1]
        return [Splice(stop, stop, f", {part}" if inline else f",{layout.line_end}{margin}{part}")]
    opening, closing = container.start + 1, container.end - 1
    if inline:
        return [Splice(opening, closing, part)]
    end = layout.line_end + margin_of(text, container.start)
    return [Splice(opening, closing, f"{layout.line_end}{margin}{part}{end}")]


def without(container: JsonObject | JsonArray, value: JsonValue) -> list[Splice]:
    """Take a part away, with its comma."""
    parts = _parts(container)
    index = next(i for i, part in enumerate(parts) if part[1] == value.end)
    if len(parts) == 1:
        return [Splice(container.start + 1, container.end - 1, "")]
    if index + 1 < len(parts):
        return [Splice(parts[index][0], parts[index + 1][0], "")]
    return [Splice(parts[index - 1][1], parts[index][1], "")]
