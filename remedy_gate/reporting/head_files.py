"""The files of a pull request's head, byte for byte, in few requests. A `Tree`.

One request lists all files; the contents come from a copy on disk where its git object id is the listed one (so that a
copy that was changed is never taken for the real one), else many texts in one request, else one by one.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from hashlib import sha1, sha256
from itertools import islice
from typing import NamedTuple

from remedy_gate.domain.seams import Tree
from remedy_gate.errors import ReportingError

from .github_api import Api
from .github_queries import blobs
from .json_value import Reader

_PLAIN = "100644"
_REGULAR = ("100644", "100755")  # not a link, not a submodule
_A_REQUEST = 50
_MOST_SINGLE = 400  # requests for one file or folder each: a repository's workflows have 1,000 an hour between them
_LARGEST = 20_000_000  # bytes; no code is as large, and of a checkout no larger file is read either
_MOST_TEXT = _LARGEST * 3 // 2  # characters in base64, with its line ends
SHA1_DIGITS = 40
_FOLDER = "040000"


class _Entry(NamedTuple):
    """What lies in a directory: its mode, its object id, and the bytes of a file."""

    mode: str
    digest: str = ""
    size: int = 0


class HeadFiles:
    """The regular files of one commit. `copies` may hold some of them already."""

    __slots__ = ("_api", "_blobs", "_commit", "_copies", "_single", "_trees")

    def __init__(self, api: Api, commit: str, copies: Tree | None = None) -> None:
        self._api = api
        self._commit = commit
        self._copies = copies
        self._trees: dict[str, dict[str, _Entry]] = {}
        self._blobs: dict[str, bytes] = {}
        self._single = 0

    def read(self, path: str) -> bytes | None:
        """The contents of a regular file, byte for byte; None where there is none."""
        digest = self._digest(path)
        if not digest:
            return None
        if digest not in self._blobs and not self._is_copied(path, digest):
            self._blobs[digest] = contents(self._one(f"/git/blobs/{digest}"), path)
        return self._blobs[digest]

    def may_write(self, path: str) -> bool:
        """Whether the path is that of a plain file or of nothing, below real folders: what a commit can replace.

        A commit over the API cannot keep the mode of a program, and would put a file where a link or submodule is.
        """
        directory, _, name = path.rpartition("/")
        if self._tree(directory).get(name, _Entry(_PLAIN)).mode != _PLAIN:
            return False
        while directory:
            above, _, name = directory.rpartition("/")
            if self._tree(above).get(name, _Entry(_FOLDER)).mode != _FOLDER:
                return False
            directory = above
        return True

    def names(self, directory: str) -> tuple[str, ...]:
        """The paths of the regular files that lie directly in a directory, sorted. "" is the root."""
        prefix = f"{directory}/" if directory else ""
        return tuple(sorted(prefix + name for name, entry in self._tree(directory).items() if entry.mode in _REGULAR))

    def fetch(self, paths: Iterable[str]) -> None:
        """Get the contents of files that will be read, many in one request. What cannot be had so is left for `read`."""
        found = dict.fromkeys((self._digest(path), path) for path in paths)
        missing = iter(
            digest
            for digest, path in found
            if digest and digest not in self._blobs and not self._is_copied(path, digest)
        )
        owner, _, name = self._api.target.repository.partition("/")
        while digests := tuple(islice(missing, _A_REQUEST)):
            variables: dict[str, object] = {f"id{index}": digest for index, digest in enumerate(digests)}
            answer = self._api.query(blobs(len(digests)), {"owner": owner, "name": name, **variables})
            if not answer.is_good:
                return
            self._keep(Reader(answer.data, "GitHub's answer").entry("repository"), digests)

    def _keep(self, given: Reader, digests: tuple[str, ...]) -> None:
        for index, digest in enumerate(digests):
            blob = given.maybe_entry(f"blob{index}")
            text = blob.maybe_text("text", _MOST_TEXT) if blob is not None and blob.has("text") else None
            if text is not None and object_id(text.encode("utf-8", "surrogatepass"), digest) == digest:
                self._blobs[digest] = text.encode("utf-8", "surrogatepass")

    def _is_copied(self, path: str, digest: str) -> bool:
        """Whether the copy of the file is the very one, which is then kept."""
        content = self._copies.read(path) if self._copies is not None else None
        if content is None or object_id(content, digest) != digest:
            return False
        self._blobs[digest] = content
        return True

    def _digest(self, path: str) -> str:
        directory, _, name = path.rpartition("/")
        entry = self._tree(directory).get(name)
        return entry.digest if entry is not None and entry.mode in _REGULAR and entry.size <= _LARGEST else ""

    def _tree(self, directory: str) -> dict[str, _Entry]:
        """Mode and object id of what lies in a directory, by name; nothing where there is no such directory."""
        if not self._trees:
            self._list()
        if directory not in self._trees:
            above, _, name = directory.rpartition("/")
            entry = self._tree(above).get(name, _Entry(""))
            self._trees[directory] = self._entries(entry.digest) if entry.mode == _FOLDER else {}
        return self._trees[directory]

    def _list(self) -> None:
        """List the whole commit; of one that is too large for that, only the root."""
        whole = Reader(self._api.read(f"/git/trees/{self._commit}", {"recursive": "1"}), "GitHub's answer")
        if whole.flag("truncated"):
            self._trees[""] = self._entries(self._commit)
            return
        self._trees[""] = {}
        for item in whole.entries("tree"):
            directory, _, name = item.text("path").rpartition("/")
            self._trees.setdefault(directory, {})[name] = _entry(item)
            if item.text("mode") == _FOLDER:
                self._trees.setdefault(item.text("path"), {})

    def _entries(self, digest: str) -> dict[str, _Entry]:
        tree = Reader(self._one(f"/git/trees/{digest}"), "GitHub's answer")
        return {it.text("path"): _entry(it) for it in tree.entries("tree")}

    def _one(self, path: str) -> object:
        """What has to be asked for alone. Which files that is may be the word of a fork's report, so that it has an end."""
        self._single += 1
        if self._single > _MOST_SINGLE:
            raise ReportingError(
                f"More than {_MOST_SINGLE} files and folders would have to be asked for one by one.",
                "Check less at a time.",
            )
        return self._api.read(path)


def _entry(item: Reader) -> _Entry:
    return _Entry(item.text("mode"), item.text("sha"), item.identity("size") if item.has("size") else 0)


def contents(answer: object, path: str) -> bytes:
    """The bytes of a blob that GitHub gave. Raises `ReportingError` where there are none."""
    try:
        return b64decode(Reader(answer, "GitHub's answer").text("content", _MOST_TEXT))
    except ValueError as error:
        raise ReportingError(f"GitHub's answer for {path} cannot be read.") from error


def object_id(content: bytes, like: str) -> str:
    """The id that git gives a file with this content, in the hash that the other id is of."""
    whole = b"blob %d\0" % len(content) + content
    if len(like) == SHA1_DIGITS:
        return sha1(whole, usedforsecurity=False).hexdigest()
    return sha256(whole).hexdigest()
