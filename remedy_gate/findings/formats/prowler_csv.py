"""Prowler 3 to 5 as CSV, separated by semicolons. Version 3 names some columns otherwise."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import resource_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import truth_of

name: Final = "Prowler (CSV)"
partial: Final = False


def recognises(record: Document) -> bool:
    """A check and its outcome."""
    return "CHECK_ID" in record and "STATUS" in record


def read(record: Document) -> Readings:
    """Open: failed and not muted."""
    rule_id = word_of(record.get("CHECK_ID")) or "unknown"
    status, muted = text_of(record.get("STATUS")).upper(), truth_of(record.get("MUTED"))
    identity = record.get("RESOURCE_UID") or record.get("RESOURCE_ARN") or record.get("RESOURCE_ID")
    fields = {
        "type": record.get("RESOURCE_TYPE"),
        "name": record.get("RESOURCE_NAME") or record.get("RESOURCE_ID"),
        "account": record.get("ACCOUNT_UID") or record.get("ACCOUNT_ID"),
        "region": record.get("REGION"),
        "tags": record.get("RESOURCE_TAGS"),
    }
    resource = resource_of(identity, fields)
    finding = Finding(
        source="prowler",
        rule_id=rule_id,
        title=word_of(record.get("CHECK_TITLE")) or rule_id,
        severity=severity_of(record.get("SEVERITY")),
        status=word_of(f"{status}/MUTED" if muted else status) or "open",
        resources=(resource,) if resource else (),
        first_seen=moment_of(record.get("TIMESTAMP") or record.get("ASSESSMENT_START_TIME")),
        url=word_of(record.get("REMEDIATION_RECOMMENDATION_URL") or record.get("RELATED_URL")),
    )
    yield Reading(finding, status in {"FAIL", ""} and not muted)
