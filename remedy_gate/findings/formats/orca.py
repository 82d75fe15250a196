"""Orca Security alerts, as JSON and as CSV. They have a score instead of a severity, and names instead of ids."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding, Kind
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import resource_of
from remedy_gate.findings.severities import severity_of_score
from remedy_gate.findings.values import table_of

name: Final = "Orca"
partial: Final = False
_KINDS: Final = (
    ("vulnerabilit", Kind.VULNERABILITY),
    ("malware", Kind.THREAT),
    ("suspicious", Kind.THREAT),
    ("malicious", Kind.THREAT),
)


def recognises(record: Document) -> bool:
    """An alert with Orca's score."""
    return "OrcaScore" in record


def read(record: Document) -> Readings:
    """Open: open or being worked on."""
    title = word_of(record.get("Title")) or "unknown"
    status, category = text_of(record.get("Status")).lower(), text_of(record.get("Category")).lower()
    item, account = _name(record, "Inventory"), _name(record, "CloudAccount")
    resource = resource_of(item or record.get("Source"), {"name": item, "account": account})
    finding = Finding(
        source="orca",
        rule_id=word_of(record.get("AlertType")) or word_of(record.get("RuleId")) or title,
        title=title,
        severity=severity_of_score(record.get("OrcaScore")),
        kind=next((kind for mark, kind in _KINDS if mark in category), Kind.MISCONFIGURATION),
        status=word_of(status) or "open",
        resources=(resource,) if resource else (),
        first_seen=moment_of(record.get("CreatedAt")),
    )
    yield Reading(finding, status in {"open", "in_progress", ""})


def _name(record: Document, key: str) -> str:
    return text_of(table_of(record.get(key)).get("Name")) or text_of(record.get(f"{key}.Name"))
