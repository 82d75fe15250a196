"""What one record tells an auditor: which call of a model, which tools, which policy, whose yes."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeProver

from remedy_gate.cli import main
from remedy_gate.commands.attempts import attempt_entries
from remedy_gate.domain.decision import Action, Decision
from remedy_gate.domain.finding import Finding, Severity
from remedy_gate.domain.ledger import Entry
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import CheckName, Proof
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.source import LineRange, Resource
from remedy_gate.ledger.entries import Trigger, generations, run_entries
from remedy_gate.remedies.bedrock_call import service_request_of
from remedy_gate.remedies.bedrock_loop import Attempt, Came
from remedy_gate.remedies.bedrock_models import Usage, model_and_profile
from remedy_gate.verification.scanners import checkov, kics, sarif, trivy
from remedy_gate.verification.tools import named

OLD = Path(__file__).parents[2] / "fixtures" / "ledger" / "of_version_0_1.jsonl"
MODEL = "eu.anthropic.claude-sonnet-5-5-v1:0"
PATCH = Patch(Origin(OriginKind.BEDROCK, MODEL, "7"), (FilePatch("main.tf", b"old", b"new"),), "why")
MATCH = Match(MatchState.MATCHED, Resource("aws_s3_bucket.b", "aws_s3_bucket", "main.tf", LineRange(1, 3)), 0.95)
FINDING = Finding("wiz", "wc-1", "a title", Severity.HIGH)
TRIGGER = Trigger("2026-11-24T08:00:00Z", "check", "0.1.0", "f" * 32, policy_digest="d" * 64)
CALL = Attempt(
    subject=FINDING.fingerprint,
    sample=0,
    round=1,
    request="1" * 64,
    model=MODEL,
    prompt="2" * 64,
    came=Came.PROVEN,
    detail="it is proven",
    patch=PATCH.id,
    usage=Usage(100, 20, 3, 4),
    dollars=0.001,
    milliseconds=900,
    kept=False,
    service_request="0c5bd1f6-aaaa-bbbb-cccc-7d3c8b1f0e11",
)


def decided(rule: str = "the rule", proof: Proof | None = None, *more: Entry) -> dict[str, Any]:
    numbers = count()
    item = Remediation(FINDING, MATCH, PATCH, proof or FakeProver().proof, Decision(Action.SUGGEST, True, rule))
    _, entry = run_entries(Report(Verdict.BLOCK, (item,)), TRIGGER, lambda: f"{next(numbers):032}", generations(more))
    body: dict[str, Any] = json.loads(entry.text)
    return body


def test_the_decision_tells_which_call_of_a_model_made_the_patch() -> None:
    [attempt] = attempt_entries([CALL])
    assert decided("the rule", None, attempt)["generation"] == {
        "attempt": attempt.id,
        "model": "anthropic.claude-sonnet-5-5-v1:0",
        "inference_profile": "eu.anthropic.claude-sonnet-5-5-v1:0",
        "prompt": "2" * 64,
        "request": "1" * 64,
        "service_request": "0c5bd1f6-aaaa-bbbb-cccc-7d3c8b1f0e11",
        "tokens": {"in": 100, "out": 20, "read": 3, "written": 4},
        "kept": False,
    }


def test_a_call_that_made_another_patch_or_none_is_not_the_one() -> None:
    others = attempt_entries([CALL._replace(patch="e" * 32), CALL._replace(patch="", came=Came.CANNOT)])
    assert decided("the rule", None, *others)["generation"] is None


def test_each_check_tells_which_tools_of_which_version_it_asked() -> None:
    checks = list(FakeProver().proof.checks)
    index = [check.name for check in checks].index(CheckName.RESCAN)
    checks[index] = checks[index]._replace(tools=("checkov 3.2.500",))
    told = {check["name"]: check["tools"] for check in decided(proof=Proof(tuple(checks)))["proof"]["checks"]}
    assert told["rescan"] == ["remedy-gate 0.1.0", "checkov 3.2.500"]
    assert told["intent"] == ["remedy-gate 0.1.0"]


@pytest.mark.parametrize(
    ("rule", "approver"),
    [
        ("the rule", None),
        ("the rule; the patch waits for a person's approval (0123)", None),
        ("the rule; approved by Ada", "Ada"),
        ("the rule; approved by Ada; open for 40 days, and the service level for high is 30", "Ada"),
    ],
)
def test_the_decision_tells_policy_and_rule_and_whose_yes_let_it_through(rule: str, approver: str | None) -> None:
    assert decided(rule)["decision"] == {
        "action": "suggest",
        "blocks": True,
        "rule": rule,
        "policy": "d" * 64,
        "approver": approver,
    }


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("global.anthropic.claude-x", ("anthropic.claude-x", "global.anthropic.claude-x")),
        ("anthropic.claude-x-v1:0", ("anthropic.claude-x-v1:0", "")),
        ("arn:aws:bedrock:us-east-1::foundation-model/anthropic.x-v1:0", ("anthropic.x-v1:0", "")),
        (
            "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.x-v1:0",
            ("anthropic.x-v1:0", "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.x-v1:0"),
        ),
        (
            "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc",
            ("", "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc"),
        ),
        ("arn:", ("", "")),
    ],
)
def test_the_id_that_was_asked_is_told_as_model_and_inference_profile(
    identifier: str, expected: tuple[str, str]
) -> None:
    assert model_and_profile(identifier) == expected


@pytest.mark.parametrize(
    "response", [None, {}, {"ResponseMetadata": None}, {"ResponseMetadata": {"RequestId": 'x" <b>'}}, "text"]
)
def test_what_is_no_request_id_is_not_recorded_as_one(response: object) -> None:
    assert service_request_of(response) == ""
    assert service_request_of({"ResponseMetadata": {"RequestId": "ab-12"}}) == "ab-12"


def test_scanners_are_recorded_with_the_version_that_they_tell() -> None:
    told = {
        checkov: {"results": {}, "summary": {"checkov_version": "3.2.500"}},
        kics: {"kics_version": "2.1.3", "queries": []},
        trivy: {"SchemaVersion": 2, "Trivy": {"Version": "0.70.0"}},
        sarif: {"runs": [{"tool": {"driver": {"name": "x", "semanticVersion": "1.2.3"}}}]},
    }
    found = {module: module.read(json.dumps(document).encode()) for module, document in told.items()}
    assert [scan.version for scan in found.values() if scan] == ["3.2.500", "2.1.3", "0.70.0", "1.2.3"]
    empty = checkov.read(b'{"passed": 0, "failed": 0, "checkov_version": "3.3.30"}')
    assert empty
    assert empty.version == "3.3.30"


def test_a_version_is_told_as_far_as_it_is_one() -> None:
    assert named("x", "1.2.3-rc+4") == "x 1.2.3-rc+4"
    assert named("x", "") == "x"
    assert named("x", '1"\n<b>' + "9" * 100) == "x 1b" + "9" * 58


def test_records_of_before_these_fields_still_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "verify", str(OLD)]) == 0
    lines = OLD.read_text().splitlines()
    assert capsys.readouterr().out.startswith(f"The ledger holds: {len(lines)} records.")
