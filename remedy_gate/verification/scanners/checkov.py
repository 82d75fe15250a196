"""Checkov: `checkov -o json`, with passed, failed and skipped checks (https://www.checkov.io/2.Basics/CLI%20Command%20Reference.html)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .scanner import FOLDER, Said, Scan, Scanner


def read(output: bytes) -> Scan | None:
    """Checkov's JSON: one report, or a list with one for each framework."""
    try:
        document = json.loads(output)
    except (ValueError, RecursionError):
        return None
    reports = [
        report for report in (document if isinstance(document, list) else [document]) if isinstance(report, dict)
    ]
    if not any("results" in report or "passed" in report for report in reports):
        return None
    parsed = [report["results"] for report in reports if isinstance(report.get("results"), dict)]
    return Scan(
        frozenset(said for results in parsed for said in _said(results.get("failed_checks"))),
        frozenset(said for results in parsed for said in _said(results.get("passed_checks"))),
        frozenset(said for results in parsed for said in _said(results.get("skipped_checks"))),
        next(filter(None, map(_version, reports)), ""),
    )


def _version(report: dict[str, Any]) -> str:
    """A report that found no code has the counts at its top, and the version among them."""
    summary = report.get("summary")
    return str((summary if isinstance(summary, dict) else report).get("checkov_version") or "")


def _said(checks: Any) -> Iterator[Said]:  # noqa: ANN401 - whatever stands in the JSON
    for check in checks if isinstance(checks, list) else ():
        if isinstance(check, dict):
            resource = str(check.get("resource", ""))
            lines = check.get("file_line_range")
            line = lines[0] if isinstance(lines, list) and lines and isinstance(lines[0], int) else 0
            address = resource.rpartition(".")[2] if "::" in resource else resource
            yield Said(str(check.get("check_id", "")), str(check.get("file_path", "")).lstrip("/"), address, line)


SCANNER = Scanner(
    "checkov",
    "checkov",
    (
        *("--directory", FOLDER, "--output", "json", "--compact", "--soft-fail", "--skip-download"),
        *("--download-external-modules", "false", "--framework", "terraform", "cloudformation"),
    ),
    read,
)
