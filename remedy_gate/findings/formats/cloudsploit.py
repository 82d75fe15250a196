"""CloudSploit, `--json`: one object a plugin and resource."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.resources import resource_of
from remedy_gate.findings.severities import severity_of

name: Final = "CloudSploit"
partial: Final = False


def recognises(record: Document) -> bool:
    """A plugin's outcome."""
    return "plugin" in record and "status" in record


def read(record: Document) -> Readings:
    """Open: failed or warned. The status is the severity too."""
    rule_id = word_of(record.get("plugin")) or "unknown"
    status = text_of(record.get("status")).upper()
    identity = text_of(record.get("resource"))
    resource = resource_of("" if identity == "N/A" else identity, {"region": record.get("region")})
    finding = Finding(
        source="cloudsploit",
        rule_id=rule_id,
        title=word_of(record.get("title")) or rule_id,
        severity=severity_of(status),
        status=word_of(status) or "open",
        resources=(resource,) if resource else (),
    )
    yield Reading(finding, status in {"FAIL", "WARN", ""})
