"""Prowler 3, `-M json`."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import resource_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import table_of, truth_of

name: Final = "Prowler 3"
partial: Final = False


def recognises(record: Document) -> bool:
    """A check and its outcome."""
    return "CheckID" in record and "Status" in record


def read(record: Document) -> Readings:
    """Open: failed and not muted."""
    rule_id = word_of(record.get("CheckID")) or "unknown"
    status, muted = text_of(record.get("Status")).upper(), truth_of(record.get("Muted"))
    fields = {
        "type": record.get("ResourceType"),
        "name": record.get("ResourceId"),
        "account": record.get("AccountId"),
        "region": record.get("Region"),
        "tags": record.get("ResourceTags"),
    }
    resource = resource_of(record.get("ResourceArn") or record.get("ResourceId"), fields)
    finding = Finding(
        source="prowler",
        rule_id=rule_id,
        title=word_of(record.get("CheckTitle")) or rule_id,
        severity=severity_of(record.get("Severity")),
        status=word_of(f"{status}/MUTED" if muted else status) or "open",
        resources=(resource,) if resource else (),
        first_seen=moment_of(record.get("AssessmentStartTime")),
        url=word_of(table_of(table_of(record.get("Remediation")).get("Recommendation")).get("Url"))
        or word_of(record.get("RelatedUrl")),
    )
    yield Reading(finding, status in {"FAIL", ""} and not muted)
