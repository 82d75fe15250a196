"""Tell a pull request: one review with suggestions, comments on files, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from remedy_gate.domain.remediation import Report, Verdict
from remedy_gate.errors import ReportingError

from .comment import Environments, file_comment, nowhere
from .github_api import Answer
from .github_queries import HIDE
from .markdown import review_body
from .marker import Marker, fingerprint, without_marker
from .placement import OnFile, Placement, Together, alone, placements
from .pull_request import Conversation, PullRequest, Review
from .review_comments import Inline, Shown, bodies_of, inline_comments, moved, shown_of, summarised
from .wording import counted

_ATTEMPTS = 3
_MOST_EDITED = 20  # comments edited a run, likewise
_MOST_HIDDEN = 20  # comments hidden a run: each is a request, and the next run goes on


class Published(NamedTuple):
    """What was posted now, and what stands there already. `review` is its address; None where none was needed."""

    review: str | None
    inline: int
    on_files: int
    unchanged: int
    hidden: int
    notes: tuple[str, ...] = ()
    edited: int = 0

    @property
    def words(self) -> str:
        """What happened, in a sentence or two."""
        new = self.inline + self.on_files
        if self.review is None and not new and not self.hidden and not self.edited:
            what = "Nothing new to post"
        elif new:
            what = f"Posted {counted(new, 'comment')}"
        else:
            what = "Updated the review"
        there = f"; {self.unchanged} stand there already" if self.unchanged else ""
        hidden = f"; {self.hidden} outdated hidden" if self.hidden else ""
        hidden = (f"; {counted(self.edited, 'comment')} edited" if self.edited else "") + hidden
        where = f": {self.review}" if self.review else ""
        return " ".join((f"{what}{there}{hidden}{where}.", *self.notes))


class Refused(NamedTuple):
    """Nothing was posted, and this is why. The report is as good as before: it tells all that would have been told."""

    reason: str


Outcome: TypeAlias = Published | Refused


Heard: TypeAlias = Callable[[tuple[Shown, ...]], None]
"""Hears which patches the pull request shows now."""


def unheard(_: tuple[Shown, ...]) -> None:
    """Nobody asks what is shown."""


def publish(
    report: Report,
    pull: PullRequest,
    together: Together = alone,
    environments: Environments = nowhere,
    heard: Heard = unheard,
) -> Outcome:
    """Post what is not there yet. Whatever comes of it, the report and its verdict stay what they are.

    Raises `ReportingError` where GitHub cannot be reached or refuses what it should take.
    """
    if not pull.is_open:
        return Refused("The pull request is not open any more.")
    said = pull.conversation()
    if said.head != pull.head:
        return Refused("The pull request has moved on since it was read; the run for its new head will tell it.")
    publisher = _Publisher(report, pull, said, environments)
    outcome = publisher.publish(placements(report, pull.shown, together))
    heard(publisher.shown)
    return outcome


class _Publisher:
    """One run of `publish`."""

    __slots__ = ("_environments", "_notes", "_pull", "_report", "_said", "shown")

    def __init__(self, report: Report, pull: PullRequest, said: Conversation, environments: Environments) -> None:
        self._environments = environments
        self._report = report
        self._pull = pull
        self._said = said
        self._notes: list[str] = []
        self.shown: tuple[Shown, ...] = ()

    def publish(self, placed: tuple[Placement, ...]) -> Outcome:
        standing = {one.marker.fingerprint for one in self._said.comments if one.stands}
        bodies = bodies_of(placed, self._pull.head, self._environments)
        wanted = set(bodies)
        on_files: list[str] = []
        for index, one in enumerate(placed):
            if isinstance(one, OnFile):
                marker, body = file_comment(one, self._pull.head, self._environments)
                if marker.fingerprint in standing:
                    continue
                answer = self._post_on_file(one.path, body, marker)
                if answer.is_denied:
                    return _denied(answer)
                if answer.is_refused:
                    placed = moved(placed, index, answer.message)
                elif answer.is_good:
                    on_files.append(marker.fingerprint)
        inline = [
            one
            for one in inline_comments(placed, self._pull.head, self._environments)
            if one.marker.fingerprint not in standing
        ]
        review = self._review(placed, inline)
        if isinstance(review, Refused):
            return review
        posted = [one.marker.fingerprint for one in inline[: review[1]]]
        self.shown = shown_of(placed, standing.union(on_files, posted), self._pull.head)
        edited, hidden = self._edit(bodies), self._hide(wanted)
        return Published(*review, len(on_files), len(wanted & standing) - edited, hidden, tuple(self._notes), edited)

    def _post_on_file(self, path: str, body: str, marker: Marker) -> Answer:
        fields = {"body": body, "commit_id": self._pull.head, "path": path, "subject_type": "file"}
        return self._posted(f"/pulls/{self._pull.api.target.number}/comments", fields, marker)

    def _review(self, placed: tuple[Placement, ...], inline: list[Inline]) -> tuple[str | None, int] | Refused:
        """Post or update the review: its address, and how many comments it carries now."""
        text = review_body(self._report, placed)
        mine = self._said.reviews[-1] if self._said.reviews else None
        marker = Marker(fingerprint("summary", text), self._pull.head)
        if not inline:
            if mine is None and not (self._report.remediations or self._report.errors):
                return None, 0
            if mine is not None:
                return self._updated(mine, text, marker)
        fields = {
            "commit_id": self._pull.head,
            "event": "COMMENT",
            "body": f"{text}\n{marker.text}",
            "comments": [one.fields for one in inline],
        }
        answer = self._posted(f"/pulls/{self._pull.api.target.number}/reviews", fields, marker)
        if answer.is_denied:
            return _denied(answer)
        if answer.is_refused and inline:
            self._notes.append(f"GitHub refused a place in the diff ({answer.message}); all is told in the summary.")
            reason = "GitHub refused a comment at these lines"
            return self._review(tuple(told for one in placed for told in summarised(one, reason)), [])
        if not answer.is_good:
            raise ReportingError(f"The review could not be posted: {answer.message or answer.status}.")
        return _address(answer), len(inline)

    def _updated(self, mine: Review, text: str, marker: Marker) -> tuple[str | None, int] | Refused:
        """Make the last review say what is so now; nothing where it says so already."""
        if mine.marker.fingerprint == marker.fingerprint:
            return None, 0
        path = f"/pulls/{self._pull.api.target.number}/reviews/{mine.number}"
        answer = self._pull.api.write("PUT", path, {"body": f"{text}\n{marker.text}"})
        if answer.is_denied:
            return _denied(answer)
        if not answer.is_good:
            raise ReportingError(f"The review could not be updated: {answer.message or answer.status}.")
        return mine.url, 0

    def _posted(self, path: str, fields: Mapping[str, object], marker: Marker) -> Answer:
        """Post once. Where no answer came, look whether it is there before posting again."""
        for _ in range(_ATTEMPTS):
            answer = self._pull.api.write("POST", path, fields)
            if not answer.is_open:
                return answer
            found = _address_of(marker, self._pull.conversation())
            if found is not None:
                return Answer(200, {"html_url": found}, "")
        raise ReportingError(
            f"GitHub did not take a comment: {answer.message or answer.status}.",
            "The report is kept; publish it again later.",
        )

    def _edit(self, bodies: Mapping[str, str]) -> int:
        """Edit our comments that stand for the same repair and say something else of it than is so now."""
        edited = 0
        for one in self._said.comments:
            body = bodies.get(one.marker.fingerprint)
            if body is None or not one.stands or one.is_settled or without_marker(body) == without_marker(one.body):
                continue
            if edited == _MOST_EDITED:
                break
            answer = self._pull.api.write("PATCH", f"/pulls/comments/{one.number}", {"body": body})
            if not answer.is_good:
                self._notes.append(f"A comment could not be edited: {answer.message or answer.status}.")
                break
            edited += 1
        return edited

    def _hide(self, wanted: set[str]) -> int:
        """Hide our comments that hold no more, or that were posted anew. Replies to them stay where they are."""
        hidden = 0
        if self._report.verdict is Verdict.ERROR:
            return 0  # who could not look does not know what is gone
        for one in self._said.comments:
            if one.is_hidden or one.is_settled or (one.stands and one.marker.fingerprint in wanted):
                continue
            if hidden == _MOST_HIDDEN:
                break
            answer = self._pull.api.query(HIDE, {"id": one.node}, repeat=False)
            if not answer.is_good:
                self._notes.append(f"An outdated comment could not be hidden: {answer.message or answer.status}.")
                break
            hidden += 1
        return hidden


def _address_of(marker: Marker, said: Conversation) -> str | None:
    """The address of what bears the mark, empty for a comment; None where it is not there."""
    for review in said.reviews:
        if review.marker == marker:
            return review.url
    return "" if any(comment.marker == marker for comment in said.comments) else None


def _denied(answer: Answer) -> Refused:
    return Refused(
        f"The token may not write to this pull request ({answer.status}: {answer.message or 'no reason given'}). For a "
        "fork the token can only read: publish the report from a workflow on `workflow_run`."
    )


def _address(answer: Answer) -> str | None:
    address = answer.data.get("html_url") if isinstance(answer.data, dict) else None
    return address if isinstance(address, str) else None
