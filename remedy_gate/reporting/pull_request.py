"""A pull request as it stands: its head, what its diff shows, the files of its head, and what we said before."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from remedy_gate.domain.source import LineRange
from remedy_gate.errors import PatchError, ReportingError
from remedy_gate.iac.unified import hunks

from .github_api import Api, Clock, Target
from .github_queries import CONVERSATION
from .json_value import Reader
from .marker import Marker, marker_in

_REGULAR = ("100644", "100755")  # not a link, not a submodule
_MOST_PAGES = 20


class Said(NamedTuple):
    """A comment that we wrote. `stands`: it is still to be seen at its lines, or a person has settled it."""

    node: str
    marker: Marker
    stands: bool
    is_hidden: bool
    is_settled: bool


class Review(NamedTuple):
    """A review that we wrote."""

    number: str
    marker: Marker
    url: str


class Conversation(NamedTuple):
    """What we wrote so far, and the head at this moment. What others wrote is not in it, whatever marks it bears."""

    head: str
    comments: tuple[Said, ...]
    reviews: tuple[Review, ...]


class PullRequest:
    """A pull request at the commit that is its head when it is first asked for. Also a `Tree` of that commit."""

    __slots__ = ("_blobs", "_trees", "api", "head", "is_open", "shown")

    def __init__(self, target: Target, clock: Clock) -> None:
        self.api = Api(target, clock)
        pull = Reader(self.api.read(f"/pulls/{target.number}"), "GitHub's answer")
        self.head = pull.entry("head").text("sha")
        self.is_open = pull.text("state") == "open"
        self.shown: Mapping[str, tuple[LineRange, ...]] = dict(self._shown())
        self._trees: dict[str, dict[str, tuple[str, str]]] = {}
        self._blobs: dict[str, bytes] = {}

    def read(self, path: str) -> bytes | None:
        """The contents of a regular file of the head, byte for byte; None where there is none."""
        directory, _, name = path.rpartition("/")
        mode, digest = self._tree(directory).get(name, ("", ""))
        if mode not in _REGULAR:
            return None
        if digest not in self._blobs:
            blob = Reader(self.api.read(f"/git/blobs/{digest}"), "GitHub's answer")
            try:
                self._blobs[digest] = b64decode(blob.text("content"))
            except ValueError as error:
                raise ReportingError(f"GitHub's answer for {path} cannot be read.") from error
        return self._blobs[digest]

    def names(self, directory: str) -> tuple[str, ...]:
        """The paths of the regular files that lie directly in a directory, sorted. "" is the root."""
        prefix = f"{directory}/" if directory else ""
        return tuple(sorted(prefix + name for name, (mode, _) in self._tree(directory).items() if mode in _REGULAR))

    def conversation(self) -> Conversation:
        """What we said so far, as GitHub knows it now."""
        owner, _, name = self.api.target.repository.partition("/")
        variables: dict[str, object] = {"owner": owner, "name": name, "number": self.api.target.number, "after": None}
        comments: list[Said] = []
        for _ in range(_MOST_PAGES):
            answer = self.api.query(CONVERSATION, variables)
            if not answer.is_good:
                raise ReportingError(f"The comments of the pull request could not be read: {answer.message}.")
            pull = Reader(answer.data, "GitHub's answer").entry("repository").entry("pullRequest")
            threads = pull.entry("reviewThreads")
            comments += (said for thread in threads.entries("nodes") for said in _said(thread))
            page = threads.entry("pageInfo")
            if not page.flag("hasNextPage"):
                break
            variables["after"] = page.text("endCursor")
        reviews = tuple(review for node in pull.entry("reviews").entries("nodes") for review in _review(node))
        return Conversation(pull.text("headRefOid"), tuple(comments), reviews)

    def _shown(self) -> Iterator[tuple[str, tuple[LineRange, ...]]]:
        """Every file that the head has, with the lines that a comment can stand at: none where GitHub gives no diff."""
        for item in self.api.pages(f"/pulls/{self.api.target.number}/files"):
            file = Reader(item, "GitHub's answer")
            if file.text("status") == "removed":
                continue
            try:
                found = hunks(file.text("patch")) if file.has("patch") else ()
            except PatchError:
                found = ()
            yield file.text("filename"), tuple(hunk.new for hunk in found if hunk.new)

    def _tree(self, directory: str) -> dict[str, tuple[str, str]]:
        """Mode and object id of what lies in a directory, by name; nothing where there is no such directory."""
        if directory not in self._trees:
            above, _, name = directory.rpartition("/")
            mode, digest = self._tree(above).get(name, ("", "")) if directory else ("040000", self.head)
            entries: dict[str, tuple[str, str]] = {}
            if mode == "040000":
                tree = Reader(self.api.read(f"/git/trees/{digest}"), "GitHub's answer")
                entries = {it.text("path"): (it.text("mode"), it.text("sha")) for it in tree.entries("tree")}
            self._trees[directory] = entries
        return self._trees[directory]


def _said(thread: Reader) -> Iterator[Said]:
    for comment in thread.entry("comments").entries("nodes"):
        marker = marker_in(comment.text("body")) if comment.flag("viewerDidAuthor") else None
        if marker is not None:
            settled, hidden = thread.flag("isResolved"), comment.flag("isMinimized")
            stands = settled or not (thread.flag("isOutdated") or hidden)
            yield Said(comment.text("id"), marker, stands, hidden, settled)


def _review(node: Reader) -> Iterator[Review]:
    marker = marker_in(node.text("body")) if node.flag("viewerDidAuthor") else None
    if marker is not None:
        yield Review(node.text("fullDatabaseId"), marker, node.text("url"))
