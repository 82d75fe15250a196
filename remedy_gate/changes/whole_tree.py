"""Every file below a folder, as if all of it had changed. Needs no git."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from remedy_gate.domain.source import ALL_LINES, ChangeSet

from .repository import VENDORED, limits
from .screening import Screening
from .working_tree import SYMBOLIC_LINK, WorkingTree

if TYPE_CHECKING:
    from remedy_gate.domain.seams import Tree


class WholeTree:
    """A `ChangeSource`. Folders with copies of other people's code are passed over, unless a PATH names one."""

    __slots__ = ("_head", "_limits")

    def __init__(self, root: str, paths: tuple[str, ...], suffixes: tuple[str, ...]) -> None:
        self._head = WorkingTree(root)
        self._limits = limits(root, paths, suffixes)

    def changes(self) -> ChangeSet:
        """See `ChangeSource`."""
        screening = Screening(self._limits, self._head)
        for path in sorted(self._limits.files | frozenset(self._walk(screening))):
            screening.add_file(path, (ALL_LINES,))
        return screening.result("nothing: every file is taken as changed")

    @property
    def head(self) -> Tree:
        """The files as they lie there."""
        return self._head

    @property
    def base(self) -> Tree | None:
        """None: there is nothing to compare with."""
        return None

    def _walk(self, screening: Screening) -> Iterator[str]:
        waiting = list(self._limits.folders) if self._limits.folders or self._limits.files else [""]
        while waiting:
            for path, entry in self._head.entries(waiting.pop()):
                if entry.is_dir(follow_symlinks=False):
                    if path.rpartition("/")[2] not in VENDORED:
                        waiting.append(path)
                elif entry.is_symlink() and entry.is_dir():
                    screening.skip(path, SYMBOLIC_LINK)
                elif self._limits.hold(path):
                    yield path
