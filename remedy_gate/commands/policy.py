"""`remedy-gate policy`: say whether policy and waivers are right, what they come to, and which rule decides what."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.changes.repository import enclosing_repository
from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.errors import MISUSED, PASSED
from remedy_gate.policy.aliases import refuse_unknown
from remedy_gate.policy.approving import ApprovalChoice
from remedy_gate.policy.rules import ALWAYS, Policy, Rule
from remedy_gate.policy.waivers import WAIVERS_FILE, Standing, Waiver
from remedy_gate.reporting.untrusted import one_line
from remedy_gate.settings import Settings, choose_controls, choose_policy, choose_waivers

from .clock import today
from .saying import say, warn


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do what the verb says."""
    match arguments.verb:
        case "explain":
            from .explaining import explain_findings

            return explain_findings(arguments, settings)
        case "schema":
            import json

            from remedy_gate.policy.json_schema import policy_schema

            sys.stdout.write(json.dumps(policy_schema(), indent=2) + "\n")
            return PASSED
        case _:
            return _check(arguments, settings)


def _check(arguments: argparse.Namespace, settings: Settings) -> int:
    """Read both files as a run would; a waiver that cannot hold is as wrong as a rule that cannot be read."""
    tree = WorkingTree(enclosing_repository(settings.directory) or settings.directory)
    policy = choose_policy(arguments.policy, tree, None, in_ci=False).policy
    waivers = choose_waivers(tree, None, today(), in_ci=False).waivers
    if policy.aliases:
        refuse_unknown(policy, Catalogue(choose_controls(tree, None, in_ci=False)))
    say("\n".join((*_lines(policy), *_waiver_lines(waivers))))
    wrong = [waiver for waiver in waivers if waiver.standing in (Standing.MALFORMED, Standing.TOO_FAR)]
    for waiver in wrong:
        words = f"waiver {waiver.number}: `expires` is {waiver.expires!r}: {waiver.standing}"
        warn(f"{WAIVERS_FILE}: {one_line(words)}.")
    return MISUSED if wrong else PASSED


def _lines(policy: Policy) -> Iterator[str]:
    yield f"{policy.origin}: right. The first rule that fits decides:"
    for number, rule in enumerate(policy.rules, 1):
        yield f"  {number}. {rule.name} -> {rule.action}{_approval(rule)}"
    for environment in policy.environments:
        yield f"  environment {environment.name}"
    for severity, days in policy.levels.items():
        yield f"  service level: {severity} problems block after {days} days"
    for name, value in policy.parameters.items():
        yield f"  parameter {name} = {value}"
    for alias, controls in policy.aliases.items():
        yield f"  rule {alias} is taken for {' or '.join(controls)}"
    yield f"  inline skips: {policy.inline_skips}"
    yield f"  approvals hold {policy.approval_days} days"
    yield f"  in GitHub may approve: {_approvers(policy)}"
    yield f"  ledger: {policy.ledger.kind}"


def _approvers(policy: Policy) -> str:
    choice = policy.approvals or ApprovalChoice()
    teams = [f"the team {team}" for team in choice.teams]
    who = ", ".join((*teams, *(("code owners",) if choice.code_owners else ()))) or "nobody"
    own = "their own changes too" if choice.self_approval else "never a change of their own"
    return f"{who}; {own}{'; no yes counts from elsewhere' if choice.github_alone else ''}"


def _approval(rule: Rule) -> str:
    if rule.until is None:
        return ""
    if rule.until == ALWAYS:
        return ", once a person approves the patch"
    return f", once a person approves the patch or {rule.until.approved} of its kind were approved"


def _waiver_lines(waivers: Iterable[Waiver]) -> Iterator[str]:
    for waiver in waivers:
        yield f"waiver {waiver.number}: {waiver.subject}, {waiver.owner}, until {waiver.expires}: {waiver.standing}"
