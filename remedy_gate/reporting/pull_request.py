"""A pull request as it stands: its head, what its diff shows, the files of its head, and what we said before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from remedy_gate.domain.seams import Tree
from remedy_gate.domain.source import LineRange
from remedy_gate.errors import PatchError, ReportingError, UsageError
from remedy_gate.iac.unified import hunks

from .github_api import Api, Clock, Target
from .github_queries import CONVERSATION
from .head_files import HeadFiles
from .json_value import Reader
from .marker import Marker, marker_in

_MOST_PAGES = 20


class Said(NamedTuple):
    """A comment that we wrote. `stands`: it is still to be seen at its lines, or a person has settled it."""

    node: str
    number: str
    body: str
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


class Branches(NamedTuple):
    """Where the head comes from and where it goes. `repository` is `owner/name`, empty where the fork is gone.

    `may_edit`: the fork's owner lets those who maintain the base repository push to the branch.
    """

    repository: str
    head: str
    base: str
    default: str
    may_edit: bool


class PullRequest:
    """A pull request at the commit that is its head when it is first asked for. Also a `Tree` of that commit."""

    __slots__ = ("_files", "api", "branches", "head", "is_open", "shown")

    def __init__(self, target: Target, clock: Clock, copies: Tree | None = None) -> None:
        """`copies`: files that may be those of the head, such as a checkout; each is used only if it is."""
        self.api = Api(target, clock)
        if target.number < 1:
            raise UsageError(f"{target.number} does not name a pull request.")
        pull = Reader(self.api.read(f"/pulls/{target.number}"), "GitHub's answer")
        self.head = pull.entry("head").text("sha")
        self.is_open = pull.text("state") == "open"
        self.branches = _branches(pull)
        self.shown: Mapping[str, tuple[LineRange, ...]] = dict(self._shown())
        self._files = HeadFiles(self.api, self.head, copies)

    def read(self, path: str) -> bytes | None:
        """The contents of a regular file of the head, byte for byte; None where there is none."""
        return self._files.read(path)

    def names(self, directory: str) -> tuple[str, ...]:
        """The paths of the regular files that lie directly in a directory, sorted. "" is the root."""
        return self._files.names(directory)

    def fetch(self, paths: Iterable[str]) -> None:
        """Get many files at once that will be read."""
        self._files.fetch(paths)

    def may_write(self, path: str) -> bool:
        """Whether a commit can replace what is at the path, or make a file there."""
        return self._files.may_write(path)

    def conversation(self) -> Conversation:
        """What we said so far, as GitHub knows it now."""
        return conversation(self.api, self.api.target.number)

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


def conversation(api: Api, number: int) -> Conversation:
    """What we said to a pull request so far, as GitHub knows it now."""
    owner, _, name = api.target.repository.partition("/")
    variables: dict[str, object] = {"owner": owner, "name": name, "number": number, "after": None}
    comments: list[Said] = []
    for _ in range(_MOST_PAGES):
        answer = api.query(CONVERSATION, variables)
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


def _branches(pull: Reader) -> Branches:
    head, base = pull.entry("head"), pull.entry("base")
    fork = head.maybe_entry("repo")
    return Branches(
        fork.text("full_name") if fork is not None else "",
        head.text("ref"),
        base.text("ref"),
        base.entry("repo").text("default_branch"),
        pull.has("maintainer_can_modify") and pull.flag("maintainer_can_modify"),
    )


def _said(thread: Reader) -> Iterator[Said]:
    for comment in thread.entry("comments").entries("nodes"):
        marker = marker_in(comment.text("body")) if comment.flag("viewerDidAuthor") else None
        if marker is not None:
            settled, hidden = thread.flag("isResolved"), comment.flag("isMinimized")
            stands = settled or not (thread.flag("isOutdated") or hidden)
            yield Said(
                comment.text("id"),
                comment.text("fullDatabaseId"),
                comment.text("body"),
                marker,
                stands,
                hidden,
                settled,
            )


def _review(node: Reader) -> Iterator[Review]:
    marker = marker_in(node.text("body")) if node.flag("viewerDidAuthor") else None
    if marker is not None:
        yield Review(node.text("fullDatabaseId"), marker, node.text("url"))
