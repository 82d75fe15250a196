"""The body that a Wiz automation rule posts: one issue. Users write their own templates, so that fields move about."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding, Kind
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import table_of

from .wiz_issues import OPEN, entity_of

name: Final = "Wiz webhook"
partial: Final = False


def recognises(record: Document) -> bool:
    """A body says what triggered it, and for which issue."""
    return "trigger" in record and isinstance(record.get("issue"), dict)


def read(record: Document) -> Readings:
    """Open by the issue's status, not by what the trigger says."""
    issue = table_of(record["issue"])
    control = _first(record, issue, "control", "sourceRule")
    rule_id = word_of(control.get("id")) or "unknown"
    status = text_of(issue.get("status")).upper()
    entity = _first(record, issue, "entitySnapshot", "resource", "entity")
    identity = (
        entity.get("providerId") or entity.get("providerUniqueId") or entity.get("externalId") or entity.get("id")
    )
    account = entity.get("subscriptionExternalId") or entity.get("subscriptionId")
    resource = entity_of({**entity, "providerId": identity, "subscriptionExternalId": account})
    finding = Finding(
        source="wiz",
        rule_id=rule_id,
        title=word_of(control.get("name")) or word_of(issue.get("title")) or word_of(issue.get("name")) or rule_id,
        severity=severity_of(issue.get("severity") or control.get("severity")),
        kind=Kind.THREAT if issue.get("type") == "THREAT_DETECTION" else Kind.MISCONFIGURATION,
        status=word_of(status) or "open",
        resources=(resource,) if resource else (),
        first_seen=moment_of(issue.get("created") or issue.get("createdAt")),
        due=moment_of(issue.get("dueAt") or issue.get("due")),
        url=word_of(issue.get("url") or issue.get("link") or issue.get("issueUrl")),
    )
    yield Reading(finding, status in OPEN)


def _first(record: Document, issue: Document, *keys: str) -> Document:
    """The first of these objects, looked for beside the issue and in it."""
    for key in keys:
        for holder in (record, issue):
            if found := table_of(holder.get(key)):
                return found
    return {}
