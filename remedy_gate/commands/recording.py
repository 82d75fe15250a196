"""Record what a run did. Whatever goes wrong here is told, and the run's verdict stays what it is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from remedy_gate import __version__
from remedy_gate.domain.ledger import Entry
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.errors import LedgerError
from remedy_gate.ledger import spool
from remedy_gate.ledger.entries import Trigger, generations, run_entries
from remedy_gate.policy.deciding import awaits_approval
from remedy_gate.policy.facts import Circumstances, environments_of
from remedy_gate.policy.rules import Policy
from remedy_gate.settings import Settings, run_facts

from .clock import new_id, now_text, today
from .ledgers import Opened, open_ledger
from .saying import warn

if TYPE_CHECKING:
    from remedy_gate.ledger.approvals import Asking, LedgerPast, Places


def recall(policy: Policy, root: str, settings: Settings) -> tuple[LedgerPast | None, str]:
    """What the ledger remembers, where a rule asks for it; else None, and why there is nothing where it failed."""
    if not policy.asks_of_the_past:
        return None, ""
    from remedy_gate.ledger.approvals import LedgerPast

    try:
        opened = open_ledger(policy.ledger, root, settings)
        places = _places(policy, settings)
        if opened is None:
            return None, ""
        return LedgerPast(opened.ledger, today(), places, from_issues=policy.github_alone), ""
    except LedgerError as error:
        return None, f"{error} So nothing counts as approved."


def record_run(
    report: Report, command: str, policy: Policy, root: str, settings: Settings, more: tuple[Entry, ...] = ()
) -> None:
    """Record a run and everything that was decided in it, and put into the queue what waits for a person.

    `more` are entries of the run's own, such as the calls of a model.

    :raises LedgerError: only where the policy says that a run has to be recorded.
    """
    at = now_text()
    trigger = trigger_of(command, at, policy, settings)
    record(
        (
            *run_entries(report, trigger, new_id, generations(more)),
            *more,
            *_follow_ups(report, at, _places(policy, settings), settings),
        ),
        policy,
        root,
        settings,
    )


def _follow_ups(report: Report, at: str, places: Places, settings: Settings) -> Iterator[Entry]:
    """What comes of a run: patches that now wait for a person, and those that were applied."""
    for item in report.remediations:
        if item.patch is None or item.proof is None:
            continue
        if awaits_approval(item.decision):
            from remedy_gate.ledger.approvals import request

            yield request(item, at, _seen(item), places(item.finding, item.patch), _asking(settings))
        elif _is_applied(item, report):
            from remedy_gate.ledger.approvals import outcome

            yield outcome(item, "applied", at, new_id)


def _asking(settings: Settings) -> Asking:
    """The change for which this run asks: whoever made it may be forbidden to answer."""
    from remedy_gate.ledger.approvals import Asking

    from .events import change_of_run

    return Asking(run_facts(settings).repository, *change_of_run(settings))


def _places(policy: Policy, settings: Settings) -> Places:
    circumstances = Circumstances(None, run_facts(settings).workspace)
    return lambda finding, patch: environments_of(finding, patch, policy.environments, circumstances)


def record(entries: Iterable[Entry], policy: Policy, root: str, settings: Settings) -> None:
    """Record entries, those first that wait from earlier. See `record_run`."""
    new = tuple(entries)
    opened: Opened | None = None
    try:
        opened = open_ledger(policy.ledger, root, settings)
        if opened is None:
            return
        waiting = spool.kept(opened.folder) if opened.folder else ()
        head = opened.ledger.append((*waiting, *new))
        if waiting and opened.folder:
            spool.drop(opened.folder, waiting)
        if settings.in_ci:  # a head that others have seen is what a cut end is found out by
            sys.stderr.write(f"remedy-gate: ledger head {head.seq}:{head.hash}\n")
    except LedgerError as error:
        _not_recorded(error, new, opened, policy)


def trigger_of(command: str, at: str, policy: Policy, settings: Settings) -> Trigger:
    """What set this run off, as far as the surroundings tell."""
    facts = run_facts(settings)
    return Trigger(
        at=at,
        command=command,
        version=__version__,
        run=new_id(),
        repository=facts.repository,
        commit=facts.commit,
        base=facts.base,
        pull_request=facts.pull_request,
        workflow=facts.workflow,
        runner=facts.runner,
        policy=policy.origin,
        policy_digest=policy.digest,
    )


def _not_recorded(error: LedgerError, entries: tuple[Entry, ...], opened: Opened | None, policy: Policy) -> None:
    where = "They are lost but for this run's report."
    if opened is not None and opened.folder is not None:
        try:
            spool.keep(opened.folder, entries)
            where = "They wait in the git directory, and the next run records them."
        except OSError as second:
            where = f"They cannot wait in the git directory either ({second.strerror}): keep this run's report."
    words = f"{error} {len(entries)} records of this run were not recorded. {where}"
    if policy.ledger.required:
        raise LedgerError(words)
    warn(words)


def _is_applied(item: Remediation, report: Report) -> bool:
    paths = [file.path for file in item.patch.files] if item.patch else []
    return item.decision.action in ("suggest", "apply") and bool(paths) and set(paths) <= set(report.applied)


def _seen(item: Remediation) -> str:
    """What a person has to see to say yes: the finding, the diff and the proof, as in the report."""
    import json

    from remedy_gate.reporting.json_report import report_object

    remediations = report_object(Report(Verdict.PASS, (item,)))["remediations"]
    assert isinstance(remediations, list)
    return json.dumps(remediations[0])
