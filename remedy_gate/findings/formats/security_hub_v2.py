"""AWS Security Hub in its second version: OCSF compliance findings, out of `GetFindingsV2` or EventBridge."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.severities import severity_of_ocsf
from remedy_gate.findings.values import table_of

from . import ocsf_event

name: Final = "AWS Security Hub v2 (OCSF)"
partial: Final = False
_COMPLIANCE_FINDING: Final = 2003
_COMPLIANCES: Final = {0: "Unknown", 1: "Pass", 2: "Warning", 3: "Fail"}


def recognises(record: Document) -> bool:
    """A compliance finding whose product is Security Hub."""
    if record.get("class_uid") != _COMPLIANCE_FINDING or not ocsf_event.is_event(record):
        return False
    product = table_of(table_of(record.get("metadata")).get("product"))
    return "security hub" in ocsf_event.product_of(record) or ":securityhub:" in text_of(product.get("uid"))


def read(record: Document) -> Readings:
    """Open: failed or with a warning, and new or in progress."""
    compliance, info = table_of(record.get("compliance")), ocsf_event.info_of(record)
    rule_id = word_of(compliance.get("control")) or word_of(table_of(info.get("analytic")).get("name")) or "unknown"
    outcome, status = compliance_of(record), ocsf_event.status_of(record)
    finding = Finding(
        source="security-hub",
        rule_id=rule_id,
        title=word_of(info.get("title")) or rule_id,
        severity=severity_of_ocsf(record.get("severity_id"), record.get("severity")),
        status=word_of("/".join(filter(None, (outcome, status)))) or "open",
        resources=ocsf_event.resources_of(record),
        first_seen=ocsf_event.first_seen_of(record),
        url=word_of(ocsf_event.url_of(record)),
    )
    yield Reading(finding, outcome.upper() in {"FAIL", "WARNING", ""} and ocsf_event.is_open_status(status))


def compliance_of(record: Document) -> str:
    """Pass, Warning, Fail or another word; the empty text where nothing is said."""
    compliance = table_of(record.get("compliance"))
    status_id = compliance.get("status_id")
    known = _COMPLIANCES.get(status_id) if isinstance(status_id, int) else None
    return known or text_of(compliance.get("status"))
