"""The lines of a patch that a reader needs, with just enough around them to know the place."""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.domain.patch import FilePatch, Patch

from .edits import LineEdit, line_edits, lines_of

AROUND = 3


def excerpt(patch: Patch) -> tuple[str, ...]:
    """The patch as lines of a diff without file headers; for several files each is announced by `@@ path`."""
    lines: list[str] = []
    for file in patch.files:
        if len(patch.files) > 1:
            lines.append(f"@@ {file.path}")
        lines += (line.removesuffix("\n") for line in _changed_lines(file))
    return tuple(lines)


def _changed_lines(file: FilePatch) -> Iterator[str]:
    before = lines_of(file.before)
    added = 0
    for edits in _near(line_edits(file)):
        first, last = max(0, edits[0].start - AROUND), min(len(before), edits[-1].end + AROUND)
        growth = sum(len(edit.new) - (edit.end - edit.start) for edit in edits)
        yield f"@@ -{_span(first, last)} +{_span(first + added, last + added + growth)} @@"
        added += growth
        for edit in edits:
            yield from (f" {line}" for line in before[first : edit.start])
            yield from (f"-{line}" for line in before[edit.start : edit.end])
            yield from (f"+{line}" for line in edit.new)
            first = edit.end
        yield from (f" {line}" for line in before[first:last])


def _near(edits: tuple[LineEdit, ...]) -> Iterator[list[LineEdit]]:
    """The edits in groups whose surroundings touch."""
    group: list[LineEdit] = []
    for edit in edits:
        if group and edit.start - group[-1].end > 2 * AROUND:
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _span(first: int, last: int) -> str:
    length = last - first
    start = first + 1 if length else first
    return str(start) if length == 1 else f"{start},{length}"
