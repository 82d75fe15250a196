"""Say which rule decides a case, which were passed over, and for want of what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from remedy_gate.domain.decision import Decision

from .deciding import Decider, built_in
from .dimensions import DIMENSIONS
from .facts import UNKNOWN_DAY, Case, Circumstances, Facts
from .rules import Policy, Rule
from .waivers import Waiver, fits


class Step(NamedTuple):
    """One rule that was asked. `misses` says in words what does not fit; a rule without any is the one that decides."""

    number: int
    rule: Rule
    misses: tuple[str, ...]


class Explanation(NamedTuple):
    """Why a case is decided as it is. `before` is why no rule was asked, `left` how many rules were not reached."""

    decision: Decision
    before: str
    waivers: tuple[str, ...]
    steps: tuple[Step, ...]
    left: int
    late: str


def explain(
    case: Case, policy: Policy, circumstances: Circumstances = UNKNOWN_DAY, waivers: tuple[Waiver, ...] = ()
) -> Explanation:
    """The decision on a case, and everything that led to it."""
    decider = Decider(policy, circumstances, waivers)
    decision = decider.decide(case)
    passed = tuple(_passed(waiver) for waiver in waivers if fits(waiver, case.finding, case.match) and not waiver.holds)
    reason = built_in(case)
    waiver = None if reason else decider.waiver(case)
    if reason is not None or waiver is not None:
        before = reason if reason is not None else waiver.words if waiver else ""
        return Explanation(decision, before, passed, (), len(policy.rules), "")
    facts = decider.facts(case)
    steps = tuple(_steps(policy, facts))
    return Explanation(decision, "", passed, steps, len(policy.rules) - len(steps), decider.late(facts))


def explanation_lines(found: Explanation) -> Iterator[str]:
    """An explanation for a person to read, line by line."""
    for words in found.waivers:
        yield f"passed over  {words}"
    if found.before:
        yield f"no rule      {found.before}"
    for step in found.steps:
        name = f"{step.number}. {step.rule.name} -> {step.rule.action}"
        yield f"passed over  {name}: {'; '.join(step.misses)}" if step.misses else f"decides      {name}"
    if found.left and not found.before:
        yield f"not reached  {found.left} more"
    if found.late:
        yield f"besides      {found.late}, which blocks unless a rule ignores it"
    blocks = ", blocks" if found.decision.blocks else ""
    yield f"decision     {found.decision.action}{blocks}: {found.decision.rule}"


def _steps(policy: Policy, facts: Facts) -> Iterator[Step]:
    for number, rule in enumerate(policy.rules, 1):
        misses = tuple(_misses(rule, facts))
        yield Step(number, rule, misses)
        if not misses:
            return


def _misses(rule: Rule, facts: Facts) -> Iterator[str]:
    for dimension in DIMENSIONS:
        wanted = dimension.wanted(rule.when)
        if wanted is None:
            continue
        fact = dimension.fact(facts)
        if not dimension.fits(wanted, fact, rule):
            yield f"{dimension.key} is {_words(fact)}, the rule asks for {_words(wanted)}"


def _words(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "not known"
        case tuple():
            parts = [_words(item) if not isinstance(item, tuple) else "=".join(map(_words, item)) for item in value]
            return " or ".join(dict.fromkeys(parts)) or "none"
        case _:
            return str(value) or "none"


def _passed(waiver: Waiver) -> str:
    return f"waiver {waiver.number} ({waiver.subject}): it is {waiver.standing}, its last day is {waiver.expires}"
