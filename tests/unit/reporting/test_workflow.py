from __future__ import annotations

import json

import pytest
from reporting_samples import remediation

from remedy_gate.domain.remediation import Report, Verdict
from remedy_gate.reporting.workflow import outputs


def test_a_step_hands_on_the_verdict_the_report_and_the_counts() -> None:
    text = outputs(Report(Verdict.BLOCK, (remediation(blocks=True),)), "out/report.json", "d3adb33f")
    verdict, report, counts = text.split("d3adb33f\n")[1:6:2]
    assert (verdict, report) == ("block\n", "out/report.json\n")
    assert json.loads(counts)["blocking"] == 1
    assert json.loads(counts)["severities"]["high"] == 1
    assert text.startswith("verdict<<d3adb33f\nblock\nd3adb33f\nreport<<d3adb33f\n")


def test_a_value_cannot_end_itself() -> None:
    with pytest.raises(ValueError, match="delimiter"):
        outputs(Report(Verdict.PASS, ()), "x\nd3adb33f\nverdict=pass", "d3adb33f")
