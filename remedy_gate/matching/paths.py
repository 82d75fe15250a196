"""Which file of the repository a reported path means. Scanners run in sub-folders, containers and other checkouts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

NOTHING_TOLD = ""
VENDORED = frozenset((".terraform", ".terragrunt-cache", ".external_modules", "node_modules"))
"""Folders in which tools keep copies of code: a file in them is none of the repository's, whatever it is called."""
WORKSPACES = frozenset(
    (
        *("home", "github", "builds", "workspace", "workspaces", "runner", "root", "users", "var", "opt", "mnt", "tmp"),
        *("src", "tf", "iac", "app", "code", "repo", "data", "project", "work", "path", "input", "scan"),
    )
)
"""What paths begin with on build machines and in containers, where a checkout is mounted."""


class Reported(NamedTuple):
    """What a reported path means.

    `files` were read; several: it may be any of them. `elsewhere`: it means, or may mean, a file that was not read.
    `weak`: no more than a name that several files share, or the last of a longer path, so that the path alone is no
    evidence. `note` says how it was understood.
    """

    files: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()
    weak: bool = False
    note: str = NOTHING_TOLD


UNKNOWN = Reported(())


class Paths:
    """The files that were read, among those that there are, under their names before and after the change."""

    def __init__(self, read: Iterable[str], renamed: Mapping[str, str]) -> None:
        self._read = frozenset(read)
        self._renamed = renamed
        self._there: frozenset[str] = self._read
        self._alike: dict[str, list[str]] | None = None
        self._found: dict[str, Reported] = {}

    def know(self, there: Iterable[str]) -> None:
        """Learn which other files there are."""
        self._there = self._read | frozenset(there)
        self._alike = None
        self._found.clear()

    def meant(self, reported: str) -> Reported:
        """The files that a reported path means."""
        if reported not in self._found:
            self._found[reported] = self._meant(reported.removeprefix("./").lstrip("/"))
        return self._found[reported]

    def is_plain(self, reported: str) -> bool:
        """Whether the path is that of a file that was read, so that nothing else has to be known."""
        return reported in self._read

    def _meant(self, path: str) -> Reported:
        if path in self._there:
            return self._result((path,), weak="/" not in path and len(self._called_alike(path)) > 1)
        if not VENDORED.isdisjoint(path.split("/")[:-1]):
            return UNKNOWN
        if path in self._renamed:
            return self._result((self._renamed[path],), weak=False, note=f"which was {path}")
        longer = [one for one in self._called_alike(path) if one.endswith(f"/{path}")]
        if longer:
            return self._result(tuple(longer), weak=False)
        shorter = [one for one in self._called_alike(path) if path.endswith(f"/{one}")]
        if not shorter:
            return UNKNOWN
        best = max(shorter, key=len)
        sole = path.partition("/")[0].lower() in WORKSPACES and len(self._called_alike(path)) == 1
        return self._result((best,), weak="/" not in best and not sole)

    def _result(self, paths: tuple[str, ...], *, weak: bool, note: str = NOTHING_TOLD) -> Reported:
        now = tuple(dict.fromkeys(self._renamed.get(path, path) if path not in self._there else path for path in paths))
        read = tuple(path for path in now if path in self._read)
        noted = note or next(
            (f"which was {old}" for old, new in zip(paths, now, strict=False) if old != new), NOTHING_TOLD
        )
        return Reported(read, tuple(path for path in now if path not in self._read), weak, noted)

    def _called_alike(self, path: str) -> list[str]:
        if self._alike is None:
            self._alike = {}
            for one in (*self._there, *(self._renamed.keys() - self._there)):
                self._alike.setdefault(one.rpartition("/")[2], []).append(one)
        return self._alike.get(path.rpartition("/")[2], [])
