"""Files as they lie in a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

SIZE_LIMIT = 20_000_000
"""Bytes. No code is as large; what is, is data, and would cost the gate its memory."""

NOT_THERE = "it is not in the working tree"
TOO_LARGE = f"it is larger than {SIZE_LIMIT // 1_000_000} MB"
SYMBOLIC_LINK = "it is a symbolic link, which is not followed"

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class WorkingTree:
    """The files below a folder. Nothing is kept: a file that is read twice is read twice from the disk."""

    __slots__ = ("_genuine", "_root", "_start")

    def __init__(self, root: str) -> None:
        self._root = os.fsencode(os.path.realpath(root))
        self._start = self._root if self._root.endswith(os.sep.encode()) else self._root + os.sep.encode()
        self._genuine: dict[str, bool] = {}

    def look(self, path: str) -> bytes | str:
        """The contents of a file or, as a text, why there are none."""
        if not stays_inside(path):
            return NOT_THERE
        if not self._is_genuine(path.rpartition("/")[0]):
            return "it lies behind a symbolic link, which is not followed"
        try:
            return _contents(self._file(path))
        except (FileNotFoundError, NotADirectoryError):
            return NOT_THERE
        except OSError as error:
            return f"it cannot be read: {error.strerror}"

    def read(self, path: str) -> bytes | None:
        """See `Tree`."""
        found = self.look(path)
        return found if isinstance(found, bytes) else None

    def why_unread(self, path: str) -> str:
        """See `Explaining`."""
        found = self.look(path)
        return found if isinstance(found, str) and found != NOT_THERE else ""

    def is_link(self, path: str) -> bool:
        """See `Linked`."""
        if not stays_inside(path):
            return False
        return not self._is_genuine(path.rpartition("/")[0]) or os.path.islink(self._file(path))

    def names(self, directory: str) -> tuple[str, ...]:
        """See `Tree`."""
        return tuple(sorted(path for path, entry in self.entries(directory) if entry.is_file(follow_symlinks=False)))

    def entries(self, directory: str) -> Iterator[tuple[str, os.DirEntry[bytes]]]:
        """What lies directly in a directory, with its path from the root; nothing where it cannot be listed."""
        if directory and not (stays_inside(directory) and self._is_genuine(directory)):
            return
        before = f"{directory}/" if directory else ""
        try:
            with os.scandir(self._file(directory)) as found:
                for entry in found:
                    yield before + entry.name.decode("utf-8", "surrogateescape"), entry
        except OSError:
            return

    def _is_genuine(self, directory: str) -> bool:
        """Whether a directory is where its path says, with no symbolic link on the way."""
        if directory not in self._genuine:
            whole = self._file(directory)
            self._genuine[directory] = not directory or os.path.realpath(whole) == whole
        return self._genuine[directory]

    def _file(self, path: str) -> bytes:
        return self._start + path.replace("/", os.sep).encode("utf-8", "surrogateescape") if path else self._root


def stays_inside(path: str) -> bool:
    """Whether a path is one below the root and no other: it may come from the code that is judged."""
    try:
        path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return "\0" not in path and not any(part in {"", ".", ".."} for part in path.split("/"))


def _contents(file: bytes) -> bytes | str:
    found = os.lstat(file)
    if stat.S_ISLNK(found.st_mode):
        return SYMBOLIC_LINK
    if not stat.S_ISREG(found.st_mode):
        return "it is not a regular file"
    if found.st_size > SIZE_LIMIT:
        return TOO_LARGE
    with open(os.open(file, _FLAGS), "rb", buffering=0) as stream:
        return stream.readall()
