"""`remedy-gate queue publish` and `queue collect`: ask for a person's yes in issues on GitHub, and take the answers."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import NamedTuple, assert_never

from remedy_gate.domain.ledger import Entry
from remedy_gate.errors import FAILED, PASSED
from remedy_gate.ledger.answers import answer_id, issue_opened
from remedy_gate.ledger.approvals import APPROVAL, REJECTION, Answer, Waiting, answer
from remedy_gate.policy.answering import APPROVE, Decision, Heard, PassedOver, Question, decided, heard
from remedy_gate.policy.dates import day_text
from remedy_gate.policy.rules import Policy
from remedy_gate.reporting.approval_plan import (
    CLOSED_BY_HAND,
    Asked,
    Close,
    Edit,
    Issue,
    Leave,
    Open,
    Reopen,
    Step,
    steps,
)
from remedy_gate.reporting.marker import same_words
from remedy_gate.reporting.wording import counted
from remedy_gate.settings import Settings

from .clock import now_text, today
from .ledgers import Opened
from .queue_desk import Counter, Pending, Queue, counter, our_issues, pending, standings, the_queue
from .saying import say_line

_SHOWN = 12


def publish(opened: Opened, policy: Policy, settings: Settings) -> int:
    """Make the issues say what the queue says. Ends with 3 where a patch cannot be shown to those who decide."""
    return published(counter(opened, policy, settings), settings)


def collect(opened: Opened, policy: Policy, settings: Settings) -> int:
    """Record what people who may answer have answered. Nothing is recorded where anything could not be read."""
    return collected(counter(opened, policy, settings), settings)


def published(place: Counter, settings: Settings) -> int:
    """See `publish`."""
    queue = the_queue(place, today())
    queued, troubled = standings(place, queue)
    waiting = {one.key: one for one in queue.found}
    everything = steps(queued, our_issues(place, queue))
    done = sum(_done(place, step, waiting, settings) for step in everything)
    for one in troubled:
        say_line(f"{one.waiting.patch[:_SHOWN]} is asked about nowhere: {one.trouble}.")
    asks = sum(isinstance(one, Asked) for one in queued.values())
    say_line(f"{counted(asks, 'patch', 'patches')} to be answered for; {counted(done, 'issue')} changed.")
    return FAILED if troubled else PASSED


def _done(place: Counter, step: Step, waiting: dict[tuple[str, str, str], Waiting], settings: Settings) -> bool:
    """Do one step, and say so. Whether anything was changed."""
    match step:
        case Open(key, words):
            issue, note = place.issues.open(key, words, place.choice.assignees)
            opened = issue_opened(waiting[key], place.repository, issue.number, issue.url, now_text())
            _record(place, (opened,), settings)
            say_line(f"#{issue.number} opened: {words.title}. {note}")
        case Edit(issue, words):
            place.issues.edit(issue, words)
            say_line(f"#{issue.number} has other words now; what was answered before does not count.")
        case Close(issue, why, is_done):
            place.issues.close(issue, why, step.mark, is_done=is_done)
            say_line(f"#{issue.number} closed: {why}")
        case Reopen(issue, why):
            if not place.issues.reopen(issue, why, step.mark):
                say_line(f"#{issue.number} left alone: {CLOSED_BY_HAND}.")
                return False
            say_line(f"#{issue.number} opened again: {why}")
        case Leave(issue, why):
            say_line(f"#{issue.number} left alone: {why}.")
            return False
        case _:
            assert_never(step)
    return True


class _Case(NamedTuple):
    """A patch that waits, its issue, and what was said there."""

    asks: Pending
    issue: Issue
    found: tuple[Heard | PassedOver, ...]


def collected(place: Counter, settings: Settings) -> int:
    """See `collect`."""
    queue = the_queue(place, today())
    issues = our_issues(place, queue)
    cases = tuple(_cases(place, queue, issues))
    entries: list[Entry] = []
    told: list[str] = []
    for case in cases:  # everything is read before anything is written
        logins = {one.login for one in case.found if isinstance(one, Heard)}
        rights = {login.lower(): place.people.right(login, case.asks.subject) for login in sorted(logins)}
        desk = place.desk
        decision, passed = decided(case.found, rights, desk.days, self_approval=desk.self_approval)
        for one in passed:
            say_line(
                f"#{case.issue.number}: the answer of {one.login or 'nobody'} does not count: {one.why}. {one.address}"
            )
        if decision is not None:
            entries.append(_entry(case, decision))
            told.append(f"#{case.issue.number}: {_told(decision)} ({decision.through}). {decision.address}")
    _record(place, entries, settings)
    for line in told:
        say_line(line)
    queued, _ = standings(place, the_queue(place, queue.today))
    for step in steps(queued, issues):
        if isinstance(step, Close):
            _done(place, step, {}, settings)
    say_line(
        f"{counted(len(cases), 'patch', 'patches')} to be answered for; {counted(len(entries), 'answer')} recorded."
    )
    return PASSED


def _cases(place: Counter, queue: Queue, issues: tuple[Issue, ...]) -> Iterable[_Case]:
    for one in pending(place, queue):
        issue = next((it for it in issues if it.key == one.waiting.key and it.is_open), None)
        if issue is None or one.words is None:
            continue
        talk = place.issues.talk(issue.number)
        if talk is None:
            continue
        issue = talk.issue
        if not same_words(issue.body, one.words.body):
            say_line(
                f"#{issue.number}: no answer counts, as the issue does not say what is asked; `queue publish` mends it."
            )
            continue
        patch, base, proof = one.waiting.key
        since, was_edited = issue.edited or issue.created, bool(issue.edited)
        question = Question(patch, base, proof, since, was_edited, place.desk.days)
        yield _Case(one, issue, heard(question, talk.said, queue.asked.comments, queue.today))


def _entry(case: _Case, decision: Decision) -> Entry:
    kind = APPROVAL if decision.verb == APPROVE else REJECTION
    said = Answer(
        kind,
        decision.by,
        decision.expires,
        decision.reason,
        case.issue.url,
        decision.address,
        decision.through,
    )
    waiting = case.asks.waiting
    return answer(waiting, said, now_text(), answer_id(waiting, decision.address))


def _told(decision: Decision) -> str:
    if decision.verb == APPROVE:
        return f"{decision.by} said yes, until {day_text(decision.expires)}"
    return f"{decision.by} said no"


def _record(place: Counter, entries: Iterable[Entry], settings: Settings) -> None:
    new = tuple(entries)
    if not new:
        return
    head = place.opened.ledger.append(new)
    if settings.in_ci:  # a head that others have seen is what a cut end is found out by
        sys.stderr.write(f"remedy-gate: ledger head {head.seq}:{head.hash}\n")
