"""Contents that git keeps, by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from remedy_gate.errors import ChangesError

from .git import INPUT_LIMIT, Git
from .working_tree import SIZE_LIMIT, TOO_LARGE, WorkingTree

_SHA1_LENGTH = 40


class Blobs:
    """Reads contents from the working tree where the very same lie there, else from git, many at a time.

    That the contents are the same is told by their id, which is a digest of them, never by dates: what a developer
    left out of the index on purpose is not mistaken for what is in it. `expected` are ids that are likely asked for:
    the first time that git has to be asked, it is asked for all of them.
    """

    __slots__ = ("_expected", "_found", "_git", "_working")

    def __init__(self, git: Git, working: WorkingTree, expected: Iterable[str] = ()) -> None:
        self._git = git
        self._working = working
        self._expected = frozenset(expected)
        self._found: dict[str, bytes | str] = {}

    def expect(self, blobs: Iterable[str]) -> None:
        """Name more ids that are likely asked for."""
        self._expected |= frozenset(blobs)

    def look(self, blob: str, path: str) -> bytes | str:
        """The contents with this id, which `path` may hold in the working tree; or, as a text, why there are none."""
        if blob not in self._found:
            here = self._working.look(path)
            if isinstance(here, bytes) and is_checkout_of(blob, here):
                return here
            self._fetch(blob)
        return self._found[blob]

    def _fetch(self, blob: str) -> None:
        wanted = sorted((self._expected - self._found.keys()) | {blob})
        at_once = INPUT_LIMIT // (len(blob) + 1)
        for start in range(0, len(wanted), at_once):
            self._found.update(self._read(wanted[start : start + at_once]))

    def _read(self, wanted: list[str]) -> dict[str, bytes | str]:
        arguments = ("cat-file", "--batch")
        given = "".join(f"{blob}\n" for blob in wanted).encode()
        status, found = self._git.run(arguments, _objects, given)
        if status:
            raise self._git.failure(arguments, given)
        missing = next((blob for blob in wanted if blob not in found), None)
        if missing is not None:
            raise ChangesError(f"The repository lacks the object {missing}.", "Look at it with: git fsck")
        return found


def is_checkout_of(blob: str, contents: bytes) -> bool:
    r"""Whether contents are those of the id: byte for byte, or as git checks them out with `core.autocrlf`.

    With \r\n in the working tree for \n in git, the working tree's bytes are as good: they are what a patch has to fit.
    """
    if blob_id(contents, len(blob)) == blob:
        return True
    return b"\r\n" in contents and blob_id(contents.replace(b"\r\n", b"\n"), len(blob)) == blob


def blob_id(contents: bytes, length: int) -> str:
    """The id that git gives to contents: SHA-1, or SHA-256 where ids are longer."""
    from hashlib import sha1, sha256

    framed = b"blob %d\0" % len(contents) + contents
    if length == _SHA1_LENGTH:
        return sha1(framed, usedforsecurity=False).hexdigest()
    return sha256(framed).hexdigest()


def _objects(stream: BinaryIO) -> dict[str, bytes | str]:
    """The objects that `git cat-file --batch` prints: `ID TYPE SIZE`, the contents, a newline."""
    found: dict[str, bytes | str] = {}
    while heading := stream.readline():
        blob, _, rest = heading.decode("ascii", "replace").partition(" ")
        if rest.startswith("blob "):
            found[blob] = _sized(stream, int(rest.split(" ")[1]))
    return found


def _sized(stream: BinaryIO, size: int) -> bytes | str:
    if size <= SIZE_LIMIT:
        return stream.read(size + 1)[:size]
    left = size + 1
    while left > 0 and (chunk := stream.read(min(left, SIZE_LIMIT))):
        left -= len(chunk)
    return TOO_LARGE
