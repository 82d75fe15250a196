"""Decide what is done with a remediation. The rule that said so is always named."""

from __future__ import annotations

from remedy_gate.domain.decision import Action, Decision
from remedy_gate.domain.finding import Kind
from remedy_gate.domain.match import InCode, MatchState
from remedy_gate.domain.patch import Patch
from remedy_gate.domain.proof import Outcome

from .facts import IN_PLACE, UNKNOWN_DAY, Case, Circumstances, Facts, facts_of
from .rules import ALWAYS, Policy, Rule
from .ruling import Ruling
from .waivers import Waiver, waiver_for

_APPROVED = "; approved by "
_LATE = "; open for "
_AWAITS = "; the patch waits for a person's approval"


class Decider:
    """One policy, with the waivers and the circumstances of a run, made ready to decide many cases."""

    __slots__ = ("_circumstances", "_policy", "_ruling", "_waivers")

    def __init__(
        self, policy: Policy, circumstances: Circumstances = UNKNOWN_DAY, waivers: tuple[Waiver, ...] = ()
    ) -> None:
        self._policy = policy
        self._circumstances = circumstances
        self._waivers = waivers
        self._ruling = Ruling(policy.rules)

    def decide(self, case: Case) -> Decision:
        """The decision, and the rule that made it."""
        reason = built_in(case)
        if reason is not None:
            return Decision(Action.IGNORE, False, f"built in: {reason}")
        waiver = self.waiver(case)
        if waiver is not None:
            return Decision(Action.IGNORE, False, waiver.words)
        facts = self.facts(case)
        rule = self._ruling.first(facts)
        if rule is None:
            return _with_patch(facts, Action.SUGGEST, blocks=False, rule="built in: no rule fits, so it is suggested")
        decision = _by_rule(case, rule, facts)
        late = self.late(facts)
        if late and decision.action is not Action.IGNORE:
            return decision._replace(blocks=True, rule=f"{decision.rule}; {late}")
        return decision

    def ignores_any_patch(self, case: Case) -> bool:
        """Whether the case is ignored whatever anybody proposes, so that nobody has to be paid for a proposal."""
        if built_in(case) is not None or self.waiver(case) is not None:
            return True
        rule = self._ruling.first(self.facts(case))
        if rule is None or rule.action != "ignore":
            return False
        until_here = self._policy.rules[: self._policy.rules.index(rule) + 1]
        return not any(one.when.looks_at_patch for one in until_here)

    def waiver(self, case: Case) -> Waiver | None:
        """The first waiver that holds today and fits."""
        return waiver_for(case.finding, case.match, self._waivers) if self._waivers else None

    def facts(self, case: Case) -> Facts:
        """The case in the terms of rules."""
        return facts_of(case, self._policy.environments, self._circumstances)

    def late(self, facts: Facts) -> str:
        """Which service level is broken, in words; the empty text where none is."""
        most = self._policy.levels.get(facts.severity)
        if most is None or facts.age is None or facts.age <= most:
            return ""
        return f"{_LATE.removeprefix('; ')}{facts.age} days, and the service level for {facts.severity} is {most}"


def decide(case: Case, policy: Policy) -> Decision:
    """The decision on one case, where nothing is known of the day and nothing is waived."""
    return Decider(policy).decide(case)


def awaits_approval(decision: Decision) -> bool:
    """Whether the patch is withheld for want of a person's yes."""
    return decision.action is Action.WITHHOLD and _AWAITS in decision.rule


def approved(decision: Decision) -> bool:
    """Whether a person's yes let the patch through: it holds for that very patch and for no other."""
    return _APPROVED in decision.rule


def approver(decision: Decision) -> str | None:
    """Who said yes to the patch, where a person's yes let it through."""
    _, marker, words = decision.rule.partition(_APPROVED)
    return words.partition(_LATE)[0] if marker else None


def built_in(case: Case) -> str | None:
    """Why no rule is asked, in words; None where rules decide."""
    if case.finding.kind is not Kind.MISCONFIGURATION:
        return f"the gate repairs misconfigurations, this is a {case.finding.kind}"
    if case.match.state is not MatchState.MATCHED:
        return f"{case.match.state} findings are listed, never patched"
    if case.match.in_code is InCode.FIXED:
        return "the code is right already, the finding waits for a deployment"
    if not case.touched:
        return "this change does not touch the resource"
    return None


def _by_rule(case: Case, rule: Rule, facts: Facts) -> Decision:
    match rule.action:
        case "block":
            decision = _with_patch(facts, Action.SUGGEST, blocks=True, rule=rule.name)
        case "apply":
            decision = _apply(facts, rule)
        case action:
            decision = _with_patch(facts, Action(action), blocks=False, rule=rule.name)
    if rule.until is None or decision.action not in (Action.SUGGEST, Action.APPLY):
        return decision
    return _with_approval(case, rule, decision)


def _with_approval(case: Case, rule: Rule, decision: Decision) -> Decision:
    """The decision, if a person said yes to this very patch or the track record of its origin is good enough."""
    assert isinstance(case.remedy, Patch)
    until, standing = rule.until, case.memory.standing
    if case.memory.approver is not None:
        return decision._replace(rule=f"{decision.rule}{_APPROVED}{case.memory.approver}")
    if until not in (None, ALWAYS) and standing.approved >= until.approved and standing.reverted <= until.reverted:
        record = f"{standing.approved} approved and {standing.reverted} reverted patches of {case.remedy.origin.name}"
        return decision._replace(rule=f"{decision.rule}; no approval needed after {record}")
    return Decision(Action.WITHHOLD, decision.blocks, f"{decision.rule}{_AWAITS} ({case.remedy.id[:12]})")


def _apply(facts: Facts, rule: Rule) -> Decision:
    """Apply only what is proven and changes in place: never what may replace or destroy."""
    if facts.proof != Outcome.PROVEN:
        return _with_patch(facts, Action.SUGGEST, blocks=False, rule=rule.name)
    if facts.disruption == IN_PLACE:
        return Decision(Action.APPLY, False, rule.name)
    return _with_patch(facts, Action.SUGGEST, blocks=False, rule=f"{rule.name}; not applied, as it may replace")


def _with_patch(facts: Facts, action: Action, *, blocks: bool, rule: str) -> Decision:
    """The action as far as the proof allows: only what is proven is suggested, what is refuted is withheld."""
    if action in (Action.IGNORE, Action.WITHHOLD, Action.ANNOTATE):
        return Decision(action, blocks, rule)
    match facts.proof:
        case Outcome.PROVEN:
            return Decision(action, blocks, rule)
        case Outcome.UNPROVEN:
            return Decision(Action.WITHHOLD, blocks, f"{rule}; the patch is withheld, as it is not proven")
        case Outcome.REFUTED:
            return Decision(Action.WITHHOLD, blocks, f"{rule}; the patch is withheld, as a check refutes it")
        case _:
            return Decision(Action.ANNOTATE, blocks, rule)
