"""What people said under an issue that asks for a yes, and what counts of it. Pure: rights are handed in.

Whatever is not clearly the yes of somebody who may give it is none, and each thing that does not count has its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias, assert_never

from .dates import day_of, day_text

APPROVE, REJECT = "approve", "reject"
MOST_REASON = 300
_COMMAND = re.compile(r"remedy-gate[ \t]+(approve|reject)\b[ \t]*(.*)")
_SPEAKS = re.compile(r"(?mi)^[^\w\n]{0,40}remedy-gate[ \t]+(?:approve|reject)\b")


class Question(NamedTuple):
    """One patch that waits, asked about in one issue. `said_since`: when the issue last took the words that it has.

    `was_edited`: whether its words were ever changed; then what was said in that very second may be about the words
    before. `days` is how long a yes holds.
    """

    patch: str
    base: str
    proof: str
    said_since: str
    was_edited: bool
    days: int


class Comment(NamedTuple):
    """A comment. `at` is ISO 8601 in UTC; `is_machine`: written by an app or by the account that we post with."""

    address: str
    login: str
    at: str
    text: str
    is_machine: bool = False
    is_edited: bool = False
    is_hidden: bool = False


class Label(NamedTuple):
    """A label that stands on the issue, and who put it there last. `verb` is what it answers.

    `changed` is when the label itself last was, such as its name; empty where that is not known.
    """

    address: str
    login: str
    at: str
    verb: str
    is_machine: bool = False
    changed: str = ""


Said: TypeAlias = Comment | Label


class Right(NamedTuple):
    """What may be known of somebody who answers: `through` is what gives the right, empty for nothing.

    `because` says why there is none; `is_author`: whether the change is theirs, in part or whole, None where no one can say.
    """

    may_write: bool
    through: str = ""
    because: str = ""
    is_author: bool | None = False


class Heard(NamedTuple):
    """An answer in the right form, to the right question. Whether it counts depends on who gave it."""

    verb: str
    login: str
    at: str
    address: str
    reason: str = ""


class PassedOver(NamedTuple):
    """An answer that does not count, and why."""

    login: str
    address: str
    why: str


class Decision(NamedTuple):
    """The yes or no that counts. `expires` is the last day of a yes, in days since 1970; 0 for a no."""

    verb: str
    by: str
    at: str
    address: str
    through: str
    reason: str = ""
    expires: int = 0


def heard(
    question: Question, said: Iterable[Said], recorded: frozenset[str], today: int
) -> tuple[Heard | PassedOver, ...]:
    """Every answer to the question, in the order of time; what was recorded before says nothing new and is left out."""
    new = sorted((one for one in said if one.address not in recorded), key=lambda one: (one.at, one.address))
    return tuple(_heard(question, new, today))


def decided(
    found: Iterable[Heard | PassedOver], rights: Mapping[str, Right], days: int, *, self_approval: bool
) -> tuple[Decision | None, tuple[PassedOver, ...]]:
    """The answer that counts, if any, and everything that does not. One no is stronger than any yes."""
    passed: list[PassedOver] = []
    counted: list[Decision] = []
    for one in found:
        if isinstance(one, PassedOver):
            passed.append(one)
            continue
        right = rights.get(one.login.lower(), Right(may_write=False))
        why = _unfit(right, self_approval=self_approval)
        if why:
            passed.append(PassedOver(one.login, one.address, why))
            continue
        expires = (day_of(one.at) or 0) + days if one.verb == APPROVE else 0
        counted.append(Decision(one.verb, one.login, one.at, one.address, right.through, one.reason, expires))
    refusals = [one for one in counted if one.verb == REJECT]
    decision = next(iter(refusals or counted), None)
    if refusals:
        no = f"{refusals[0].by} said no, and that is stronger"
        passed += (PassedOver(one.by, one.address, no) for one in counted if one.verb == APPROVE)
    return decision, tuple(passed)


def _unfit(right: Right, *, self_approval: bool) -> str:
    if not right.may_write:
        return "they may not write to this repository"
    if not right.through:
        return right.because or "they are in none of the teams that may approve, and own no file of the patch"
    if self_approval or right.is_author is False:
        return ""
    if right.is_author is None:
        return (
            "whose change it is cannot be told, as no pull request or commit is known that it was asked for, or GitHub "
            "does not list all of it; and the policy has others answer for a change"
        )
    return "the change is their own, and the policy has others answer for it"


def _heard(question: Question, said: list[Said], today: int) -> Iterator[Heard | PassedOver]:
    for one in said:
        match one:
            case Comment():
                form: tuple[str, str] | str | None = _form(one.text, question.patch)
            case Label():
                form = (one.verb, "")
            case _:
                assert_never(one)
        if form is None:
            continue
        why = form if isinstance(form, str) else _stale(question, one, form[0], today)
        if why or isinstance(form, str):
            yield PassedOver(one.login, one.address, why)
        else:
            yield Heard(form[0], one.login, one.at, one.address, form[1])


def _form(text: str, patch: str) -> tuple[str, str] | str | None:
    """Verb and reason of a comment; why it is not an answer; or None where it does not try to be one."""
    lines = text.replace("\r\n", "\n").strip().split("\n")
    found = _COMMAND.fullmatch(lines[0].rstrip())
    if found is None:
        if not _SPEAKS.search(text):
            return None
        return "its first line is not the answer alone, as it stands in the issue"
    verb, (digest, _, rest) = found[1], found[2].partition(" ")
    more = "\n".join((rest, *lines[1:])).strip()
    if digest != patch:
        if digest and patch.startswith(digest):
            return "it gives only the beginning of the patch's digest"
        return "it names no digest" if not digest else "it names another patch"
    if _SPEAKS.search("\n".join(lines[1:])):
        return "it answers more than once"
    if verb == APPROVE and more:
        return "it says more than yes, and a yes under conditions is none"
    return verb, " ".join(more.split())[:MOST_REASON]


def _stale(question: Question, one: Said, verb: str, today: int) -> str:
    """Why an answer in the right form does not count whoever gave it; empty where it may."""
    if not one.login:
        return "nobody knows any more who wrote it"
    if one.is_machine:
        return "it is from an app, or from the account that posts the issues, and not from a person"
    if isinstance(one, Comment) and one.is_edited:
        return "it was edited: nobody can tell what it said before. Write a new one"
    if isinstance(one, Comment) and one.is_hidden:
        return "it was hidden"
    if isinstance(one, Label) and verb == APPROVE and one.changed > one.at:
        return "the label itself was changed after it was put on, and may have had another name. Put it on again"
    if one.at < question.said_since or (question.was_edited and one.at == question.said_since):
        return "the words of the issue were changed after it. Answer anew"
    day = day_of(one.at)
    if day is None:
        return "its date cannot be read"
    if verb == APPROVE and day + question.days < today:
        return f"it held until {day_text(day + question.days)}"
    return ""
