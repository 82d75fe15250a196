"""Decide what is done with a remediation. The rule that said so is always named."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.domain.decision import Action, Decision
from remedy_gate.domain.finding import Finding, Kind
from remedy_gate.domain.match import InCode, Match, MatchState
from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.proof import CheckName, Outcome, Proof

from .rules import Condition, Policy, Rule, matches_name, matches_path


class Case(NamedTuple):
    """Everything that a decision may look at.

    `touched`: the change touches the resource; `introduced`: it made the problem (None: the code cannot tell).
    """

    finding: Finding
    match: Match
    remedy: Patch | NoPatch
    proof: Proof | None
    touched: bool
    introduced: bool | None


def decide(case: Case, policy: Policy) -> Decision:
    """The decision, and the rule that made it."""
    if case.finding.kind is not Kind.MISCONFIGURATION:
        return Decision(
            Action.IGNORE, False, f"built in: the gate repairs misconfigurations, this is a {case.finding.kind}"
        )
    if case.match.state is not MatchState.MATCHED:
        return Decision(Action.IGNORE, False, f"built in: {case.match.state} findings are listed, never patched")
    if case.match.in_code is InCode.FIXED:
        return Decision(Action.IGNORE, False, "built in: the code is right already, the finding waits for a deployment")
    if not case.touched:
        return Decision(Action.IGNORE, False, "built in: this change does not touch the resource")
    rule = next((rule for rule in policy.rules if _fits(rule.when, case)), None)
    if rule is None:
        return _with_patch(case, Action.SUGGEST, blocks=False, rule="built in: no rule fits, so it is suggested")
    match rule.action:
        case "block":
            return _with_patch(case, Action.SUGGEST, blocks=True, rule=rule.name)
        case "apply":
            return _apply(case, rule)
        case action:
            return _with_patch(case, Action(action), blocks=False, rule=rule.name)


def _apply(case: Case, rule: Rule) -> Decision:
    """Apply only what is proven and changes in place: never what may replace or destroy."""
    if case.proof is not None and case.proof.outcome is Outcome.PROVEN:
        disruption = next(check for check in case.proof.checks if check.name is CheckName.DISRUPTION)
        if disruption.status == "pass" and not disruption.detail.startswith("REPLACES"):
            return Decision(Action.APPLY, False, rule.name)
        return _with_patch(case, Action.SUGGEST, blocks=False, rule=f"{rule.name}; not applied, as it may replace")
    return _with_patch(case, Action.SUGGEST, blocks=False, rule=rule.name)


def _with_patch(case: Case, action: Action, *, blocks: bool, rule: str) -> Decision:
    """The action as far as the proof allows: only what is proven is suggested, what is refuted is withheld."""
    if action in (Action.IGNORE, Action.WITHHOLD, Action.ANNOTATE):
        return Decision(action, blocks, rule)
    if case.proof is None:
        return Decision(Action.ANNOTATE, blocks, rule)
    match case.proof.outcome:
        case Outcome.PROVEN:
            return Decision(action, blocks, rule)
        case Outcome.UNPROVEN:
            return Decision(Action.WITHHOLD, blocks, f"{rule}; the patch is withheld, as it is not proven")
        case Outcome.REFUTED:
            return Decision(Action.WITHHOLD, blocks, f"{rule}; the patch is withheld, as a check refutes it")


def _fits(when: Condition, case: Case) -> bool:
    finding, resource = case.finding, case.match.resource
    path, type_name = (resource.path, resource.type) if resource else ("", "")
    names = (finding.control or "", finding.rule_id)
    proven = case.proof is not None and case.proof.outcome is Outcome.PROVEN
    return (
        (not when.severities or finding.severity in when.severities)
        and (not when.controls or any(matches_name(name, wanted) for name in names for wanted in when.controls))
        and (not when.sources or any(source in when.sources for source in (*finding.sources, finding.source)))
        and (not when.paths or any(matches_path(path, pattern) for pattern in when.paths))
        and (not when.types or any(matches_name(type_name, pattern) for pattern in when.types))
        and (when.introduced is None or (case.introduced is True) == when.introduced)
        and (when.proven is None or proven == when.proven)
    )
