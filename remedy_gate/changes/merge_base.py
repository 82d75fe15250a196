"""A branch or commit against the working tree, from where the two parted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from remedy_gate.domain.source import ALL_LINES
from remedy_gate.errors import ChangesError, UsageError

from .blobs import Blobs
from .git import Git
from .git_tree import GitTree, commit_tree, known_entries
from .raw_diff import DIFF_OPTIONS, REGULAR, Entry, FileDiff, file_name, read_diff
from .repository import has_submodules, limits
from .screening import screened
from .working_tree import WorkingTree

if TYPE_CHECKING:
    from remedy_gate.domain.seams import Tree
    from remedy_gate.domain.source import ChangeSet

_SHORT = 10


class BaseChanges:
    """A `ChangeSource`. Files that git does not know and does not ignore are wholly changed."""

    def __init__(
        self, root: str, ref: str, paths: tuple[str, ...], suffixes: tuple[str, ...], environment: Mapping[str, str]
    ) -> None:
        if not ref or ref.startswith("-"):
            raise UsageError(f"{ref!r} is not the name of a branch or a commit.")
        self._ref = ref
        self._git = Git(root, environment)
        self._limits = limits(root, paths, suffixes)
        self._head = WorkingTree(root)

    def changes(self) -> ChangeSet:
        """See `ChangeSource`."""
        base = f"{self._commit[:_SHORT]}, where HEAD left {_shown(self._ref)}"
        return screened((*self._diffs, *self._untracked()), self._limits, self._head, base)

    @property
    def head(self) -> Tree:
        """The working tree."""
        return self._head

    @property
    def base(self) -> Tree | None:
        """The merge base."""
        return self._base

    @cached_property
    def _base(self) -> GitTree:
        tree = commit_tree(self._git, self._commit, Blobs(self._git, self._head))
        before, after = known_entries(self._diffs, self._limits)
        tree.expect(before, beside=after)
        return tree

    @cached_property
    def _commit(self) -> str:
        return merge_base(self._git, self._ref)

    @cached_property
    def _patterns(self) -> tuple[str, ...]:
        return self._limits.pathspecs(any_kind=has_submodules(self._git.root))

    @cached_property
    def _diffs(self) -> tuple[FileDiff, ...]:
        arguments = ("diff", *DIFF_OPTIONS, self._commit, "--", *self._patterns)
        status, diffs = self._git.run(arguments, read_diff)
        if status:
            raise self._git.failure(arguments)
        return diffs

    def _untracked(self) -> tuple[FileDiff, ...]:
        output = self._git.output(
            ("ls-files", "--others", "--exclude-standard", "-z", "--full-name", "--", *self._patterns)
        )
        return tuple(_new(file_name(name)) for name in output.split(b"\0")[:-1])


def _new(path: str) -> FileDiff:
    return FileDiff("A", path, None, Entry(0, ""), Entry(REGULAR[0], ""), (ALL_LINES,))


def merge_base(git: Git, ref: str) -> str:
    """The commit where HEAD left `ref`. Raises `ChangesError` with the way out where there is none."""
    arguments, shown = ("merge-base", ref, "HEAD"), _shown(ref)
    status, output = git.answer(arguments)
    if not status:
        return output.decode("ascii").strip()
    git.output(("rev-parse", "--git-dir"))
    if not is_commit(git, "HEAD"):
        raise ChangesError("There is no commit yet to compare with.", "Use --staged, or --all.")
    is_shallow = git.answer(("rev-parse", "--is-shallow-repository"))[1].strip() == b"true"
    if not is_commit(git, ref):
        hint = f"Fetch it first: git fetch origin {shown.removeprefix('origin/')}"
        hint += "; with actions/checkout, set fetch-depth: 0." if is_shallow else "."
        raise ChangesError(f"{shown} is not a branch or commit of this repository.", hint)
    if is_shallow:
        raise ChangesError(
            f"The history that was fetched does not reach back to where HEAD left {shown}.",
            "Fetch more of it: git fetch --deepen=100, or with actions/checkout set fetch-depth: 0.",
        )
    if status == 1:
        raise ChangesError(f"{shown} and HEAD have no commit in common.", "Compare with another branch, or use --all.")
    raise git.failure(arguments)


def _shown(ref: str) -> str:
    """As people write it: a branch of a remote comes by its whole name, so that no tag is taken for it."""
    return ref.removeprefix("refs/remotes/")


def is_commit(git: Git, ref: str) -> bool:
    """Whether the repository has this commit."""
    return not git.answer(("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"))[0]
