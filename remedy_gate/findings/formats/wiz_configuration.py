"""Wiz configuration findings, as the GraphQL query `configurationFindings` gives them."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import is_arn
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import table_of

from .wiz_issues import OPEN, entity_of

name: Final = "Wiz configuration findings"
partial: Final = False
_TARGETS: Final = ("targetObjectProviderUniqueId", "targetExternalId", "targetObject")


def recognises(record: Document) -> bool:
    """A finding has a rule and a result for a target."""
    return (
        "rule" in record and "result" in record and (any(key in record for key in _TARGETS) or "analyzedAt" in record)
    )


def read(record: Document) -> Readings:
    """Open: failed, and not closed. Passes keep the severity of their rule."""
    rule = table_of(record.get("rule"))
    rule_id = word_of(rule.get("shortId")) or word_of(rule.get("id")) or "unknown"
    result, status = text_of(record.get("result")).upper(), text_of(record.get("status")).upper()
    deleted = record.get("deleted") is True
    resource = entity_of({**table_of(record.get("resource")), **_identity(record)})
    finding = Finding(
        source="wiz",
        rule_id=rule_id,
        title=word_of(rule.get("name")) or rule_id,
        severity=severity_of(record.get("severity")),
        status=word_of("/".join(filter(None, (result, status, "DELETED" if deleted else "")))) or "open",
        resources=(resource,) if resource else (),
        first_seen=moment_of(record.get("firstSeenAt")),
        due=moment_of(record.get("dueAt")),
        url=word_of(record.get("url")),
    )
    yield Reading(finding, result in {"FAIL", ""} and status in OPEN and not deleted)


def _identity(record: Document) -> Document:
    """The first id that is an ARN; else the provider's own."""
    resource = table_of(record.get("resource"))
    texts = (
        text_of(record.get("targetObjectProviderUniqueId")),
        text_of(resource.get("providerId")),
        text_of(record.get("targetExternalId")),
    )
    identity = next(filter(is_arn, texts), "") or next(filter(None, texts), "")
    return {"providerId": identity} if identity else {}
