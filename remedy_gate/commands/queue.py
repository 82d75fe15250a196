"""`remedy-gate queue`: patches that wait for a person's yes, and the answers to them."""

from __future__ import annotations

import argparse
import json

from remedy_gate.errors import PASSED, LedgerError, UsageError
from remedy_gate.ledger.approvals import APPROVAL, KINDS, REJECTION, Answer, Waiting, answer, queue
from remedy_gate.policy.dates import day_text
from remedy_gate.policy.rules import Policy
from remedy_gate.reporting.untrusted import one_line
from remedy_gate.settings import Settings

from .clock import new_id, now_text, today
from .ledgers import Opened, this_ledger
from .people import person
from .saying import say

_SHOWN = 12


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do what the verb says."""
    opened, policy = this_ledger(arguments.policy, settings)
    if arguments.verb in ("publish", "collect"):
        from .queue_issues import collect, publish

        return (publish if arguments.verb == "publish" else collect)(opened, policy, settings)
    found = queue(opened.ledger.records(KINDS), today(), from_issues=policy.github_alone)
    if arguments.verb == "list":
        _list(found, everything=arguments.all)
        return PASSED
    waiting = _named(found, arguments.patch)
    if arguments.verb == "show":
        _show(waiting, opened)
        return PASSED
    return _answer(waiting, arguments, settings, (opened, policy))


def _list(found: tuple[Waiting, ...], *, everything: bool) -> None:
    shown = [one for one in found if everything or one.state in ("waiting", "expired")]
    for one in shown:
        until = f" until {day_text(one.expires)}" if one.state == "approved" else ""
        by = f" by {one.by}" if one.by else ""
        line = f"{one.patch[:_SHOWN]}  {one.state}{until}{by}  {one.origin}  {one.address} ({one.path})  {one.asked}"
        say(one_line(line))
    say(f"{len(shown)} in the queue")


def _named(found: tuple[Waiting, ...], name: str) -> Waiting:
    """The patch of this id, in its newest state: the same patch with another proof is another request."""
    fitting = [one for one in found if name and one.patch.startswith(name)]
    if len({one.patch for one in fitting}) > 1:
        raise UsageError(f"{name} is the beginning of several patches.", "Give more of it.")
    if not fitting:
        raise UsageError(f"there is no patch {name!r} in the queue.", "`remedy-gate queue list --all` names them all.")
    return fitting[-1]


def _show(waiting: Waiting, opened: Opened) -> None:
    text = opened.ledger.attachment(waiting.attachment)
    if text is None:
        raise LedgerError("The diff and the proof of this patch are not kept any more.", "Run `check` again.")
    seen = json.loads(text)
    finding, patch, proof = seen["finding"], seen["patch"], seen["proof"]
    say(f"patch {waiting.patch}: {waiting.state}")
    say(f"{one_line(finding['severity'])}  {one_line(waiting.address)}: {one_line(finding['title'])}")
    say(f"made by {one_line(waiting.origin)}: {one_line(patch['rationale'])}\n")
    say("\n".join(patch["diff"].splitlines()))
    say(f"\n{proof['outcome']}")
    for check in proof["checks"]:
        say(f"  {check['name']:14} {check['status']:8} {one_line(check['detail'])}")


def _answer(waiting: Waiting, arguments: argparse.Namespace, settings: Settings, place: tuple[Opened, Policy]) -> int:
    opened, policy = place
    if policy.github_alone and arguments.verb == "approve":
        raise UsageError(
            "The policy takes a yes only from an issue on GitHub (`approvals: {answers: github}`).",
            "`remedy-gate queue publish` asks there.",
        )
    by = person(arguments.by, settings, "--by")
    at, approves = now_text(), arguments.verb == "approve"
    expires = today() + policy.approval_days if approves else 0
    kind = APPROVAL if approves else REJECTION
    opened.ledger.append((answer(waiting, Answer(kind, by, expires, arguments.reason), at, new_id()),))
    words = (
        f"approved until {day_text(expires)}: this very patch, of this code, with this proof"
        if approves
        else "rejected"
    )
    say(f"{waiting.patch[:_SHOWN]} is {words}.")
    return PASSED
