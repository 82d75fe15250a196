"""Conditions, waivers, service levels and approvals: each with what leaves it alone."""

from __future__ import annotations

from typing import Any

import pytest
from fakes import FakeProver

from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import CloudResource, Finding, Severity
from remedy_gate.domain.ledger import Memory, TrackRecord
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import FilePatch, NoPatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import CheckName, CheckResult, Proof, Status
from remedy_gate.domain.source import LineRange, Resource
from remedy_gate.policy.dates import day_of
from remedy_gate.policy.deciding import Decider, approved, awaits_approval
from remedy_gate.policy.facts import Case, Circumstances
from remedy_gate.policy.rules import ALWAYS, DEFAULT_POLICY, Condition, Environment, Policy, Rule
from remedy_gate.policy.waivers import Standing, Waiver

TODAY = day_of("2026-11-20") or 0
NOW = Circumstances(TODAY, "prod-eu")
PATCH = Patch(Origin(OriginKind.BEDROCK, "a-model", "1"), (FilePatch("live/main.tf", b"a", b"b"),))
PROVEN = FakeProver().proof
ENVIRONMENTS = (
    Environment("production", paths=("live/**",), tags=(("stage", ("live",)),)),
    Environment("staging", paths=("staging/**", "live/shared/**"), workspaces=("stage-*",)),
    Environment("vault", accounts=("9999*",)),
    Environment("europe", workspaces=("prod-*",)),
)


def replaced(status: Status, detail: str) -> Proof:
    checks = tuple(check for check in PROVEN.checks if check.name is not CheckName.DISRUPTION)
    return Proof((*checks, CheckResult(CheckName.DISRUPTION, status, detail)))


def case(path: str = "live/main.tf", **changes: Any) -> Case:
    finding = Finding(
        "checkov",
        "CKV_AWS_21",
        "no versioning",
        severity=Severity.HIGH,
        control="s3-versioning",
        resources=(CloudResource("arn:b", account="123456789012", tags=(("team", "payments"), ("stage", "live"))),),
        first_seen="2026-10-01T08:00:00Z",
        due="2026-11-25",
    )
    match = Match(MatchState.MATCHED, Resource("aws_s3_bucket.b", "aws_s3_bucket", path, LineRange(1, 3)), 0.9)
    return Case(finding, match, PATCH, PROVEN, touched=True, introduced=True)._replace(**changes)


def decided_by(when: Condition, one: Case, action: str = "annotate") -> str:
    policy = Policy((Rule("mine", action, when), Rule("else", "suggest", Condition())), environments=ENVIRONMENTS)
    return Decider(policy, NOW).decide(one).rule


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        (Condition(environments=("production",)), True),
        (Condition(environments=("staging",)), False),
        (Condition(environments=("europe",)), True),
        (Condition(environments=("vault",)), False),
        (Condition(accounts=("1234*",)), True),
        (Condition(accounts=("9*",)), False),
        (Condition(tags=(("team", ("pay*",)),)), True),
        (Condition(tags=(("team", ("pay*",)), ("stage", ("test",)))), False),
        (Condition(tags=(("owner", ("*",)),)), False),
        (Condition(age=49), True),
        (Condition(age=50), False),
        (Condition(due=5), True),
        (Condition(due=4), False),
        (Condition(recurrent=False), True),
        (Condition(recurrent=True), False),
        (Condition(origins=("bedrock",)), True),
        (Condition(origins=("catalogue", "none")), False),
        (Condition(proofs=("proven",)), True),
        (Condition(proofs=("none", "refuted")), False),
        (Condition(disruptions=("in-place",)), True),
        (Condition(disruptions=("replaces", "unknown")), False),
        (Condition(introduced=True, age=10, severities=(Severity.HIGH,)), True),
        (Condition(introduced=True, age=10, severities=(Severity.LOW,)), False),
    ],
)
def test_a_rule_fits_only_where_everything_that_it_asks_for_is_so(when: Condition, fits: bool) -> None:
    assert (decided_by(when, case()) == "mine") is fits


@pytest.mark.parametrize(
    ("when", "one"),
    [
        (Condition(recurrent=True), case(memory=Memory(recurrences=1))),
        (Condition(origins=("none",)), case(remedy=NoPatch("why"), proof=None)),
        (Condition(proofs=("none",)), case(remedy=NoPatch("why"), proof=None)),
        (Condition(proofs=("refuted",)), case(proof=FakeProver(scope=Status.FAIL).proof)),
        (Condition(disruptions=("replaces",)), case(proof=replaced(Status.PASS, "REPLACES aws_db_instance.x"))),
        (Condition(disruptions=("replaces",)), case(proof=replaced(Status.FAIL, "forces a replacement"))),
        (Condition(disruptions=("unknown",)), case(proof=replaced(Status.NOT_RUN, "no table"))),
        (Condition(environments=("staging",)), case("staging/main.tf")),
    ],
)
def test_what_a_rule_asks_for_is_found(when: Condition, one: Case) -> None:
    assert decided_by(when, one).startswith("mine")


def test_without_a_day_no_age_is_known_and_no_rule_about_ages_fits() -> None:
    policy = Policy((Rule("old", "block", Condition(age=0)), Rule("due", "block", Condition(due=1000))))
    assert Decider(policy).decide(case()).rule.startswith("built in: no rule fits")


