"""IAM Access Analyzer, both versions of its list and of a single finding. It knows no titles and no severities."""

from __future__ import annotations

import re
from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import resource_of

name: Final = "IAM Access Analyzer"
partial: Final = False


def recognises(record: Document) -> bool:
    """An analysed resource."""
    return "analyzedAt" in record and "resourceType" in record


def read(record: Document) -> Readings:
    """Open: active, that is neither archived nor resolved."""
    finding_type = text_of(record.get("findingType"))
    status = text_of(record.get("status")).upper()
    fields = {"type": record.get("resourceType"), "account": record.get("resourceOwnerAccount")}
    resource = resource_of(record.get("resource"), fields)
    finding = Finding(
        source="access-analyzer",
        rule_id=word_of(finding_type) or "unknown",
        title=word_of(_title(record, finding_type)) or "unknown",
        status=word_of(status) or "open",
        resources=(resource,) if resource else (),
        first_seen=moment_of(record.get("createdAt")),
    )
    yield Reading(finding, status in {"ACTIVE", ""})


def _title(record: Document, finding_type: str) -> str:
    about = text_of(record.get("resourceType")) or "a resource"
    if finding_type and finding_type != "ExternalAccess":
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", finding_type)
        return f"{words}: {about}"
    return f"{'Public' if record.get('isPublic') is True else 'External'} access: {about}"
