"""What a rule can ask for, one entry a key: the deciding and the explaining read the same table."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from .facts import Facts, tags_fit
from .patterns import matches_name, matches_path
from .rules import PERMISSIVE, Condition, Rule


class Dimension(NamedTuple):
    """One key of `when`. `wanted` is what a rule asks for, None where it does not; `fits` compares it with the fact."""

    key: str
    wanted: Callable[[Condition], Any]
    fact: Callable[[Facts], Hashable]
    fits: Callable[[Any, Any, Rule], bool]


def _among(wanted: tuple[str, ...], fact: str, _rule: Rule) -> bool:
    return fact in wanted


def _any_among(wanted: tuple[str, ...], facts: tuple[str, ...], _rule: Rule) -> bool:
    return any(fact in wanted for fact in facts)


def _name(wanted: tuple[str, ...], fact: str, _rule: Rule) -> bool:
    return any(matches_name(fact, pattern) for pattern in wanted)


def _any_name(wanted: tuple[str, ...], facts: tuple[str, ...], _rule: Rule) -> bool:
    return any(matches_name(fact, pattern) for fact in facts for pattern in wanted)


def _path(wanted: tuple[str, ...], fact: str, _rule: Rule) -> bool:
    return any(matches_path(fact, pattern) for pattern in wanted)


def _places(wanted: tuple[str, ...], facts: tuple[str, ...], rule: Rule) -> bool:
    """Code that staging and production share is in both: what is let through in one is not let through in the other."""
    if rule.action in PERMISSIVE:
        return bool(facts) and all(fact in wanted for fact in facts)
    return any(fact in wanted for fact in facts)


def _older(wanted: int, fact: int | None, _rule: Rule) -> bool:
    return fact is not None and fact > wanted


def _sooner(wanted: int, fact: int | None, _rule: Rule) -> bool:
    return fact is not None and fact <= wanted


def _same(wanted: object, fact: object, _rule: Rule) -> bool:
    return wanted == fact


DIMENSIONS = (
    Dimension("severity", lambda when: when.severities or None, lambda facts: facts.severity, _among),
    Dimension("introduced", lambda when: when.introduced, lambda facts: facts.introduced, _same),
    Dimension("control", lambda when: when.controls or None, lambda facts: facts.names, _any_name),
    Dimension("source", lambda when: when.sources or None, lambda facts: facts.sources, _any_among),
    Dimension("type", lambda when: when.types or None, lambda facts: facts.type, _name),
    Dimension("environment", lambda when: when.environments or None, lambda facts: facts.environments, _places),
    Dimension("account", lambda when: when.accounts or None, lambda facts: facts.accounts, _any_name),
    Dimension(
        "tag", lambda when: when.tags or None, lambda facts: facts.tags, lambda want, fact, _: tags_fit(fact, want)
    ),
    Dimension("age", lambda when: when.age, lambda facts: facts.age, _older),
    Dimension("due", lambda when: when.due, lambda facts: facts.due, _sooner),
    Dimension("recurrence", lambda when: when.recurrent, lambda facts: facts.recurrent, _same),
    Dimension("origin", lambda when: when.origins or None, lambda facts: facts.origin, _among),
    Dimension("proof", lambda when: when.proofs or None, lambda facts: facts.proof, _among),
    Dimension("proven", lambda when: when.proven, lambda facts: facts.proof == "proven", _same),
    Dimension("disruption", lambda when: when.disruptions or None, lambda facts: facts.disruption, _among),
    Dimension("path", lambda when: when.paths or None, lambda facts: facts.path, _path),
)
"""In the order in which they are asked."""
