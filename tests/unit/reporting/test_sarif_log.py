"""SARIF as OASIS's schema has it, within what GitHub's upload takes, and with fixes that give the proven file."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from reporting_samples import AFTER, BEFORE, PROOF, remediation

from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import Severity
from remedy_gate.domain.match import InCode, MatchState
from remedy_gate.domain.patch import FilePatch
from remedy_gate.domain.proof import Status
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.source import LineRange, Problem
from remedy_gate.reporting.sarif import render

SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json.gz"
VALIDATOR = Draft4Validator(json.loads(gzip.decompress(SCHEMA.read_bytes())))


def run_of(*items: Remediation, verdict: Verdict = Verdict.PASS, **more: Any) -> dict[str, Any]:
    log = json.loads(render(Report(verdict, items, **more)))
    assert [f"{list(it.path)}: {it.message[:200]}" for it in VALIDATOR.iter_errors(log)] == []
    [run] = log["runs"]
    assert isinstance(run, dict)
    return run


def notices(run: dict[str, Any]) -> list[tuple[str, str]]:
    [invocation] = run["invocations"]
    return [(it["level"], it["message"]["text"]) for it in invocation["toolExecutionNotifications"]]


def fixed(change: dict[str, Any], before: bytes) -> bytes:
    """The file after the replacements, as a reader of SARIF makes them: by line and column, from the last."""
    text = before.decode()
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:index]) for index in range(len(lines) + 1)]
    for one in reversed(change["replacements"]):
        region = one["deletedRegion"]
        first = starts[region["startLine"] - 1] + region["startColumn"] - 1
        last = starts[region["endLine"] - 1] + region["endColumn"] - 1
        text = text[:first] + one["insertedContent"]["text"] + text[last:]
    return text.encode()


def test_a_remediation_is_a_result_with_its_place_its_level_and_its_fix() -> None:
    [result] = run_of(remediation(blocks=True), verdict=Verdict.BLOCK)["results"]
    assert result.pop("partialFingerprints") == {
        "primaryLocationLineHash": "98d31424691252b58f13d28b4136a1ef:1",
        "remedyGateFinding/v1": "abe4e803bb5f16cb3f70bda3f80b10e1",
    }
    assert result == {
        "ruleId": "s3-keep",
        "ruleIndex": 0,
        "kind": "fail",
        "level": "error",
        "message": {
            "text": "The bucket can be deleted with everything in it (aws_s3_bucket.logs).\n"
            "Patch from the catalogue: s3-keep, version 2; proven: applies parses scope schema intent no_weakening | "
            "not run: rescan, disruption, formatted, idempotent.\n"
            'Policy: suggest, blocks, by rule "default for high".'
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "main.tf", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 1, "endLine": 3},
                },
                "logicalLocations": [{"fullyQualifiedName": "aws_s3_bucket.logs", "kind": "resource"}],
            }
        ],
        "properties": {"severity": "high", "action": "suggest", "blocks": True, "proof": "proven"},
        "fixes": [
            {
                "description": {"text": "Keeps the objects."},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": "main.tf", "uriBaseId": "%SRCROOT%"},
                        "replacements": [
                            {
                                "deletedRegion": {"startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 1},
                                "insertedContent": {"text": "\n  force_destroy = false\n"},
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_the_schema_sees_what_is_wrong() -> None:
    log = json.loads(render(Report(Verdict.PASS, (remediation(),))))
    log["runs"][0]["results"][0]["level"] = "high"
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert len(list(VALIDATOR.iter_errors(log))) == 2


def test_a_clean_report_is_a_run_without_results() -> None:
    run = run_of()
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_a_run_that_could_not_look_is_no_clean_one() -> None:
    run = run_of(verdict=Verdict.ERROR, errors=(Problem("wiz", "no answer"),))
    assert run["invocations"][0]["executionSuccessful"] is False
    assert notices(run) == [("error", "wiz: no answer")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BEFORE, AFTER),
        (b"a\nb\nc\n", b"a\nB\nc\n"),
        (b"a\nb\nc\n", b"b\nc\n"),
        (b"a\nb\nc\n", b"a\nb\n"),
        (b"a\nb\nc\n", b"a\nb\nc\nd\n"),
        (b"a\nb", b"a\nb\nc"),
        (b"a\nb", b"a"),
        (b"a\nb", b"a\nB\n"),
        (b"a\r\nb\r\n", b"a\r\nB\r\n"),
        (b"", b"a\n"),
        (b"a\n", b""),
        ("ä\n😀 x\n".encode(), "ä\n😀 y\n".encode()),
        (b"1\n2\n3\n4\n5\n6\n7\n8\n9\n", b"0\n2\n3\n4\n5\n6\n7\n8\n"),
    ],
)
def test_a_fix_gives_exactly_the_proven_file(before: bytes, after: bytes) -> None:
    [result] = run_of(remediation(files=(FilePatch("main.tf", before, after),)))["results"]
    [change] = result["fixes"][0]["artifactChanges"]
    assert fixed(change, before) == after


REFUTED = PROOF._replace(checks=(PROOF.checks[0]._replace(status=Status.FAIL), *PROOF.checks[1:]))
UNPROVEN = PROOF._replace(checks=(PROOF.checks[0]._replace(status=Status.NOT_RUN), *PROOF.checks[1:]))


@pytest.mark.parametrize(
    "item",
    [
        remediation(proof=REFUTED),
        remediation(proof=UNPROVEN),
        remediation(proof=None),
        remediation(action=Action.WITHHOLD),
        remediation(no_patch="by hand"),
        remediation(files=(FilePatch("main.tf", b"\xff\n", b"\xfe\n"),)),
    ],
)
def test_what_is_not_proven_or_not_offered_is_a_result_without_a_fix(item: Remediation) -> None:
    [result] = run_of(item)["results"]
    assert "fixes" not in result


def test_a_fingerprint_stays_when_lines_and_severity_change_and_differs_by_place() -> None:
    def known_by(item: Remediation) -> str:
        [result] = run_of(item)["results"]
        return str(result["partialFingerprints"]["primaryLocationLineHash"])

    item = remediation()
    assert item.match.resource
    moved = item._replace(match=item.match._replace(resource=item.match.resource._replace(lines=LineRange(40, 43))))
    assert known_by(moved) == known_by(remediation(severity=Severity.LOW)) == known_by(item)
    other = item._replace(match=item.match._replace(resource=item.match.resource._replace(address="aws_s3_bucket.b")))
    assert known_by(other) != known_by(item)


def test_two_results_are_never_taken_for_one() -> None:
    results = run_of(remediation(), remediation())["results"]
    first, second = (it["partialFingerprints"]["primaryLocationLineHash"] for it in results)
    assert (first[:-2], first[-2:], second[-2:]) == (second[:-2], ":1", ":2")


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        (Severity.CRITICAL, "error", "9.5"),
        (Severity.HIGH, "error", "8.0"),
        (Severity.MEDIUM, "warning", "5.5"),
        (Severity.LOW, "note", "2.5"),
        (Severity.INFO, "note", None),
        (Severity.UNKNOWN, "warning", None),
    ],
)
def test_a_severity_is_a_level_and_a_score(severity: Severity, level: str, score: str | None) -> None:
    run = run_of(remediation(severity=severity))
    [rule] = run["tool"]["driver"]["rules"]
    assert (run["results"][0]["level"], rule["defaultConfiguration"]["level"]) == (level, level)
    assert rule["properties"].get("security-severity") == score


def test_a_rule_is_as_bad_as_its_worst_result() -> None:
    [rule] = run_of(remediation(severity=Severity.LOW), remediation(severity=Severity.CRITICAL))["tool"]["driver"][
        "rules"
    ]
    assert rule["properties"]["security-severity"] == "9.5"


def test_what_has_no_place_in_a_file_is_a_notice_and_never_breaks_the_upload() -> None:
    run = run_of(remediation(no_patch="x", state=MatchState.UNMATCHED))
    assert run["results"] == []
    assert notices(run) == [
        ("note", "s3-keep: The bucket can be deleted with everything in it (not tied to a place in the code)")
    ]


def test_what_is_right_in_the_code_already_is_no_alert() -> None:
    item = remediation(no_patch="right already")
    run = run_of(item._replace(match=item.match._replace(in_code=InCode.FIXED)))
    assert run["results"] == []
    assert notices(run) == [
        ("note", "aws_s3_bucket.logs: The bucket can be deleted with everything in it (right in the code already)")
    ]


def test_what_policy_ignores_is_no_alert() -> None:
    assert run_of(remediation(action=Action.IGNORE))["results"] == []


def test_at_most_as_many_results_as_github_keeps_and_the_worst_of_them() -> None:
    items = (*(remediation(severity=Severity.LOW) for _ in range(4)), remediation(severity=Severity.CRITICAL))
    [run] = json.loads(render(Report(Verdict.PASS, items), most_results=2))["runs"]
    assert [it["properties"]["severity"] for it in run["results"]] == ["critical", "low"]
    assert notices(run) == [("warning", "3 results did not fit; the report as JSON has everything.")]


def test_more_bytes_than_an_upload_takes_cost_fixes_first_and_then_the_least_severe() -> None:
    huge = (FilePatch("main.tf", BEFORE, BEFORE + b"# x\n" * 5_000),)
    items = (remediation(files=huge), *(remediation(severity=Severity.LOW) for _ in range(50)))
    text = render(Report(Verdict.PASS, items), most_bytes=20_000)
    [run] = json.loads(text)["runs"]
    assert len(text) < 30_000
    assert "fixes" not in run["results"][0]
    assert run["results"][0]["properties"]["severity"] == "high"
    assert 5 < len(run["results"]) < 51
    assert notices(run)[0] == (
        "warning",
        f"{51 - len(run['results'])} results did not fit; the report as JSON has everything.",
    )


def test_a_path_is_a_uri_and_no_text_of_others_reaches_the_runner() -> None:
    item = remediation(files=(FilePatch("a b/ü#1.tf", BEFORE, AFTER),), title="##[error]x\x1b[31m\n::add-mask::y")
    text = render(Report(Verdict.PASS, (item,)))
    assert "##[" not in text
    assert text.isascii()
    [result] = run_of(item)["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%BC%231.tf"
    assert result["message"]["text"].startswith("##[error]x ::add-mask::y (aws_s3_bucket.logs).\n")
