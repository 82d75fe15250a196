"""AWS Config: evaluation results of one rule or resource, or of an aggregator, which alone names account and region."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import resource_of
from remedy_gate.findings.values import table_of

name: Final = "AWS Config"
partial: Final = False


def recognises(record: Document) -> bool:
    """An evaluation result."""
    return "EvaluationResultIdentifier" in record and "ComplianceType" in record


def read(record: Document) -> Readings:
    """Open: not compliant. Config knows no severities."""
    identifier = table_of(record.get("EvaluationResultIdentifier"))
    qualifier = table_of(identifier.get("EvaluationResultQualifier"))
    rule_id = word_of(qualifier.get("ConfigRuleName")) or "unknown"
    status = text_of(record.get("ComplianceType")).upper()
    fields = {
        "type": qualifier.get("ResourceType"),
        "account": record.get("AccountId"),
        "region": record.get("AwsRegion"),
    }
    resource = resource_of(qualifier.get("ResourceId"), fields)
    finding = Finding(
        source="aws-config",
        rule_id=rule_id,
        title=rule_id,
        status=word_of(status) or "open",
        resources=(resource,) if resource else (),
        first_seen=moment_of(record.get("ResultRecordedTime")),
    )
    yield Reading(finding, status in {"NON_COMPLIANT", ""})
