"""The issues that ask for a person's yes: read ours and what people said there, open, edit, answer and close them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from remedy_gate.errors import ReportingError
from remedy_gate.policy.answering import APPROVE, REJECT, Comment, Label, Said

from .approval_issue import Key, Mark, Words, key_in, mark_in
from .approval_plan import Issue
from .github_api import Api, failure
from .github_queries import ISSUES, TALK
from .json_value import Reader

_MOST_PAGES = 20
_ATTEMPTS = 3
_WHERE = "GitHub's answer"
_RIGHT = "The job's token needs `issues: write`."


class Labels(NamedTuple):
    """The label of every issue that asks, and those that answer."""

    asks: str
    yes: str
    no: str


class Talk(NamedTuple):
    """An issue as it is now, what people said there, and the marks of what we said, in the order of time."""

    issue: Issue
    said: tuple[Said, ...]
    marks: tuple[Mark, ...]


class Issues:
    """The issues of one repository. Every method raises `ReportingError` where GitHub does not do what it is asked."""

    __slots__ = ("_api", "_labels")

    def __init__(self, api: Api, labels: Labels) -> None:
        self._api = api
        self._labels = labels

    def ours(self, known: Iterable[int] = ()) -> tuple[Issue, ...]:
        """Those with our label and of the `known` numbers that we wrote and that bear our mark, the oldest first."""
        found: dict[int, Issue] = {}
        variables: dict[str, object] = {"labels": [self._labels.asks], "after": None}
        for _ in range(_MOST_PAGES):
            listed = self._asked(ISSUES, variables).entry("issues")
            found.update((issue.number, issue) for node in listed.entries("nodes") for issue in _issue(node))
            page = listed.entry("pageInfo")
            if not page.flag("hasNextPage"):
                break
            variables["after"] = page.text("endCursor")
        else:
            raise ReportingError(f"More than {_MOST_PAGES * 100:,} issues have the label {self._labels.asks}.")
        for number in known:
            talk = None if number in found else self.talk(number)
            if talk is not None:
                found[number] = talk.issue
        return tuple(found[number] for number in sorted(found))

    def talk(self, number: int) -> Talk | None:
        """An issue of ours with all that was said there; None where it is not there any more, or is not ours."""
        variables: dict[str, object] = {"number": number, "comments": None, "events": None}
        comments: list[Reader] = []
        events: list[Reader] = []
        for _ in range(_MOST_PAGES):
            node = self._asked(TALK, variables).maybe_entry("issue")
            issue = next(iter(_issue(node)), None) if node is not None else None
            if node is None or issue is None:
                return None
            ends = []
            for key, cursor, kept in (("comments", "comments", comments), ("timelineItems", "events", events)):
                listed = node.entry(key)
                kept.extend(listed.entries("nodes"))
                page = listed.entry("pageInfo")
                ends.append(not page.flag("hasNextPage"))
                if page.has("endCursor"):
                    variables[cursor] = page.text("endCursor")
            if all(ends):
                return _talk(issue, node, comments, events, self._labels)
        raise ReportingError(f"Issue #{number} has more than {_MOST_PAGES * 100:,} comments.", "Decide it by hand.")

    def open(self, key: Key, words: Words, assignees: tuple[str, ...]) -> tuple[Issue, str]:
        """Ask. A lost answer opens no second one. Also a note, where GitHub did not take all of it."""
        fields: dict[str, object] = {"title": words.title, "body": words.body, "labels": [self._labels.asks]}
        for _ in range(_ATTEMPTS):
            answer = self._api.write("POST", "/issues", fields | ({"assignees": list(assignees)} if assignees else {}))
            if answer.is_refused and assignees and "assignees" in str(answer.data):
                issue, _note = self.open(key, words, ())
                return issue, f"GitHub does not let it be assigned to {', '.join(assignees)}."
            if answer.is_good:
                made = Reader(answer.data, _WHERE)
                created = Issue(made.count("number"), key, *words, made.text("html_url"), True, made.text("created_at"))
                has = [label.text("name") for label in made.entries("labels")]
                lost = "" if self._labels.asks in has else f"GitHub did not put the label {self._labels.asks} on it."
                return created, lost
            if not answer.is_open:
                break
            there = next((one for one in self.ours() if one.key == key and one.is_open), None)
            if there is not None:
                return there, ""
        raise failure("An issue could not be opened", answer, _RIGHT)

    def edit(self, issue: Issue, words: Words) -> None:
        """Give an issue other words."""
        self._change(issue, words._asdict(), "could not be edited")

    def reopen(self, issue: Issue, text: str, mark: Mark) -> bool:
        """Say why, and open again. Whether it was done: not where a person closed it, and not we."""
        talk = self.talk(issue.number)
        if talk is None or not talk.marks or talk.marks[-1].did != "closed":
            return False
        self._reply(issue, text, mark)
        self._change(issue, {"state": "open"}, "could not be opened again")
        return True

    def close(self, issue: Issue, text: str, mark: Mark, *, is_done: bool) -> None:
        """Say why, where that was not said before, and close."""
        talk = self.talk(issue.number)
        if talk is not None and mark not in talk.marks[-1:]:
            self._reply(issue, text, mark)
        reason = "completed" if is_done else "not_planned"
        self._change(issue, {"state": "closed", "state_reason": reason}, "could not be closed")

    def _reply(self, issue: Issue, text: str, mark: Mark) -> None:
        """Say something once, whatever becomes of the answer."""
        for _ in range(_ATTEMPTS):
            answer = self._api.write("POST", f"/issues/{issue.number}/comments", {"body": f"{text}\n\n{mark.text}"})
            if answer.is_good:
                return
            if not answer.is_open:
                break
            talk = self.talk(issue.number)
            if talk is not None and mark in talk.marks[-1:]:
                return
        raise failure(f"#{issue.number} could not be answered", answer, _RIGHT)

    def _change(self, issue: Issue, fields: Mapping[str, object], what: str) -> None:
        for _ in range(_ATTEMPTS):  # the same change twice is one
            answer = self._api.write("PATCH", f"/issues/{issue.number}", fields)
            if answer.is_good:
                return
            if not answer.is_open:
                break
        raise failure(f"#{issue.number} {what}", answer, _RIGHT)

    def _asked(self, document: str, variables: Mapping[str, object]) -> Reader:
        owner, _, name = self._api.target.repository.partition("/")
        answer = self._api.query(document, {"owner": owner, "name": name, **variables})
        if not answer.is_good:
            raise failure(f"The issues of {self._api.target.repository} could not be read", answer, _RIGHT)
        return Reader(answer.data, _WHERE).entry("repository")


def _issue(node: Reader) -> tuple[Issue, ...]:
    """The issue, where it is ours: no issue of somebody else counts, whatever mark it bears."""
    key = key_in(node.text("body")) if node.flag("viewerDidAuthor") else None
    if key is None:
        return ()
    return (
        Issue(
            node.count("number"),
            key,
            node.text("title"),
            node.text("body"),
            node.text("url"),
            node.text("state") == "OPEN",
            node.text("createdAt"),
            node.maybe_text("lastEditedAt") or "",
            _login(node, "author"),
        ),
    )


def _talk(issue: Issue, node: Reader, comments: list[Reader], events: list[Reader], labels: Labels) -> Talk:
    marks = tuple(mark for one in comments if one.flag("viewerDidAuthor") and (mark := mark_in(one.text("body"))))
    theirs = [one for one in comments if not (one.flag("viewerDidAuthor") and mark_in(one.text("body")))]
    standing = {label.text("name").casefold() for label in node.entry("labels").entries("nodes")}
    verbs = {labels.yes.casefold(): APPROVE, labels.no.casefold(): REJECT}
    last = {one.entry("label").text("name").casefold(): one for one in events}
    answers = (_label(issue, event, verbs[name]) for name, event in last.items() if name in verbs and name in standing)
    return Talk(issue, (*map(_comment, theirs), *answers), marks)


def _comment(node: Reader) -> Comment:
    return Comment(
        node.text("url"),
        _login(node, "author"),
        node.text("createdAt"),
        node.text("body"),
        is_machine=not _is_person(node, "author") or node.flag("viewerDidAuthor"),
        is_edited=node.has("lastEditedAt"),
        is_hidden=node.flag("isMinimized"),
    )


def _label(issue: Issue, event: Reader, verb: str) -> Label:
    login = _login(event, "actor")
    is_machine = not _is_person(event, "actor") or login.lower() == issue.poster.lower()
    changed = event.entry("label").maybe_text("updatedAt") or ""
    return Label(f"{issue.url}#label-{event.text('id')}", login, event.text("createdAt"), verb, is_machine, changed)


def _login(node: Reader, key: str) -> str:
    who = node.maybe_entry(key)
    return "" if who is None else who.text("login")


def _is_person(node: Reader, key: str) -> bool:
    who = node.maybe_entry(key)
    return who is not None and who.text("__typename") == "User"
