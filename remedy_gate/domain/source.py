"""What the code is made of: line ranges, changes, and the resources that stand in it."""

from __future__ import annotations

from typing import NamedTuple


class LineRange(NamedTuple):
    """Lines of a file, 1-based, both ends included."""

    first: int
    last: int

    def overlaps(self, other: LineRange) -> bool:
        """Whether the two ranges share a line."""
        return self.first <= other.last and other.first <= self.last


ALL_LINES = LineRange(1, 1 << 31)


class Change(NamedTuple):
    """A file that differs between base and head, and the lines of the head that do.

    Lines that were only removed count as a change of the line before them (line 1 at the top of the file).
    """

    path: str
    ranges: tuple[LineRange, ...]
    previous_path: str | None = None

    def touches(self, lines: LineRange) -> bool:
        """Whether the change lies, wholly or in part, in `lines`."""
        return any(changed.overlaps(lines) for changed in self.ranges)


class Problem(NamedTuple):
    """Something that could not be used, and why. `where` is a path, a source or a step."""

    where: str
    message: str


class ChangeSet(NamedTuple):
    """What changed. `skipped` are files that were not read, each with its reason; `base` says in words what with."""

    base: str
    changes: tuple[Change, ...]
    deleted: tuple[str, ...] = ()
    skipped: tuple[Problem, ...] = ()


class Resource(NamedTuple):
    """A block of infrastructure code: its symbolic address and exactly where it stands."""

    address: str
    type: str
    path: str
    lines: LineRange
