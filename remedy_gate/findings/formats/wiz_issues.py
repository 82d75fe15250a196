"""Wiz issues, as the GraphQL query `issuesV2` gives them; also the older shape with `control` and `entity`."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import CloudResource, Finding, Kind
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import resource_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import table_of, tables_of

name: Final = "Wiz issues"
partial: Final = False
OPEN: Final = frozenset(("OPEN", "IN_PROGRESS", ""))


def recognises(record: Document) -> bool:
    """An issue names a rule, under one of three names, and an entity, under one of two."""
    if "trigger" in record and "issue" in record:  # the body of a webhook
        return False
    has_rule = "sourceRule" in record or "sourceRules" in record or "control" in record
    return has_rule and ("entitySnapshot" in record or "entity" in record)


def read(record: Document) -> Readings:
    """Open until resolved or rejected. A threat detection is an event, not a configuration."""
    rule = next(iter(tables_of(record.get("sourceRule") or record.get("sourceRules") or record.get("control"))), {})
    rule_id = word_of(rule.get("id")) or "unknown"
    status = text_of(record.get("status")).upper()
    is_event = record.get("type") == "THREAT_DETECTION" or rule.get("__typename") == "CloudEventRule"
    resource = entity_of(table_of(record.get("entitySnapshot") or record.get("entity")))
    finding = Finding(
        source="wiz",
        rule_id=rule_id,
        title=word_of(rule.get("name")) or rule_id,
        severity=severity_of(record.get("severity")),
        kind=Kind.THREAT if is_event else Kind.MISCONFIGURATION,
        status=word_of(status) or "open",
        resources=(resource,) if resource else (),
        first_seen=moment_of(record.get("createdAt")),
        due=moment_of(record.get("dueAt")),
        url=word_of(record.get("url")),
    )
    yield Reading(finding, status in OPEN)


def entity_of(entity: Document) -> CloudResource | None:
    """The resource that an entity stands for: its provider's id is the ARN on AWS."""
    subscription = table_of(entity.get("subscription"))
    identity = entity.get("providerId") or entity.get("providerUniqueId") or entity.get("externalId")
    fields = {
        "type": entity.get("nativeType") or entity.get("type"),
        "name": entity.get("name"),
        "account": entity.get("subscriptionExternalId") or subscription.get("externalId"),
        "region": entity.get("region"),
        "tags": entity.get("tags"),
    }
    return resource_of(identity or entity.get("name"), fields)
