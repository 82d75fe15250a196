"""Amazon Inspector v2, `ListFindings`: vulnerabilities, and networks that can be reached."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding, Kind
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import resource_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import table_of, tables_of

name: Final = "Amazon Inspector"
partial: Final = False


def recognises(record: Document) -> bool:
    """A finding under its own ARN."""
    return "findingArn" in record and ("resources" in record or "type" in record)


def read(record: Document) -> Readings:
    """Open: active. Only what can be reached over the network is a matter of configuration."""
    details = table_of(record.get("packageVulnerabilityDetails"))
    kind_of_finding = text_of(record.get("type"))
    rule_id = word_of(details.get("vulnerabilityId")) or word_of(kind_of_finding) or "unknown"
    status = text_of(record.get("status")).upper()
    resources = [
        resource_of(
            resource.get("id"),
            {
                "type": resource.get("type"),
                "account": record.get("awsAccountId"),
                "region": resource.get("region"),
                "tags": resource.get("tags"),
            },
        )
        for resource in tables_of(record.get("resources"))
    ]
    finding = Finding(
        source="inspector",
        rule_id=rule_id,
        title=word_of(record.get("title")) or rule_id,
        severity=severity_of(record.get("severity")),
        kind=Kind.MISCONFIGURATION if kind_of_finding == "NETWORK_REACHABILITY" else Kind.VULNERABILITY,
        status=word_of(status) or "open",
        resources=tuple(filter(None, resources)),
        first_seen=moment_of(record.get("firstObservedAt")),
        url=word_of(details.get("sourceUrl")),
    )
    yield Reading(finding, status in {"ACTIVE", ""})
