"""Terrascan, `-o json`."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding, Location
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings, Unusable
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, table_of

name: Final = "Terrascan"
partial: Final = True


def recognises(record: Document) -> bool:
    """Results have violations, which may be null."""
    results = table_of(record.get("results"))
    return "violations" in results and ("scan_summary" in results or "skipped_violations" in results)


def read(record: Document) -> Readings:
    """Open: violations that were not skipped in the code."""
    results = table_of(record["results"])
    seen = moment_of(table_of(results.get("scan_summary")).get("scanned_at"))
    for list_name, is_open in (("violations", True), ("skipped_violations", False)):
        for violation in list_of(results.get(list_name)):
            if isinstance(violation, dict):
                yield Reading(_finding(violation, seen, is_open=is_open), is_open)
            else:
                yield Unusable("a violation is not an object")


def _finding(violation: Document, seen: str | None, *, is_open: bool) -> Finding:
    rule_id = word_of(violation.get("rule_id")) or "unknown"
    comment = text_of(violation.get("skip_comment"))
    skipped = f"skipped: {comment}" if comment else "skipped"
    return Finding(
        source="terrascan",
        rule_id=rule_id,
        title=word_of(violation.get("description")) or rule_id,
        severity=severity_of(violation.get("severity")),
        status="open" if is_open else skipped,
        location=_location(violation),
        first_seen=seen,
    )


def _location(violation: Document) -> Location | None:
    kind, label = text_of(violation.get("resource_type")), text_of(violation.get("resource_name"))
    address = label if "::" in kind or not kind else f"{kind}.{label}"
    module = text_of(violation.get("module_name"))
    if label and module not in {"", "root"}:
        address = f"module.{module}.{address}"
    path, root = path_of(violation.get("file")), path_of(violation.get("plan_root"))
    if path and root and not path.startswith(f"{root}/"):
        path = f"{root}/{path}"
    return location_of(path, violation.get("line"), address=address if label else None)
