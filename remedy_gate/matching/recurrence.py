"""A mistake that is open elsewhere, made again by the change at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from remedy_gate.domain.match import RECURRING, InCode, MatchState

from .claim import OWN
from .match import Matched

NONE: Mapping[str, int] = {}


def recurring(
    matches: tuple[Matched, ...], touched: Callable[[Matched], bool], beyond: Mapping[str, int] = NONE
) -> tuple[Matched, ...]:
    """The folded matches; those that a change touches, and whose code is wrong, say how many others have the problem.

    What only our own look at the changed code has found was not open before, and is not counted. `beyond` says of how
    many resources more than those matched which problem is reported.
    """
    elsewhere = Counter(_problem(one) for one in matches if _is_reported(one))
    elsewhere.update(beyond)
    return tuple(_told(one, elsewhere, touched) for one in matches)


def _told(matched: Matched, elsewhere: Counter[str], touched: Callable[[Matched], bool]) -> Matched:
    match = matched.match
    if match.state is not MatchState.MATCHED or match.in_code is InCode.FIXED:
        return matched
    others = elsewhere[_problem(matched)] - _is_reported(matched)
    if not others or not touched(matched):
        return matched
    said = f"{RECURRING}{others} other resource{'s' if others > 1 else ''}"
    return matched._replace(match=match._replace(evidence=(*match.evidence, said)))


def _is_reported(matched: Matched) -> bool:
    finding = matched.finding
    return finding.source != OWN or any(source != OWN for source in finding.sources)


def _problem(matched: Matched) -> str:
    finding = matched.finding
    return problem_named(finding.control, finding.source, finding.rule_id)


def problem_named(control: str | None, source: str, rule_id: str) -> str:
    """The control; a rule that no control knows is a problem of its own tool."""
    return control or f"{source}:{rule_id}"
