"""Prowler 2, as one JSON object a line and as CSV. The check's id stands in brackets before its title."""

from __future__ import annotations

import re
from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import resource_of
from remedy_gate.findings.severities import severity_of

name: Final = "Prowler 2"
partial: Final = False
_TITLE: Final = r"\[(?P<id>[\w.-]+)\]\s*(?P<title>.*)$"


def recognises(record: Document) -> bool:
    """The columns of one or the other."""
    return ("Control" in record and "Control ID" in record) or ("TITLE_ID" in record and "CHECK_RESULT" in record)


def read(record: Document) -> Readings:
    """Open: failed."""

    def value(json_key: str, csv_key: str) -> object:
        return record.get(json_key) or record.get(csv_key)

    titled = re.match(_TITLE, text_of(value("Control", "TITLE_TEXT")))
    rule_id = word_of(titled["id"] if titled else None) or word_of(value("Control ID", "TITLE_ID")) or "unknown"
    status = text_of(value("Status", "CHECK_RESULT")).upper()
    account, resource_type = value("Account Number", "ACCOUNT_NUM"), record.get("CHECK_ASFF_RESOURCE_TYPE")
    fields = {"type": resource_type, "account": account, "region": value("Region", "REGION")}
    identity = value("Resource ID", "CHECK_RESOURCE_ID") or (account if resource_type == "AwsAccount" else None)
    resource = resource_of(identity, fields)
    finding = Finding(
        source="prowler",
        rule_id=rule_id,
        title=word_of(titled["title"] if titled else value("Control", "TITLE_TEXT")) or rule_id,
        severity=severity_of(value("Severity", "CHECK_SEVERITY")),
        status=word_of(status) or "open",
        resources=(resource,) if resource else (),
        first_seen=moment_of(value("Timestamp", "PROWLER_START_TIME")),
        url=word_of(value("Doc link", "CHECK_DOC")),
    )
    yield Reading(finding, status in {"FAIL", ""})
