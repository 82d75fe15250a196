"""The index against the last commit: what `git commit` is about to record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .blobs import Blobs
from .git import Git
from .git_tree import commit_tree, index_tree, known_entries
from .raw_diff import DIFF_OPTIONS, FileDiff, read_diff
from .repository import has_submodules, limits
from .screening import screened
from .working_tree import WorkingTree

if TYPE_CHECKING:
    from remedy_gate.domain.seams import Tree
    from remedy_gate.domain.source import ChangeSet


class StagedChanges:
    """A `ChangeSource`. Before the first commit everything in the index is new, and there is no base."""

    __slots__ = ("_base", "_diffs", "_git", "_head", "_is_first", "_limits")

    def __init__(
        self, root: str, paths: tuple[str, ...], suffixes: tuple[str, ...], environment: Mapping[str, str]
    ) -> None:
        self._git = Git(root, environment)
        self._limits = limits(root, paths, suffixes)
        working = WorkingTree(root)
        self._head = index_tree(self._git, Blobs(self._git, working))
        self._base = commit_tree(self._git, "HEAD", Blobs(self._git, working))
        self._diffs: tuple[FileDiff, ...] | None = None
        self._is_first = False

    def changes(self) -> ChangeSet:
        """See `ChangeSource`."""
        diffs = self._read()
        base = "nothing, as there is no commit yet" if self._is_first else "the last commit (HEAD)"
        return screened(diffs, self._limits, self._head, base)

    @property
    def head(self) -> Tree:
        """The index."""
        return self._head

    @property
    def base(self) -> Tree | None:
        """The last commit, if there is one."""
        self._read()
        return None if self._is_first else self._base

    def _read(self) -> tuple[FileDiff, ...]:
        if self._diffs is None:
            self._diffs = self._ask()
            before, after = known_entries(self._diffs, self._limits)
            self._base.expect(before, beside=after)
            self._head.expect(after)
        return self._diffs

    def _ask(self) -> tuple[FileDiff, ...]:
        patterns = self._limits.pathspecs(any_kind=has_submodules(self._git.root))
        arguments = ("diff-index", "--cached", "--ita-invisible-in-index", *DIFF_OPTIONS, "HEAD", "--", *patterns)
        status, diffs = self._git.run(arguments, read_diff)
        if status:
            self._is_first = True
            status, diffs = self._git.run(("diff", "--cached", *DIFF_OPTIONS, "--", *patterns), read_diff)
        if status:
            raise self._git.failure(arguments)
        return diffs
