"""What the queue and its issues on GitHub have to do with one another: whom to ask, with which words, about what."""

from __future__ import annotations

import sys
import time
from typing import NamedTuple

from remedy_gate.errors import ReportingError, UsageError
from remedy_gate.ledger.answers import KINDS as ANSWERS
from remedy_gate.ledger.answers import Asked as KnownAnswers
from remedy_gate.ledger.answers import asked
from remedy_gate.ledger.approvals import KINDS, Asking, Waiting, queue
from remedy_gate.policy.approving import ApprovalChoice
from remedy_gate.policy.dates import day_of, day_text
from remedy_gate.policy.rules import Policy
from remedy_gate.reporting.approval_issue import Case, Desk, Key, Words, issue_words, patched_files
from remedy_gate.reporting.approval_plan import Asked, Issue, Settled, Standing
from remedy_gate.reporting.github_api import Api, Clock, Target
from remedy_gate.reporting.github_issues import Issues, Labels
from remedy_gate.reporting.github_people import Change, People, Rules, Subject
from remedy_gate.reporting.markdown_text import prose
from remedy_gate.settings import Settings, github_settings

from .ledgers import Opened

QUIET_DAYS = 30
"""A patch that no run asked for in so many days does not wait any more: its code or its finding is another now."""


class Counter(NamedTuple):
    """Where answers are given and taken: the ledger, the repository's issues, and who may answer."""

    opened: Opened
    choice: ApprovalChoice
    desk: Desk
    repository: str
    issues: Issues
    people: People


class Pending(NamedTuple):
    """A patch that somebody still has to answer for, with the words of its issue; `trouble` where there are none."""

    waiting: Waiting
    words: Words | None
    subject: Subject
    trouble: str = ""


def counter(opened: Opened, policy: Policy, settings: Settings, clock: Clock | None = None) -> Counter:
    """Everything that is needed. Raises `UsageError` where there is no repository or no token."""
    github, choice = github_settings(settings), policy.approvals or ApprovalChoice()
    if not github.repository:
        raise UsageError("There is no repository to ask in.", "Set GITHUB_REPOSITORY to owner/name.")
    if settings.in_ci and policy.ledger.kind == "local":
        sys.stderr.write(
            "remedy-gate: the ledger is in this checkout's git directory, where a workflow begins anew each time; "
            "name a shared one in the policy (docs/ledger.md).\n"
        )
    target = Target(github.token, github.repository, 0, github.api_url)
    organisation = github.repository.partition("/")[0]
    teams = tuple(f"{organisation}/{team}" for team in choice.teams)
    clock = clock or Clock(time.time, time.sleep)
    api, members = Api(target, clock), Api(target._replace(token=github.members_token), clock)
    desk = Desk(
        policy.approval_days,
        teams,
        choice.code_owners,
        choice.self_approval,
        choice.yes_label,
        choice.no_label,
        policy.disclosure == "minimal",
    )
    people = People(api, members, Rules(teams, choice.code_owners, choice.self_approval))
    labels = Labels(choice.label, choice.yes_label, choice.no_label)
    return Counter(opened, choice, desk, github.repository, Issues(api, labels), people)


class Queue(NamedTuple):
    """Every patch that was asked about in this repository, or by a run that named none, and what is known of answers."""

    found: tuple[Waiting, ...]
    asked: KnownAnswers
    today: int

    @property
    def waits(self) -> tuple[Waiting, ...]:
        """Those that somebody still has to answer for."""
        return tuple(one for one in self.found if settled(one, self) is None)


def the_queue(place: Counter, today: int) -> Queue:
    """The queue as it stands on a day."""
    ledger = place.opened.ledger
    everything = queue(ledger.records(KINDS), today, from_issues=place.choice.github_alone)
    here = tuple(one for one in everything if _changes(one, place.repository) or not _is_elsewhere(one))
    return Queue(here, asked(ledger.records(ANSWERS), place.repository), today)


def pending(place: Counter, queued: Queue) -> tuple[Pending, ...]:
    """Those that somebody has to answer for. What cannot be shown cannot be asked: it has its trouble."""
    return tuple(_pending(place, one) for one in queued.waits)


def settled(one: Waiting, queued: Queue) -> Settled | None:
    """Why a patch does not wait any more; None where it does."""
    by, last, today = prose(one.by, 100), day_of(one.last or one.asked), queued.today
    if one.state == "approved":
        return Settled(f"Approved by {by} until {day_text(one.expires)}: this very patch, of this code.", is_done=True)
    if one.state == "rejected":
        return Settled(f"Rejected by {by}.", is_done=False)
    if one.state == "expired" and (last is None or last <= one.expires):
        held = f"The approval of {by} held until {day_text(one.expires)}, and no run has asked for another."
        return Settled(held, is_done=True)
    if queued.asked.repaired.get(one.patch, "") > (one.last or one.asked):
        return Settled("The patch was taken over, and no run has asked for it since.", is_done=True)
    if last is not None and last + QUIET_DAYS < today:
        return Settled(f"No run has asked for this patch since {day_text(last)}.", is_done=False)
    return None


def standings(place: Counter, queued: Queue) -> tuple[dict[Key, Standing], tuple[Pending, ...]]:
    """How each patch stands, for its issue; and those that cannot be asked about."""
    standing: dict[Key, Standing] = {}
    troubled: list[Pending] = []
    for one in queued.found:
        done = settled(one, queued)
        if done is not None:
            standing[one.key] = done
            continue
        asks = _pending(place, one)
        if asks.words is None:
            troubled.append(asks)
            continue
        ended = f"The approval of {prose(one.by, 100)} held until {day_text(one.expires)}. "
        again = f"{ended if one.state == 'expired' else ''}The patch is asked for again and waits for a new answer."
        standing[one.key] = Asked(asks.words, again)
    return standing, tuple(troubled)


def our_issues(place: Counter, queued: Queue) -> tuple[Issue, ...]:
    """The issues that we wrote, by their label or as the ledger knows them: a label can be taken off."""
    known = queued.asked.issues
    return place.issues.ours(known[one.key] for one in queued.waits if one.key in known)


def _pending(place: Counter, one: Waiting) -> Pending:
    seen = place.opened.ledger.attachment(one.attachment)
    changes = _changes(one, place.repository)
    if seen is None:
        return Pending(
            one, None, Subject((), changes), "its diff and its proof are not kept any more; run `check` again"
        )
    number = next((change.pull_request for change in changes if change.pull_request), 0)
    try:
        words = issue_words(Case(one.key, one.address, one.path, one.places, number, seen), place.desk)
        return Pending(one, words, Subject(patched_files(seen), changes))
    except ReportingError as error:
        return Pending(one, None, Subject((), changes), str(error))


def _changes(one: Waiting, repository: str) -> tuple[Change, ...]:
    """The changes of this repository for which it was asked about."""
    own = (asking for asking in one.askings if asking.repository.lower() == repository.lower())
    return tuple(dict.fromkeys(_change(asking) for asking in own))


def _change(asking: Asking) -> Change:
    return Change(asking.pull_request, "" if asking.pull_request else asking.commit)


def _is_elsewhere(one: Waiting) -> bool:
    return any(asking.repository for asking in one.askings)
