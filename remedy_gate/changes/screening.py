"""Which of the files that git names are code to look at, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from remedy_gate.domain.source import ALL_LINES, Change, ChangeSet, LineRange, Problem

from .git_tree import why_not_read
from .raw_diff import SUBMODULE, FileDiff
from .repository import Limits


class Looking(Protocol):
    """A tree that says why it has no contents."""

    def look(self, path: str) -> bytes | str:
        """The contents of a file or, as a text, why there are none."""


class Screening:
    """Collects a `ChangeSet` file by file. Contents are looked at, as only they tell whether a file is text."""

    __slots__ = ("_changes", "_deleted", "_head", "_limits", "_skipped")

    def __init__(self, limits: Limits, head: Looking) -> None:
        self._limits = limits
        self._head = head
        self._changes: list[Change] = []
        self._deleted: list[str] = []
        self._skipped: list[Problem] = []

    def add(self, diff: FileDiff) -> None:
        """Take in what git says of one file."""
        latest = diff.new if diff.new.mode else diff.old
        if latest.mode == SUBMODULE:
            if self._limits.cover(diff.path):
                self.skip(diff.path, why_not_read(latest) or "")
            return
        previous = diff.previous_path if diff.status == "R" else None
        gone = diff.path if diff.status == "D" else previous
        comes_from_code = gone is not None and self._limits.hold(gone) and not why_not_read(diff.old)
        if self._limits.hold(diff.path) and diff.status != "D":
            self._add_present(diff, previous if comes_from_code else None)
        elif comes_from_code and gone is not None and self._limits.vendored(gone) is None:
            self._deleted.append(gone)

    def _add_present(self, diff: FileDiff, previous: str | None) -> None:
        if diff.status == "U":
            self.skip(diff.path, "its merge conflict is not resolved")
            return
        ranges = diff.ranges if previous or diff.status in "MT" else (ALL_LINES,)
        if ranges or previous:
            self.add_file(diff.path, ranges, previous)

    def add_file(self, path: str, ranges: tuple[LineRange, ...], previous: str | None = None) -> None:
        """Take in a file of the head that changed in these lines."""
        folder = self._limits.vendored(path)
        found = f"it lies in {folder}, which holds copies of other code" if folder else self._head.look(path)
        reason = found if isinstance(found, str) else why_not_text(found)
        if reason is None:
            self._changes.append(Change(path, ranges, previous))
        else:
            self.skip(path, reason)

    def skip(self, path: str, reason: str) -> None:
        """Name a file that is not looked at, and why."""
        self._skipped.append(Problem(path, reason))

    def result(self, base: str) -> ChangeSet:
        """Everything taken in, in the order of the paths. `base` says in words what it was compared with."""
        return ChangeSet(
            base,
            tuple(sorted(self._changes, key=_path)),
            tuple(sorted(self._deleted)),
            tuple(sorted(self._skipped)),
        )


def screened(diffs: Iterable[FileDiff], limits: Limits, head: Looking, base: str) -> ChangeSet:
    """The `ChangeSet` that a diff of git comes to."""
    screening = Screening(limits, head)
    for diff in diffs:
        screening.add(diff)
    return screening.result(base)


def why_not_text(contents: bytes) -> str | None:
    """Why contents cannot be code; None where they can. Both languages are written in UTF-8, without NUL."""
    try:
        contents.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"it is not UTF-8 (byte {error.start + 1})"
    return "it is binary" if b"\0" in contents else None


def _path(change: Change) -> str:
    return change.path
