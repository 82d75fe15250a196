"""The issues report of Wiz as CSV, standard or detailed."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import resource_of
from remedy_gate.findings.severities import severity_of

from .wiz_issues import OPEN

name: Final = "Wiz issues (CSV)"
partial: Final = False


def recognises(record: Document) -> bool:
    """The columns that tell an issue and its control."""
    return "Issue ID" in record and "Control ID" in record and "Severity" in record


def read(record: Document) -> Readings:
    """Open until resolved, rejected or, as the CSV has it, ignored."""
    rule_id = word_of(record.get("Control ID")) or "unknown"
    status = text_of(record.get("Status")).upper()
    fields = {
        "type": record.get("Resource Type"),
        "name": record.get("Resource Name"),
        "account": record.get("Subscription ID"),
        "region": record.get("Resource Region"),
        "tags": record.get("Resource Tags"),
    }
    resource = resource_of(record.get("Resource external ID") or record.get("Resource Name"), fields)
    finding = Finding(
        source="wiz",
        rule_id=rule_id,
        title=word_of(record.get("Title")) or rule_id,
        severity=severity_of(record.get("Severity")),
        status=word_of(status) or "open",
        resources=(resource,) if resource else (),
        first_seen=moment_of(record.get("Created At")),
        due=moment_of(record.get("Due At")),
        url=word_of(record.get("Wiz URL")),
    )
    yield Reading(finding, status in OPEN)
