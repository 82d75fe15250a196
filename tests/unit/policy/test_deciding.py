from __future__ import annotations

from typing import Any

import pytest
from fakes import FakeProver

from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import Finding, Kind, Severity
from remedy_gate.domain.match import InCode, Match, MatchState
from remedy_gate.domain.patch import FilePatch, NoPatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import CheckName, CheckResult, Proof, Status
from remedy_gate.domain.source import LineRange, Resource
from remedy_gate.policy.deciding import decide
from remedy_gate.policy.facts import Case
from remedy_gate.policy.patterns import matches_path
from remedy_gate.policy.rules import DEFAULT_POLICY, DEFAULT_RULES, Condition, Policy, Rule

PATCH = Patch(Origin(OriginKind.CATALOGUE, "c", "1"), (FilePatch("live/main.tf", b"a", b"b"),))
PROVEN = FakeProver().proof
UNPROVEN = FakeProver(intent=Status.NOT_RUN).proof
REFUTED = FakeProver(scope=Status.FAIL).proof
MATCH = Match(MatchState.MATCHED, Resource("aws_s3_bucket.b", "aws_s3_bucket", "live/main.tf", LineRange(1, 3)), 0.9)


def case(severity: Severity = Severity.HIGH, **changes: Any) -> Case:
    finding = Finding("checkov", "CKV_AWS_21", "no versioning", severity=severity, control="s3-versioning")
    return Case(finding, MATCH, PATCH, PROVEN, touched=True, introduced=True)._replace(**changes)


@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.HIGH])
def test_by_default_a_severe_problem_of_this_change_blocks_with_its_patch_suggested(severity: Severity) -> None:
    decision = decide(case(severity), DEFAULT_POLICY)
    assert decision == (Action.SUGGEST, True, "default: critical and high introduced by this change block")


@pytest.mark.parametrize("severity", [Severity.MEDIUM, Severity.LOW, Severity.INFO, Severity.UNKNOWN])
def test_by_default_the_rest_is_suggested(severity: Severity) -> None:
    assert decide(case(severity), DEFAULT_POLICY) == (Action.SUGGEST, False, "default: the rest is suggested")


@pytest.mark.parametrize("introduced", [False, None])
def test_by_default_a_problem_that_was_there_or_may_have_been_does_not_block(introduced: bool | None) -> None:
    assert not decide(case(introduced=introduced), DEFAULT_POLICY).blocks


def test_a_patch_that_is_not_proven_is_withheld_and_the_decision_says_so() -> None:
    decision = decide(case(Severity.LOW, proof=UNPROVEN), DEFAULT_POLICY)
    assert decision.action is Action.WITHHOLD
    assert decision.rule.endswith("the patch is withheld, as it is not proven")


def test_a_refuted_patch_is_withheld_but_its_finding_still_blocks() -> None:
    decision = decide(case(proof=REFUTED), DEFAULT_POLICY)
    assert decision.action is Action.WITHHOLD
    assert decision.blocks


def test_a_finding_without_a_patch_is_annotated_and_still_blocks() -> None:
    decision = decide(case(remedy=NoPatch("why"), proof=None), DEFAULT_POLICY)
    assert (decision.action, decision.blocks) == (Action.ANNOTATE, True)


@pytest.mark.parametrize("state", [MatchState.AMBIGUOUS, MatchState.UNMATCHED])
def test_what_is_not_matched_is_never_acted_on(state: MatchState) -> None:
    decision = decide(case(match=Match(state), remedy=NoPatch("why"), proof=None), DEFAULT_POLICY)
    assert (decision.action, decision.blocks) == (Action.IGNORE, False)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.MISCONFIGURATION])
def test_the_gate_acts_on_misconfigurations_alone(kind: Kind) -> None:
    finding = case().finding._replace(kind=kind)
    assert decide(case(finding=finding), DEFAULT_POLICY).action is Action.IGNORE


def test_code_that_is_right_already_waits_for_a_deployment() -> None:
    decision = decide(case(match=MATCH._replace(in_code=InCode.FIXED)), DEFAULT_POLICY)
    assert (decision.action, decision.blocks) == (Action.IGNORE, False)


def test_a_resource_that_the_change_does_not_touch_is_ignored() -> None:
    assert decide(case(touched=False), DEFAULT_POLICY).action is Action.IGNORE


def test_the_first_rule_that_fits_decides() -> None:
    rules = (
        Rule("first", "ignore", Condition(paths=("live/**",))),
        Rule("second", "block", Condition()),
    )
    assert decide(case(), Policy(rules)) == (Action.IGNORE, False, "first")


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        (Condition(severities=(Severity.HIGH,)), True),
        (Condition(severities=(Severity.LOW,)), False),
        (Condition(controls=("s3-*",)), True),
        (Condition(controls=("CKV_AWS_21",)), True),
        (Condition(controls=("rds-*",)), False),
        (Condition(sources=("checkov",)), True),
        (Condition(sources=("wiz",)), False),
        (Condition(types=("aws_s3_*",)), True),
        (Condition(types=("aws_db_instance",)), False),
        (Condition(proven=True), True),
        (Condition(proven=False), False),
        (Condition(introduced=False), False),
    ],
)
def test_a_rule_fits_only_if_all_that_it_asks_for_is_so(when: Condition, fits: bool) -> None:
    decision = decide(case(), Policy((Rule("mine", "annotate", when), Rule("else", "ignore", Condition()))))
    assert (decision.rule == "mine") == fits


@pytest.mark.parametrize(
    ("path", "pattern", "fits"),
    [
        ("live/main.tf", "live", True),
        ("live/main.tf", "live/", True),
        ("live/main.tf", "live/*.tf", True),
        ("live/eu/main.tf", "live/*.tf", False),
        ("live/eu/main.tf", "live/**", True),
        ("live/eu/main.tf", "**/main.tf", True),
        ("main.tf", "**/main.tf", True),
        ("alive/main.tf", "live", False),
        ("live/a+b.tf", "live/a+b.tf", True),
    ],
)
def test_paths_fit_patterns_as_in_a_shell(path: str, pattern: str, fits: bool) -> None:
    assert matches_path(path, pattern) is fits


def test_apply_is_for_what_is_proven_to_change_in_place() -> None:
    assert decide(case(), Policy((Rule("auto", "apply", Condition()),))).action is Action.APPLY


@pytest.mark.parametrize(
    ("status", "detail"),
    [(Status.NOT_RUN, "unknown"), (Status.PASS, "REPLACES aws_db_instance.main (storage_encrypted)")],
)
def test_what_may_replace_is_suggested_where_policy_says_apply(status: Status, detail: str) -> None:
    checks = tuple(check for check in PROVEN.checks if check.name is not CheckName.DISRUPTION)
    proof = Proof((*checks, CheckResult(CheckName.DISRUPTION, status, detail)))
    decision = decide(case(proof=proof), Policy((Rule("auto", "apply", Condition()),)))
    assert decision == (Action.SUGGEST, False, "auto; not applied, as it may replace")


def test_the_default_policy_never_applies() -> None:
    assert all(rule.action != "apply" for rule in DEFAULT_RULES)
