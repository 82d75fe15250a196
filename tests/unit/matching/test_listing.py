"""Which unmatched findings a report lists."""

from __future__ import annotations

from remedy_gate.domain.finding import Finding, Severity
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.matching.listing import MOST_UNMATCHED, UNLISTED, listed
from remedy_gate.matching.match import Matched


def finding(number: int, severity: Severity, state: MatchState = MatchState.UNMATCHED) -> Matched:
    return Matched(Finding("wiz", f"rule-{number}", "a problem", severity), Match(state))


def test_of_very_many_unmatched_findings_the_most_severe_are_listed_and_the_rest_is_counted() -> None:
    low = [finding(number, Severity.LOW) for number in range(MOST_UNMATCHED)]
    severe = [finding(1000, Severity.CRITICAL), finding(1001, Severity.HIGH)]
    assert listed((*low, *severe)) == ((*low[: MOST_UNMATCHED - 2], *severe), ((UNLISTED, 2),))


def test_as_many_as_a_person_reads_are_all_listed() -> None:
    some = tuple(finding(number, Severity.LOW) for number in range(MOST_UNMATCHED))
    assert listed(some) == (some, ())


def test_what_was_matched_or_may_be_one_of_several_is_never_left_out() -> None:
    tied = [
        finding(number, Severity.INFO, state)
        for number in range(300)
        for state in (MatchState.MATCHED, MatchState.AMBIGUOUS)
    ]
    unmatched = [finding(number, Severity.CRITICAL) for number in range(MOST_UNMATCHED + 1)]
    shown, unlisted = listed((*unmatched, *tied))
    assert shown == (*unmatched[:MOST_UNMATCHED], *tied)
    assert unlisted == ((UNLISTED, 1),)
