"""Unified diffs as values: to know which lines GitHub shows, and to make a patched file from a diff again."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.domain.source import LineRange
from remedy_gate.errors import PatchError

_NO_NEWLINE = "\\ No newline at end of file"


class Hunk(NamedTuple):
    r"""One `@@` of a diff. `lines` keep their sign in front and their `\n`, save at the end of a file without one.

    `old` and `new` are the lines that it covers on either side; `None` on a side where it covers none.
    """

    old: LineRange | None
    new: LineRange | None
    old_start: int
    lines: tuple[str, ...]


def hunks(diff: str) -> tuple[Hunk, ...]:
    """The hunks of one file's diff, without file headers: GitHub's `patch` of a file, or the part of a diff.

    Raises `PatchError` where the text is not such a diff.
    """
    lines = diff.split("\n")
    if lines[-1] == "":
        lines.pop()
    found: list[Hunk] = []
    position = 0
    while position < len(lines):
        old_start, old_count, new_start, new_count = _header(lines[position])
        position, body = _body(lines, position + 1, old_count, new_count)
        old, new = _range(old_start, old_count), _range(new_start, new_count)
        found.append(Hunk(old, new, old_start, body))
    return tuple(found)


def patched(before: bytes, diff: tuple[Hunk, ...]) -> bytes:
    """The file after the diff, byte for byte. Raises `PatchError` where a line is not what the diff says it is."""
    old = before.split(b"\n")
    old = [line + b"\n" for line in old[:-1]] + ([old[-1]] if old[-1] else [])
    new: list[bytes] = []
    position = 0
    for hunk in diff:
        start = hunk.old.first - 1 if hunk.old else hunk.old_start
        if start < position:
            raise PatchError("The hunks of the diff overlap.")
        new += old[position:start]
        position = start
        for line in hunk.lines:
            content = _bytes(line[1:])
            if line[0] != "+":
                if old[position : position + 1] != [content]:
                    raise PatchError(f"Line {position + 1} is not what the diff was made from.")
                position += 1
            if line[0] != "-":
                new.append(content)
    return b"".join((*new, *old[position:]))


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise PatchError("The diff has characters that no file can have.") from error


def _header(line: str) -> tuple[int, int, int, int]:
    import re

    found = re.match(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@", line, re.ASCII)
    if found is None:
        raise PatchError("The diff has a line that belongs to no hunk.")
    old_start, old_count, new_start, new_count = found.groups(default="1")
    return int(old_start), int(old_count), int(new_start), int(new_count)


def _body(lines: list[str], position: int, old_count: int, new_count: int) -> tuple[int, tuple[str, ...]]:
    body: list[str] = []
    while old_count > 0 or new_count > 0:
        line = lines[position] if position < len(lines) else ""
        sign = line[:1]
        old_count -= sign in (" ", "-")
        new_count -= sign in (" ", "+")
        if sign == "\\" and body:
            body[-1] = body[-1].removesuffix("\n")
        elif sign in (" ", "-", "+") and old_count >= 0 and new_count >= 0:
            body.append(line + "\n")
        else:
            raise PatchError("The diff has a hunk that is shorter or longer than it says.")
        position += 1
    if position < len(lines) and lines[position] == _NO_NEWLINE:
        body[-1] = body[-1].removesuffix("\n")
        position += 1
    return position, tuple(body)


def _range(start: int, count: int) -> LineRange | None:
    return LineRange(start, start + count - 1) if count else None
