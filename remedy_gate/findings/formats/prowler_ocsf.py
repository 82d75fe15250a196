"""Prowler 4 and 5, `-M json-ocsf`: OCSF detection findings for passed checks too."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.severities import severity_of_ocsf
from remedy_gate.findings.values import table_of

from . import ocsf_event

name: Final = "Prowler (OCSF)"
partial: Final = False


def recognises(record: Document) -> bool:
    """An OCSF finding with Prowler's status code."""
    return ocsf_event.is_event(record) and "status_code" in record and ocsf_event.product_of(record) == "prowler"


def read(record: Document) -> Readings:
    """Open: failed and not muted. `status` alone is "New" for passes as well."""
    info = ocsf_event.info_of(record)
    rule_id = word_of(table_of(record.get("metadata")).get("event_code")) or "unknown"
    code, status = text_of(record.get("status_code")).upper(), text_of(record.get("status"))
    suppressed = status.lower() == "suppressed"
    finding = Finding(
        source="prowler",
        rule_id=rule_id,
        title=word_of(info.get("title")) or rule_id,
        severity=severity_of_ocsf(record.get("severity_id"), record.get("severity")),
        status=word_of(f"{code}/{status}" if suppressed else code) or "open",
        resources=ocsf_event.resources_of(record),
        first_seen=ocsf_event.first_seen_of(record),
        url=word_of(ocsf_event.url_of(record)),
    )
    yield Reading(finding, code in {"FAIL", ""} and not suppressed)
