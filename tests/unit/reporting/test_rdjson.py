"""rdjson as reviewdog reads it: lines counted from 1, a range without columns is of whole lines, its end included."""

from __future__ import annotations

import json
from typing import Any

import pytest
from reporting_samples import BEFORE, PROOF, remediation

from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import Severity
from remedy_gate.domain.match import MatchState
from remedy_gate.domain.patch import FilePatch
from remedy_gate.domain.proof import Status
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.reporting.rdjson import render


def diagnostics(*items: Remediation) -> list[dict[str, Any]]:
    whole = json.loads(render(Report(Verdict.PASS, items)))
    assert set(whole) == {"source", "diagnostics"}
    for one in whole["diagnostics"]:
        assert one["severity"] in ("ERROR", "WARNING", "INFO")
        assert set(one) <= {"message", "location", "severity", "code", "suggestions"}
        for suggestion in one.get("suggestions", ()):
            assert suggestion["range"] == one["location"]["range"], "reviewdog drops a suggestion for other lines"
    found: list[dict[str, Any]] = whole["diagnostics"]
    return found


def accepted(found: list[dict[str, Any]], before: bytes) -> bytes:
    lines = before.decode().splitlines()
    for one in sorted(found, key=lambda it: -int(it["location"]["range"]["start"]["line"])):
        [suggestion] = one["suggestions"]
        span = suggestion["range"]
        lines[span["start"]["line"] - 1 : span["end"]["line"]] = suggestion["text"].split("\n")
    return ("\n".join(lines) + "\n").encode()


def test_a_patch_is_a_suggestion_for_its_lines() -> None:
    assert diagnostics(remediation()) == [
        {
            "message": "The bucket can be deleted with everything in it (aws_s3_bucket.logs).\n"
            "Patch from the catalogue: s3-keep, version 2; proven: applies parses scope schema intent no_weakening | "
            "not run: rescan, disruption, formatted, idempotent.\n"
            'Policy: suggest, by rule "default for high".',
            "location": {"path": "main.tf", "range": {"start": {"line": 2}, "end": {"line": 2}}},
            "severity": "ERROR",
            "code": {"value": "s3-keep"},
            "suggestions": [
                {
                    "range": {"start": {"line": 2}, "end": {"line": 2}},
                    "text": '  bucket = "logs"\n\n  force_destroy = false',
                }
            ],
        }
    ]


def test_all_suggestions_accepted_give_exactly_the_proven_file() -> None:
    before = b"".join(b"line %d\n" % number for number in range(1, 41))
    after = before.replace(b"line 3\n", b"three\nmore\n").replace(b"line 30\n", b"").replace(b"line 38\n", b"last\n")
    found = diagnostics(remediation(files=(FilePatch("main.tf", before, after),)))
    assert len(found) == 3
    assert (
        "Part 1 of 3 of one patch, proven as a whole: accept all of them (main.tf line 29, main.tf line 38)."
        in (found[0]["message"])
    )
    assert accepted(found, before) == after


NOT_PROVEN = PROOF._replace(checks=(PROOF.checks[0]._replace(status=Status.NOT_RUN), *PROOF.checks[1:]))
CRLF = BEFORE.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    "item",
    [
        remediation(proof=NOT_PROVEN),
        remediation(action=Action.WITHHOLD),
        remediation(no_patch="by hand"),
        remediation(files=(FilePatch("main.tf", CRLF, CRLF.replace(b"logs", b"log")),)),
    ],
)
def test_what_is_not_proven_not_offered_or_not_exact_is_told_at_its_block_without_a_suggestion(
    item: Remediation,
) -> None:
    [one] = diagnostics(item)
    assert "suggestions" not in one
    assert one["location"] == {"path": "main.tf", "range": {"start": {"line": 1}, "end": {"line": 3}}}


def test_a_clean_report_has_no_diagnostics_and_neither_has_what_names_no_file_or_is_ignored() -> None:
    assert diagnostics() == []
    assert diagnostics(remediation(no_patch="x", state=MatchState.UNMATCHED)) == []
    assert diagnostics(remediation(action=Action.IGNORE)) == []


@pytest.mark.parametrize(
    ("severity", "word"),
    [
        (Severity.CRITICAL, "ERROR"),
        (Severity.UNKNOWN, "WARNING"),
        (Severity.MEDIUM, "WARNING"),
        (Severity.LOW, "INFO"),
    ],
)
def test_a_severity_is_one_of_reviewdogs(severity: Severity, word: str) -> None:
    [one] = diagnostics(remediation(severity=severity, no_patch="x"))
    assert one["severity"] == word


def test_what_blocks_is_an_error_whatever_its_severity() -> None:
    [one] = diagnostics(remediation(severity=Severity.LOW, no_patch="x", blocks=True))
    assert one["severity"] == "ERROR"


def test_a_runner_finds_no_command_in_it() -> None:
    assert "##[" not in render(Report(Verdict.PASS, (remediation(title="##[error]x"),)))
