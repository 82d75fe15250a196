"""Snapshots kept under the repository's git directory, where no commit, no clean and no pull request reaches them.

They hold findings and nothing else: no credential ever comes near. Files are readable by their owner alone, written
whole or not at all, and bounded in number and size.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import Final

from .layout import DamagedError, packed, unpacked
from .snapshot import Snapshot

MOST_BYTES: Final = 256 << 20
MOST_FILES: Final = 20
NOWHERE: Final = "there is no repository to keep it in"
_FOLDER: Final = os.path.join("remedy-gate", "cache")
_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700


class Cache:
    """The snapshots of one repository's sources, below its git directory. Without one, none is kept."""

    __slots__ = ("_folder",)

    def __init__(self, git_directory: str | None) -> None:
        self._folder = os.path.join(git_directory, _FOLDER) if git_directory else None

    def load(self, name: str, *, with_keys: bool = False) -> Snapshot | None:
        """The snapshot of that name; None where there is none that can be used."""
        data = self.kept(name)
        try:
            return None if data is None else unpacked(data, with_keys=with_keys)
        except DamagedError:
            return None

    def save(self, name: str, snapshot: Snapshot) -> str:
        """Keep a snapshot in the place of the one before; why it could not be kept, the empty text where it was."""
        return self.keep(name, packed(snapshot)) if self._folder is not None else NOWHERE

    def kept(self, name: str) -> bytes | None:
        """What was kept under a name; None where there is nothing that is ours alone."""
        if self._folder is None:
            return None
        try:
            with open(os.open(self._path(name), os.O_RDONLY | _no_links()), "rb") as file:
                state = os.fstat(file.fileno())
                if not stat.S_ISREG(state.st_mode) or state.st_size > MOST_BYTES or not _is_mine(state):
                    return None
                return file.read()
        except OSError:
            return None

    def keep(self, name: str, data: bytes) -> str:
        """Keep bytes in the place of those before; why they could not be kept, the empty text where they were."""
        if self._folder is None:
            return NOWHERE
        if len(data) > MOST_BYTES:
            return f"it takes more than {MOST_BYTES >> 20} MB"
        part = f"{self._path(name)}.{os.getpid()}.part"
        try:
            os.makedirs(self._folder, _FOLDER_MODE, exist_ok=True)
            _write(part, data)
            os.replace(part, self._path(name))
            self._prune()
        except OSError as error:
            _remove(part)
            return error.strerror or "it could not be written"
        return ""

    def _path(self, name: str) -> str:
        return os.path.join(self._folder or "", name)

    def _prune(self) -> None:
        """Of too many files, those that were written longest ago go."""
        assert self._folder is not None
        with os.scandir(self._folder) as entries:
            files = [(entry.stat(follow_symlinks=False).st_mtime, entry.path) for entry in entries]
        for _, path in sorted(files)[: max(0, len(files) - MOST_FILES)]:
            _remove(path)


def _write(path: str, data: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _no_links(), _MODE), "wb") as file:
        file.write(data)


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


def _is_mine(state: os.stat_result) -> bool:
    """Whether the file is ours: what somebody else could write is not believed."""
    if not hasattr(os, "getuid"):
        return True
    return state.st_uid == os.getuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _no_links() -> int:
    return getattr(os, "O_NOFOLLOW", 0)
