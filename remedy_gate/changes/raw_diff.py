"""Reads what `git diff --raw -p -U0 -z` prints: one record a file, then the hunks of each file in the same order.

Names are taken from the records, where git leaves every byte as it is; the patch gives line numbers only. A line of a
patch without context begins with `+`, `-` or a backslash where it is content, so that no content passes for a heading.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from remedy_gate.domain.source import ALL_LINES, LineRange

REGULAR = (0o100644, 0o100755, 0o100664)
SYMLINK = 0o120000
SUBMODULE = 0o160000

DIFF_OPTIONS = (
    *("--raw", "-p", "-U0", "-z", "-M", "--no-abbrev", "--inter-hunk-context=0", "--no-color"),
    *("--no-ext-diff", "--no-textconv", "--submodule=short", "--ignore-submodules=dirty"),
)
"""What `git diff-index` and `git diff` are asked for, whatever is configured."""

_KIND = 0o170000
_CHUNK = 1 << 16


class Entry(NamedTuple):
    """What git keeps of a file: its mode (0: no such file) and the id of its contents (zeros where not in git)."""

    mode: int
    blob: str


class FileDiff(NamedTuple):
    """One changed file. `status` is git's letter; `ranges` as in `Change`, all lines where git sees no text."""

    status: str
    path: str
    previous_path: str | None
    old: Entry
    new: Entry
    ranges: tuple[LineRange, ...]


def read_diff(stream: BinaryIO) -> tuple[FileDiff, ...]:
    """The changed files, in git's order."""
    header, rest = _split(stream)
    records = tuple(_records(header))
    sections = tuple(_sections(_lines(rest, stream)))
    if len(sections) != sum(map(_section_count, records)):
        return tuple(record._replace(ranges=(ALL_LINES,)) for record in records)
    following = iter(sections)
    return tuple(_with_ranges(record, following) for record in records)


def _with_ranges(record: FileDiff, sections: Iterator[tuple[LineRange, ...]]) -> FileDiff:
    own = [next(sections) for _ in range(_section_count(record))]
    if len(own) == 1 and record.old.mode:
        return record._replace(ranges=own[0])
    return record


def _section_count(record: FileDiff) -> int:
    """How many parts of the patch speak of a file: none if it is unmerged, two if it was a link and is a file now."""
    if record.status == "U":
        return 0
    both = record.old.mode and record.new.mode
    return 2 if both and (record.old.mode ^ record.new.mode) & _KIND else 1


def _split(stream: BinaryIO) -> tuple[bytes, bytes]:
    """The records, and what was read beyond them: an empty field ends them."""
    read = b""
    while b"\0\0" not in read:
        chunk = stream.read(_CHUNK)
        if not chunk:
            return read, b""
        read += chunk
    header, _, rest = read.partition(b"\0\0")
    return header, rest


def _records(header: bytes) -> Iterator[FileDiff]:
    fields = iter(header.rstrip(b"\0").split(b"\0"))
    for field in fields:
        if not field:
            continue
        old_mode, new_mode, old_blob, new_blob, status = field.decode("ascii").lstrip(":").split(" ")
        path = file_name(next(fields))
        previous = None
        if status[0] in "RC":
            previous, path = path, file_name(next(fields))
        old, new = Entry(int(old_mode, 8), old_blob), Entry(int(new_mode, 8), new_blob)
        yield FileDiff(status[0], path, previous, old, new, (ALL_LINES,))


def file_name(name: bytes) -> str:
    """A name as git gives it, with surrogates for the bytes that are not UTF-8 (PEP 383)."""
    return name.decode("utf-8", "surrogateescape")


def _lines(begun: bytes, stream: BinaryIO) -> Iterator[bytes]:
    whole, newline, last = begun.rpartition(b"\n")
    if newline:
        yield from whole.split(b"\n")
    yield last + stream.readline()
    yield from stream


def _sections(lines: Iterator[bytes]) -> Iterator[tuple[LineRange, ...]]:
    ranges: list[LineRange] | None = None
    for line in lines:
        if line.startswith(b"@@ ") and ranges is not None:
            ranges.append(hunk_lines(line))
        elif line.startswith(b"diff --git "):
            if ranges is not None:
                yield tuple(ranges)
            ranges = []
        elif line.startswith(b"Binary files ") and ranges is not None:
            ranges.append(ALL_LINES)
    if ranges is not None:
        yield tuple(ranges)


def hunk_lines(heading: bytes) -> LineRange:
    """The lines of the head in `@@ -A,B +C,D @@`. No lines (D is 0): the line before, C, or line 1 at the top."""
    start, _, count = heading.split(b" ", 3)[2][1:].partition(b",")
    first = int(start)
    if count == b"0":
        return LineRange(max(first, 1), max(first, 1))
    return LineRange(first, first + int(count or 1) - 1)
