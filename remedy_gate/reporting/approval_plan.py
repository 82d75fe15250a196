"""What has to be done so that the issues are as the queue is: open, edit, close, reopen, or leave alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from .approval_issue import Key, Mark, Words
from .marker import fingerprint, same_words


class Issue(NamedTuple):
    """An issue that we wrote, about the patch of its mark. `edited` is empty where its words were never changed."""

    number: int
    key: Key
    title: str
    body: str
    url: str
    is_open: bool
    created: str
    edited: str = ""
    poster: str = ""


class Asked(NamedTuple):
    """A patch that waits, and the words of its issue. `again`: why, if its issue was closed by us."""

    words: Words
    again: str


class Settled(NamedTuple):
    """A patch that does not wait any more: why, and whether it may be repaired now."""

    why: str
    is_done: bool


Standing: TypeAlias = Asked | Settled


class Open(NamedTuple):
    """Ask."""

    key: Key
    words: Words


class Edit(NamedTuple):
    """Give an issue other words."""

    issue: Issue
    words: Words


class Close(NamedTuple):
    """Say why, once, and close."""

    issue: Issue
    why: str
    is_done: bool

    @property
    def mark(self) -> Mark:
        """By which a later run knows that it was said."""
        return Mark("closed", fingerprint(*self.issue.key, self.why))


class Reopen(NamedTuple):
    """Say why, and open again what we closed; not what a person closed."""

    issue: Issue
    why: str

    @property
    def mark(self) -> Mark:
        """By which a later run knows that a person closed the issue after it."""
        return Mark("reopened", fingerprint(*self.issue.key, self.why))


CLOSED_BY_HAND = "a person closed it without an answer, and its patch still waits; open it again to have it answered"


class Leave(NamedTuple):
    """Do nothing, and say why."""

    issue: Issue
    why: str


Step: TypeAlias = Open | Edit | Close | Reopen | Leave


def steps(queue: Mapping[Key, Standing], issues: Iterable[Issue]) -> tuple[Step, ...]:
    """What to do, in the order of the queue. Of several issues about one patch the first that is open stands."""
    found: dict[Key, list[Issue]] = {}
    for issue in sorted(issues, key=lambda one: (not one.is_open, one.number)):
        found.setdefault(issue.key, []).append(issue)
    wanted = (step for key, standing in queue.items() for step in _steps(key, standing, found.get(key, [])))
    unknown = (one for key, several in found.items() if key not in queue for one in several if one.is_open)
    return (*wanted, *(Leave(one, "the ledger does not know the patch that it is about") for one in unknown))


def _steps(key: Key, standing: Standing, issues: list[Issue]) -> Iterator[Step]:
    if isinstance(standing, Settled):
        yield from (Close(one, standing.why, standing.is_done) for one in issues if one.is_open)
        return
    if not issues:
        yield Open(key, standing.words)
        return
    first, *others = issues
    if not first.is_open:
        yield Reopen(first, standing.again)
        return
    if first.title != standing.words.title or not same_words(first.body, standing.words.body):
        yield Edit(first, standing.words)
    for other in others:
        if other.is_open:
            yield Close(other, f"The same is asked in #{first.number}.", is_done=False)