@pytest.mark.parametrize(("first_seen", "age_known"), [("2026-10-01", True), ("yesterday", False), (None, False)])
def test_an_age_is_known_only_from_a_date(first_seen: str | None, age_known: bool) -> None:
    one = case(finding=case().finding._replace(first_seen=first_seen))
    assert (decided_by(Condition(age=1), one) == "mine") is age_known


@pytest.mark.parametrize(("action", "fits"), [("annotate", True), ("apply", False), ("ignore", False)])
def test_what_is_let_through_in_staging_is_not_let_through_in_production(action: str, fits: bool) -> None:
    shared = case("live/shared/main.tf")
    assert decided_by(Condition(environments=("staging",)), shared, action).startswith("mine") is fits


def test_what_names_every_environment_of_the_code_may_let_it_through() -> None:
    everywhere = Condition(environments=("staging", "production", "europe"))
    assert decided_by(everywhere, case("live/shared/main.tf"), "apply") == "mine"


LEVELS = Policy(DEFAULT_POLICY.rules, levels={"high": 49})


def test_a_broken_service_level_blocks_whichever_rule_decides() -> None:
    old = case(introduced=False)
    assert Decider(LEVELS, NOW).decide(old) == (
        Action.SUGGEST,
        True,
        "default: the rest is suggested; open for 50 days, and the service level for high is 49",
    )


@pytest.mark.parametrize(
    ("policy", "one"),
    [
        (LEVELS._replace(levels={"high": 50}), case(introduced=False)),
        (LEVELS._replace(levels={"critical": 1}), case(introduced=False)),
        (LEVELS, case(introduced=False, finding=case().finding._replace(first_seen=None))),
        (LEVELS._replace(rules=(Rule("legacy", "ignore", Condition()),)), case(introduced=False)),
    ],
)
def test_a_service_level_that_holds_or_a_rule_that_ignores_does_not_block(policy: Policy, one: Case) -> None:
    assert not Decider(policy, NOW).decide(one).blocks


WAIVER = Waiver(3, "s3-*", "aws_s3_bucket.b", "", "Ada", "public site", "2026-12-01", "SEC-7", Standing.VALID)


def test_a_waived_finding_is_ignored_and_the_waiver_is_named() -> None:
    assert Decider(DEFAULT_POLICY, NOW, (WAIVER,)).decide(case()) == (
        Action.IGNORE,
        False,
        "waiver 3: accepted by Ada until 2026-12-01: public site, SEC-7",
    )


@pytest.mark.parametrize(
    "waiver",
    [
        WAIVER._replace(control="rds-*"),
        WAIVER._replace(resource="aws_s3_bucket.other"),
        WAIVER._replace(path="staging/**"),
        WAIVER._replace(standing=Standing.LAPSED),
        WAIVER._replace(standing=Standing.MALFORMED),
        WAIVER._replace(standing=Standing.TOO_FAR),
    ],
)
def test_a_waiver_of_something_else_or_one_that_does_not_hold_changes_nothing(waiver: Waiver) -> None:
    assert Decider(DEFAULT_POLICY, NOW, (waiver,)).decide(case()).blocks


ASKS = Policy((Rule("storage", "block", Condition(), ALWAYS),))


def test_a_patch_that_needs_a_person_is_withheld_and_its_problem_still_blocks() -> None:
    decision = Decider(ASKS).decide(case())
    assert decision == (Action.WITHHOLD, True, f"storage; the patch waits for a person's approval ({PATCH.id[:12]})")
    assert awaits_approval(decision)
    assert not approved(decision)


def test_an_approved_patch_is_let_through_and_the_person_is_named() -> None:
    decision = Decider(ASKS).decide(case(memory=Memory(approver="Ada")))
    assert decision == (Action.SUGGEST, True, "storage; approved by Ada")
    assert approved(decision)
    assert not awaits_approval(decision)


@pytest.mark.parametrize(
    "one",
    [
        case(proof=FakeProver(scope=Status.FAIL).proof, memory=Memory(approver="Ada")),
        case(proof=FakeProver(intent=Status.NOT_RUN).proof, memory=Memory(approver="Ada")),
    ],
)
def test_no_person_can_let_through_what_is_not_proven(one: Case) -> None:
    decision = Decider(ASKS).decide(one)
    assert decision.action is Action.WITHHOLD
    assert not approved(decision)


@pytest.mark.parametrize(
    ("standing", "waits"),
    [
        (TrackRecord(5, 0), False),
        (TrackRecord(9, 0), False),
        (TrackRecord(4, 0), True),
        (TrackRecord(50, 1), True),
        (TrackRecord(), True),
    ],
)
def test_a_track_record_of_enough_approved_and_none_reverted_ends_the_need_for_a_person(
    standing: TrackRecord, waits: bool
) -> None:
    policy = Policy((Rule("model", "suggest", Condition(), TrackRecord(5, 0)),))
    decision = Decider(policy).decide(case(memory=Memory(standing=standing)))
    assert awaits_approval(decision) is waits
    assert (decision.action is Action.SUGGEST) is not waits


def test_no_track_record_is_good_enough_where_a_person_is_asked_every_time() -> None:
    assert awaits_approval(Decider(ASKS).decide(case(memory=Memory(standing=TrackRecord(1000, 0)))))


def test_what_is_only_annotated_waits_for_nobody() -> None:
    policy = Policy((Rule("talk", "annotate", Condition(), ALWAYS),))
    assert Decider(policy).decide(case()) == (Action.ANNOTATE, False, "talk")
