"""cfn-nag, `--output-format json`: one object a template. Lines stand beside the logical ids that they belong to."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings, Unusable
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, table_of

name: Final = "cfn-nag"
partial: Final = False


def recognises(record: Document) -> bool:
    """A template and its results."""
    return isinstance(record.get("file_results"), dict)


def read(record: Document) -> Readings:
    """One finding a resource of a violation. Everything listed is open."""
    path = path_of(record.get("filename"))
    for violation in list_of(table_of(record["file_results"]).get("violations")):
        if not isinstance(violation, dict):
            yield Unusable("a violation is not an object")
            continue
        rule_id = word_of(violation.get("id")) or "unknown"
        ids, lines = list_of(violation.get("logical_resource_ids")), list_of(violation.get("line_numbers"))
        for number in range(max(len(ids), 1)):
            address = text_of(ids[number]) if ids else None
            finding = Finding(
                source="cfn-nag",
                rule_id=rule_id,
                title=word_of(violation.get("message")) or rule_id,
                severity=severity_of(violation.get("type")),
                location=location_of(path, lines[number] if number < len(lines) else None, address=address),
            )
            yield Reading(finding, is_open=True)
