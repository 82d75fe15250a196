"""cfn-lint, `-f json`: a list of matches."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, table_of

name: Final = "cfn-lint"
partial: Final = False


def recognises(record: Document) -> bool:
    """A match of a rule in a file."""
    return "Rule" in record and "Location" in record and "Filename" in record


def read(record: Document) -> Readings:
    """Everything listed is open."""
    rule, place = table_of(record.get("Rule")), table_of(record.get("Location"))
    rule_id = word_of(rule.get("Id")) or "unknown"
    start, end = table_of(place.get("Start")), table_of(place.get("End"))
    finding = Finding(
        source="cfn-lint",
        rule_id=rule_id,
        title=word_of(record.get("Message")) or word_of(rule.get("ShortDescription")) or rule_id,
        severity=severity_of(record.get("Level")),
        location=location_of(
            path_of(record.get("Filename")), start.get("LineNumber"), end.get("LineNumber"), _address(place.get("Path"))
        ),
        url=word_of(rule.get("Source")),
    )
    yield Reading(finding, is_open=True)


def _address(path: object) -> str | None:
    """A resource by its logical id, everything else with its section: `Parameters.Unused`."""
    section, entry = [*map(text_of, list_of(path)[:2]), "", ""][:2]
    if not entry:
        return None
    return entry if section == "Resources" else f"{section}.{entry}"
