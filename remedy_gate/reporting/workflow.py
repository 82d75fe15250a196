"""What a step of a workflow hands on: its outputs, as GitHub Actions reads them. Pure."""

from __future__ import annotations

from remedy_gate.domain.remediation import Report

from .json_report import report_object


def outputs(report: Report, path: str, delimiter: str) -> str:
    """The text to append to the file named by GITHUB_OUTPUT: `verdict`, `report` (its path) and `counts` (JSON).

    `delimiter` is to be random: whoever could guess it could end a value and add outputs of his own.
    """
    import json

    summary = report_object(report)["summary"]
    counts = {key: value for key, value in summary.items() if key in _COUNTS} if isinstance(summary, dict) else {}
    values = {"verdict": str(report.verdict), "report": path, "counts": json.dumps(counts, separators=(",", ":"))}
    for value in values.values():
        if delimiter in value:
            raise ValueError("the delimiter is part of a value")
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in values.items())


_COUNTS = ("remediations", "blocking", "patches", "actions", "proofs", "matches", "severities")
