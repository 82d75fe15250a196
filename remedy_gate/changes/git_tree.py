"""The files of the index, or of a commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from .blobs import Blobs
from .git import Git
from .raw_diff import REGULAR, SUBMODULE, SYMLINK, Entry, FileDiff, file_name
from .repository import Limits, escaped
from .working_tree import SYMBOLIC_LINK, stays_inside

Listing: TypeAlias = Callable[[tuple[str, ...]], Iterator[tuple[str, Entry]]]
"""From directories to everything that lies directly in them, with paths from the root."""

_CONFLICT = Entry(-1, "")


class GitTree:
    """Files that git keeps. What is asked for is fetched with everything `expected`, so that git is asked once."""

    __slots__ = ("_blobs", "_entries", "_expected", "_listed", "_listing")

    def __init__(self, listing: Listing, blobs: Blobs) -> None:
        self._listing = listing
        self._blobs = blobs
        self._entries: dict[str, Entry] = {}
        self._listed: dict[str, list[str]] = {}
        self._expected: frozenset[str] = frozenset()

    def expect(self, known: Mapping[str, Entry], beside: Iterable[str] = ()) -> None:
        """Name files whose entries are known already, and which are likely asked for with their neighbours.

        `beside` are files of another tree whose neighbours are likely asked for in this one.
        """
        self._entries.update(known)
        self._blobs.expect(entry.blob for entry in known.values() if entry.mode in REGULAR)
        self._expected = frozenset(directory_of(path) for path in (*known, *beside))

    def look(self, path: str) -> bytes | str:
        """The contents of a file or, as a text, why there are none."""
        if path not in self._entries:
            self._list(directory_of(path))
        entry = self._entries.get(path)
        if entry is None:
            return "git has no such file"
        return why_not_read(entry) or self._blobs.look(entry.blob, path)

    def read(self, path: str) -> bytes | None:
        """See `Tree`."""
        found = self.look(path)
        return found if isinstance(found, bytes) else None

    def is_link(self, path: str) -> bool:
        """See `Linked`."""
        parts = path.split("/")
        return any(self._mode("/".join(parts[:count])) == SYMLINK for count in range(1, len(parts) + 1))

    def names(self, directory: str) -> tuple[str, ...]:
        """See `Tree`."""
        self._list(directory)
        return tuple(sorted(path for path in self._listed[directory] if self._entries[path].mode in REGULAR))

    def _mode(self, path: str) -> int:
        if path not in self._entries:
            self._list(directory_of(path))
        entry = self._entries.get(path)
        return entry.mode if entry is not None else 0

    def _list(self, directory: str) -> None:
        if directory in self._listed:
            return
        wanted = (self._expected | {directory}) - self._listed.keys()
        self._listed.update({one: [] for one in wanted})
        for path, entry in self._listing(tuple(sorted(one for one in wanted if not one or stays_inside(one)))):
            self._entries[path] = entry
            self._listed.get(directory_of(path), []).append(path)


def why_not_read(entry: Entry) -> str | None:
    """Why git's entry is not a file to read; None where it is one."""
    if entry.mode in REGULAR:
        return None
    reasons = {
        SYMLINK: SYMBOLIC_LINK,
        SUBMODULE: "it is a submodule, whose files belong to another repository",
        _CONFLICT.mode: "its merge conflict is not resolved",
    }
    return reasons.get(entry.mode, "it is not a regular file")


def index_tree(git: Git, blobs: Blobs) -> GitTree:
    """What the next commit would hold."""

    def listing(directories: tuple[str, ...]) -> Iterator[tuple[str, Entry]]:
        patterns = (f":(top,glob){escaped(directory)}/*" if directory else ":(top,glob)*" for directory in directories)
        output = git.output(("ls-files", "-s", "-z", "--full-name", "--", *patterns)) if directories else b""
        for mode, blob, stage, path in _fields(output):
            yield path, Entry(int(mode, 8), blob) if stage == "0" else _CONFLICT

    return GitTree(listing, blobs)


def commit_tree(git: Git, commit: str, blobs: Blobs) -> GitTree:
    """What a commit holds."""

    def listing(directories: tuple[str, ...]) -> Iterator[tuple[str, Entry]]:
        arguments = ("ls-tree", "-z", "--full-tree", commit)
        below = tuple(f":(top,literal){directory}/" for directory in directories if directory)
        output = git.output(arguments) if "" in directories else b""
        output += git.output((*arguments, *below)) if below else b""
        for mode, kind, blob, path in _fields(output):
            if kind != "tree":
                yield path, Entry(int(mode, 8), blob)

    return GitTree(listing, blobs)


def _fields(output: bytes) -> Iterator[tuple[str, str, str, str]]:
    """`MODE ID STAGE<tab>PATH` of ls-files, or `MODE TYPE ID<tab>PATH` of ls-tree, each ended by a NUL."""
    for record in output.split(b"\0")[:-1]:
        heading, _, path = record.partition(b"\t")
        first, second, third = heading.decode("ascii").split(" ")
        yield first, second, third, file_name(path)


def directory_of(path: str) -> str:
    """The directory that a file lies in; "" for the root."""
    return path.rpartition("/")[0]


def known_entries(diffs: tuple[FileDiff, ...], limits: Limits) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """What a diff tells of the files of the base, and of the head."""
    held = [diff for diff in diffs if limits.hold(diff.path)]
    before = {diff.previous_path or diff.path: diff.old for diff in held if diff.old.mode}
    after = {diff.path: diff.new for diff in held if diff.new.mode and diff.status != "U"}
    return before, after
