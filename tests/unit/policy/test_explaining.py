from __future__ import annotations

from remedy_gate.domain.finding import Finding, Severity
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import NoPatch
from remedy_gate.domain.source import LineRange, Resource
from remedy_gate.policy.explaining import explain, explanation_lines
from remedy_gate.policy.facts import Case, Circumstances
from remedy_gate.policy.rules import DEFAULT_RULES, Condition, Policy, Rule
from remedy_gate.policy.waivers import Standing, Waiver

MATCH = Match(MatchState.MATCHED, Resource("aws_s3_bucket.b", "aws_s3_bucket", "main.tf", LineRange(1, 3)), 0.9)
FINDING = Finding("checkov", "CKV_AWS_21", "t", Severity.HIGH, control="s3-versioning", first_seen="2026-10-01")
CASE = Case(FINDING, MATCH, NoPatch("why"), None, touched=True, introduced=True)
POLICY = Policy((Rule("old", "ignore", Condition(paths=("old/**",), proven=True)), *DEFAULT_RULES), levels={"high": 30})
NOW = Circumstances(20_777)
WAIVER = Waiver(1, "s3-*", "", "**", "Ada", "r", "2026-01-01", "", Standing.LAPSED)


def test_the_rule_that_decides_and_those_that_were_passed_over_are_named_with_why() -> None:
    assert list(explanation_lines(explain(CASE, POLICY, NOW, (WAIVER,)))) == [
        "passed over  waiver 1 (s3-* in **): it is lapsed, its last day is 2026-01-01",
        "passed over  1. old -> ignore: proven is no, the rule asks for yes; path is main.tf, the rule asks for old/**",
        "decides      2. default: critical and high introduced by this change block -> block",
        "not reached  1 more",
        "besides      open for 50 days, and the service level for high is 30, which blocks unless a rule ignores it",
        (
            "decision     annotate, blocks: default: critical and high introduced by this change block; "
            "open for 50 days, and the service level for high is 30"
        ),
    ]


def test_where_no_rule_is_asked_the_reason_is_named() -> None:
    lines = list(explanation_lines(explain(CASE._replace(touched=False), POLICY)))
    assert lines == [
        "no rule      this change does not touch the resource",
        "decision     ignore: built in: this change does not touch the resource",
    ]


def test_a_waiver_that_decides_is_named() -> None:
    found = explain(CASE, POLICY, NOW, (WAIVER._replace(standing=Standing.VALID),))
    assert found.before == "waiver 1: accepted by Ada until 2026-01-01: r"
    assert found.steps == ()
