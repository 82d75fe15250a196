"""`snyk iac test --json`: one object a file."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.addresses import address_in_key
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings, Unusable
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, truth_of

name: Final = "Snyk IaC"
partial: Final = True


def recognises(record: Document) -> bool:
    """A file and its issues."""
    return "infrastructureAsCodeIssues" in record


def read(record: Document) -> Readings:
    """Open: not ignored."""
    path = path_of(record.get("targetFile") or record.get("targetFilePath"))
    for issue in list_of(record["infrastructureAsCodeIssues"]):
        if not isinstance(issue, dict):
            yield Unusable("an issue is not an object")
            continue
        rule_id = word_of(issue.get("id")) or word_of(issue.get("publicId")) or "unknown"
        ignored = truth_of(issue.get("isIgnored"))
        finding = Finding(
            source="snyk",
            rule_id=rule_id,
            title=word_of(issue.get("title")) or rule_id,
            severity=severity_of(issue.get("severity")),
            status="ignored" if ignored else "open",
            location=location_of(path, issue.get("lineNumber"), address=_address(issue)),
            url=word_of(issue.get("documentation")),
        )
        yield Reading(finding, not ignored)


def _address(issue: Document) -> str | None:
    steps = [step for step in map(text_of, list_of(issue.get("path"))) if step]
    return address_in_key(".".join(steps)) or address_in_key(text_of(issue.get("msg")))
