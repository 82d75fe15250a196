"""A mistake that is open elsewhere and is made again."""

from __future__ import annotations

from remedy_gate.domain.finding import CloudResource, Finding
from remedy_gate.domain.match import InCode, Match, MatchState
from remedy_gate.domain.source import LineRange, Resource
from remedy_gate.matching.match import Matched
from remedy_gate.matching.recurrence import recurring

BLOCK = Resource("aws_s3_bucket.new", "aws_s3_bucket", "main.tf", LineRange(1, 3))


def elsewhere(number: int, control: str | None = "s3-versioning", source: str = "wiz") -> Matched:
    resources = (CloudResource(f"arn:aws:s3:::{number}"),)
    return Matched(Finding(source, "x", "x", control=control, resources=resources), Match(MatchState.UNMATCHED))


def here(source: str = "catalogue", in_code: InCode = InCode.OPEN, control: str | None = "s3-versioning") -> Matched:
    return Matched(Finding(source, "x", "x", control=control), Match(MatchState.MATCHED, BLOCK, 0.9, ("why",), in_code))


def told(*matches: Matched, touched: bool = True) -> tuple[str, ...]:
    return recurring(matches, lambda _: touched)[0].match.evidence


def test_the_number_of_the_others_is_told() -> None:
    assert told(here(), *map(elsewhere, range(41))) == ("why", "the same problem is open on 41 other resources")
    assert told(here(), elsewhere(1))[-1] == "the same problem is open on 1 other resource"


def test_a_finding_does_not_count_itself() -> None:
    assert told(here("wiz"), elsewhere(1)) == ("why", "the same problem is open on 1 other resource")
    assert told(here("wiz")) == ("why",)


def test_what_is_fixed_or_not_touched_or_another_problem_is_left_alone() -> None:
    assert told(here(in_code=InCode.FIXED), elsewhere(1)) == ("why",)
    assert told(here(), elsewhere(1), touched=False) == ("why",)
    assert told(here(), elsewhere(1, "s3-access-logging")) == ("why",)


def test_what_only_we_have_found_was_not_open_before() -> None:
    assert told(here(), here()) == ("why",)


def test_a_rule_without_a_control_is_a_problem_of_its_tool() -> None:
    assert told(here("wiz", control=None), elsewhere(1, None))[-1].endswith("1 other resource")
    assert told(here("wiz", control=None), elsewhere(1, None, "orca")) == ("why",)


def test_nothing_but_the_evidence_changes() -> None:
    matches = (here(), elsewhere(1))
    after = recurring(matches, lambda _: True)
    assert after[1] == matches[1]
    assert after[0]._replace(match=after[0].match._replace(evidence=("why",))) == matches[0]
