"""AWS Security Hub in the AWS Security Finding Format (ASFF), also as Prowler, GuardDuty and Inspector write it.

https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html
"""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import CloudResource, Finding, Kind, Severity
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import account_of, resource_of
from remedy_gate.findings.severities import severity_of, severity_of_normalized
from remedy_gate.findings.values import list_of, table_of, tables_of

name: Final = "AWS Security Hub (ASFF)"
partial: Final = False
_OPEN_WORKFLOWS: Final = frozenset(("NEW", "NOTIFIED", ""))
_OPEN_COMPLIANCES: Final = frozenset(("FAILED", "WARNING", ""))
# The first part of a finding type: https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html
_KINDS: Final = (
    ("Software and Configuration Checks/Vulnerabilities", Kind.VULNERABILITY),
    ("Software and Configuration Checks", Kind.MISCONFIGURATION),
    ("TTPs", Kind.THREAT),
    ("Unusual Behaviors", Kind.THREAT),
    ("Effects", Kind.THREAT),
    ("Sensitive Data Identifications", Kind.OTHER),
)


def recognises(record: Document) -> bool:
    """A finding has a generator and names resources."""
    return "GeneratorId" in record and ("Resources" in record or "ProductArn" in record)


def read(record: Document) -> Readings:
    """Open: an active record whose workflow is new or notified, and whose compliance, if it has one, has failed."""
    compliance = table_of(record.get("Compliance"))
    states = (
        text_of(record.get("RecordState")).upper(),
        text_of(table_of(record.get("Workflow")).get("Status")).upper(),
        text_of(compliance.get("Status")).upper(),
    )
    state, workflow, outcome = states
    rule_id = _rule_id(record, compliance)
    finding = Finding(
        source="security-hub",
        rule_id=rule_id,
        title=word_of(record.get("Title")) or rule_id,
        severity=_severity(record),
        kind=_kind(record, outcome),
        status=word_of("/".join(filter(None, states))) or "open",
        resources=tuple(_resources(record)),
        first_seen=moment_of(record.get("FirstObservedAt")) or moment_of(record.get("CreatedAt")),
        url=_url(record),
    )
    is_open = state in {"ACTIVE", ""} and workflow in _OPEN_WORKFLOWS and outcome in _OPEN_COMPLIANCES
    yield Reading(finding, is_open)


def _rule_id(record: Document, compliance: Document) -> str:
    fields = table_of(record.get("ProductFields"))
    return (
        word_of(compliance.get("SecurityControlId"))
        or word_of(fields.get("ControlId"))
        or word_of(fields.get("RuleId"))
        or word_of(text_of(record.get("GeneratorId")).rpartition("/")[2])
        or "unknown"
    )


def _severity(record: Document) -> Severity:
    severity = table_of(record.get("Severity"))
    known = severity_of(severity.get("Label"))
    return known if known is not Severity.UNKNOWN else severity_of_normalized(severity.get("Normalized"))


def _kind(record: Document, outcome: str) -> Kind:
    if record.get("Vulnerabilities"):
        return Kind.VULNERABILITY
    if outcome:
        return Kind.MISCONFIGURATION
    first = text_of(next(iter(list_of(record.get("Types"))), ""))
    if "Access Granted" in first:  # IAM Access Analyzer files a resource policy under "Effects/Data Exposure"
        return Kind.MISCONFIGURATION
    return next((kind for prefix, kind in _KINDS if first.startswith(prefix)), Kind.MISCONFIGURATION)


def _resources(record: Document) -> list[CloudResource]:
    account, region = account_of(record.get("AwsAccountId")), record.get("Region")
    found = []
    for resource in tables_of(record.get("Resources")):
        details = table_of(resource.get("Details"))
        fields = {
            "type": resource.get("Type"),
            "name": _name(details),
            "account": account,
            "region": resource.get("Region") or region,
            "tags": resource.get("Tags"),
        }
        if one := resource_of(resource.get("Id"), fields):
            found.append(one)
    return found


def _name(details: Document) -> object:
    """The name that some types have in their details (`AwsS3Bucket.Name`, `AwsEc2SecurityGroup.GroupName`)."""
    for detail in details.values():
        for key in ("Name", "GroupName", "BucketName", "FunctionName"):
            if isinstance(detail, dict) and isinstance(detail.get(key), str):
                return detail[key]
    return None


def _url(record: Document) -> str | None:
    recommendation = table_of(table_of(record.get("Remediation")).get("Recommendation"))
    return word_of(record.get("SourceUrl")) or word_of(recommendation.get("Url"))
