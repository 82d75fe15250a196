from __future__ import annotations

import re

import pytest

from remedy_gate.domain.source import ALL_LINES, Change, LineRange, Problem
from remedy_gate.policy.inline_skips import HINTS, inline_skips, refusal, skip_notes
from remedy_gate.policy.rules import DEFAULT_POLICY
from remedy_gate.policy.waivers import Standing, Waiver
from remedy_gate.verification.suppressions import marks as every_mark

MARKS = re.compile(rb"checkov:skip|(?:trivy|tfsec):ignore", re.IGNORECASE)
TEXT = b"a\n# checkov:skip=CKV_AWS_1\nb\n#trivy:IGNORE:x #tfsec:ignore:y\n"


def test_marks_are_found_on_changed_lines_alone() -> None:
    change = Change("main.tf", (LineRange(3, 4),))
    assert [(skip.line, skip.mark) for skip in inline_skips((change,), {"main.tf": TEXT}, lambda: MARKS)] == [
        (4, "trivy:IGNORE"),
        (4, "tfsec:ignore"),
    ]


def test_code_without_marks_has_none() -> None:
    assert inline_skips((Change("m", (ALL_LINES,)),), {"m": b'resource "x" "y" {}\n'}, lambda: MARKS) == ()


@pytest.mark.parametrize(
    "line",
    [
        b"# checkov:skip=CKV_AWS_1:why",
        b"#bridgecrew:skip=x",
        b"# tfsec:ignore:aws-s3",
        b"#trivy:ignore:AVD-AWS-0001",
        b"# kics-scan ignore-line",
        b"#ts:skip=AC_AWS_1",
        b"# nosec",
        b"# nosemgrep: x",
        b"  checkov:\n    skip:",
        b"    rules_to_suppress:",
        b"# pragma: allowlist secret",
        b"# notrivy",
    ],
)
def test_every_scanners_mark_is_found_behind_the_hints(line: bytes) -> None:
    assert any(hint in line.lower() for hint in HINTS)
    assert inline_skips((Change("m", (ALL_LINES,)),), {"m": b"a\n" + line + b"\n"}, every_mark)


def test_marks_are_counted_a_note_for_each_file() -> None:
    skips = inline_skips((Change("main.tf", (ALL_LINES,)),), {"main.tf": TEXT}, lambda: MARKS)
    assert list(skip_notes(skips)) == [
        Problem(
            "main.tf",
            "3 marks tell scanners to look away, on changed lines: "
            "line 2 (checkov:skip), line 4 (trivy:IGNORE), line 4 (tfsec:ignore)",
        )
    ]


def test_a_refused_mark_blocks_and_a_waiver_cannot_reach_what_lies_in_no_block() -> None:
    skip = inline_skips((Change("main.tf", (ALL_LINES,)),), {"main.tf": TEXT}, lambda: MARKS)[0]
    waiver = Waiver(1, "inline-skip", "", "**", "o", "r", "2026-12-01", "", Standing.VALID)
    item = refusal(skip, None, DEFAULT_POLICY, (waiver,))
    assert (item.decision.blocks, item.decision.rule) == (True, "the defaults: inline_skips: refuse")
    assert item.finding.rule_id == "inline-skip"
