"""Where the repository is, and which part of it was asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from remedy_gate.errors import UsageError

from .git import Git
from .raw_diff import file_name

VENDORED = frozenset((".git", ".terraform", ".terragrunt-cache", "node_modules"))
"""Folders that tools fill with copies of other people's code."""

_MANY_PATTERNS = 100


def repository_root(start: str, environment: Mapping[str, str]) -> str:
    """The top folder of the working tree that holds `start`, without symbolic links.

    It is found by its `.git`, as git does, without the 3 ms of asking; git is asked where the environment or the
    repository's configuration says that the working tree lies elsewhere. Raises `ChangesError` where there is none.
    """
    if not any(environment.get(name) for name in ("GIT_DIR", "GIT_WORK_TREE")):
        folder = enclosing_repository(start)
        if folder is not None and not _lies_elsewhere(folder):
            return folder
    git = Git(os.path.realpath(start), environment)
    root = git.output(("rev-parse", "--show-toplevel"))
    return os.path.realpath(os.fsdecode(root.removesuffix(b"\n")))


def enclosing_repository(start: str) -> str | None:
    """The nearest folder from `start` upwards that has a `.git`; None where there is none. Needs no git."""
    folder = os.path.realpath(start)
    while True:
        mark = os.path.join(folder, ".git")
        if os.path.isfile(mark) or os.path.isfile(os.path.join(mark, "HEAD")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def root_for_all(start: str, paths: tuple[str, ...]) -> str:
    """The folder that every path is told from when all files are looked at and there may be no repository.

    It is the repository's root, else the current directory, else the folder that holds all of the PATHs.
    """
    for root in filter(None, (enclosing_repository(start), os.path.realpath(start))):
        if all(relative_to(root, path) is not None for path in paths):
            return root
    whole = [os.path.realpath(path) for path in paths]
    common = os.path.commonpath([path if os.path.isdir(path) else os.path.dirname(path) for path in whole])
    return enclosing_repository(common) or common


def _lies_elsewhere(folder: str) -> bool:
    """Whether the configuration may name another working tree (`core.worktree`)."""
    try:
        with open(os.path.join(folder, ".git", "config"), "rb") as file:
            return b"worktree" in file.read().lower()
    except NotADirectoryError:
        return False
    except OSError:
        return True


class Limits(NamedTuple):
    """What of the repository is looked at: files of certain kinds, in certain folders, and files that were named.

    Paths are relative to the root, with `/`. No folders and no files: everything. A file that was named is looked at
    whatever its name ends in; `suffixes` are lower case and hold for every case.
    """

    folders: tuple[str, ...]
    files: frozenset[str]
    suffixes: tuple[str, ...]

    def hold(self, path: str) -> bool:
        """Whether a file is to be looked at."""
        if path in self.files:
            return True
        if not path.lower().endswith(self.suffixes):
            return False
        return self.cover(path)

    def cover(self, path: str) -> bool:
        """Whether a path lies where it was asked to look, whatever its kind."""
        if not self.folders and not self.files:
            return True
        return path in self.files or any(not folder or path.startswith(f"{folder}/") for folder in self.folders)

    def vendored(self, path: str) -> str | None:
        """The folder on the way to a file that holds copies of other code; None without one, or if it was asked for."""
        if path in self.files:
            return None
        asked_for = max((len(folder) for folder in self.folders if path.startswith(f"{folder}/")), default=0)
        return next((part for part in path[asked_for:].split("/")[:-1] if part in VENDORED), None)

    def pathspecs(self, *, any_kind: bool = False) -> tuple[str, ...]:
        """The same for git, or somewhat wider: what git answers still has to pass `hold`."""
        files = tuple(f":(top,literal){path}" for path in sorted(self.files))
        folders = self.folders if self.folders or self.files else ("",)
        if any_kind or len(folders) * len(self.suffixes) > _MANY_PATTERNS:
            return (*files, *(f":(top,literal){folder}" for folder in folders))
        kinds = tuple(
            f":(top,icase){escaped(folder)}{'/' if folder else ''}*{suffix}"
            for folder in folders
            for suffix in self.suffixes
        )
        return (*files, *kinds)


def escaped(folder: str) -> str:
    """A folder for use in one of git's patterns."""
    return "".join(f"\\{character}" if character in "*?[\\" else character for character in folder)


def limits(root: str, paths: tuple[str, ...], suffixes: tuple[str, ...]) -> Limits:
    """The limits that PATHs of the command line set. They are relative to the current directory.

    Raises `UsageError` for a PATH that does not exist or lies outside of `root`.
    """
    folders: list[str] = []
    files: list[str] = []
    for path in paths:
        if not os.path.exists(path):
            raise UsageError(f"{path} does not exist.")
        below = relative_to(root, path)
        if below is None:
            raise UsageError(f"{path} lies outside of {root}.")
        (folders if os.path.isdir(path) else files).append(below)
    return Limits(tuple(folders), frozenset(files), suffixes)


def relative_to(root: str, path: str) -> str | None:
    """A path of the file system as one below `root` ("" is the root itself), or None where it lies elsewhere."""
    whole, top = os.path.realpath(path), os.path.realpath(root)
    if whole == top:
        return ""
    inside = whole.startswith(top if top.endswith(os.sep) else top + os.sep)
    return file_name(os.fsencode(os.path.relpath(whole, top).replace(os.sep, "/"))) if inside else None


def has_submodules(root: str) -> bool:
    """Whether changes of submodules have to be looked for among all files: their names end in nothing special."""
    return os.path.exists(os.path.join(root, ".gitmodules"))
