"""GitLab security reports: SAST, also for infrastructure code, and secret detection.

https://gitlab.com/gitlab-org/security-products/security-report-schemas
"""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding, Kind, Location
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings, Unusable
from remedy_gate.findings.kinds import kind_of_place, kind_of_rule
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, table_of, tables_of

name: Final = "GitLab security report"
partial: Final = True
_SECRETS: Final = ("trufflehog", "gitleaks", "secret")
_DEPENDENCIES: Final = frozenset(("dependency_scanning", "container_scanning"))


def recognises(record: Document) -> bool:
    """A versioned list of vulnerabilities."""
    other = "class_uid" in record or "infrastructureAsCodeIssues" in record or "bomFormat" in record
    return isinstance(record.get("vulnerabilities"), list) and "version" in record and not other


def read(record: Document) -> Readings:
    """Everything listed is open."""
    scan = table_of(record.get("scan"))
    seen, scan_type = moment_of(scan.get("start_time")), text_of(scan.get("type"))
    for entry in list_of(record["vulnerabilities"]):
        if not isinstance(entry, dict):
            yield Unusable("a vulnerability is not an object")
            continue
        identifier = next(iter(tables_of(entry.get("identifiers"))), {})
        rule_id = word_of(identifier.get("value")) or word_of(identifier.get("name")) or "unknown"
        place = table_of(entry.get("location"))
        location = location_of(path_of(place.get("file")), place.get("start_line"), place.get("end_line"))
        finding = Finding(
            source="gitlab-sast",
            rule_id=rule_id,
            title=word_of(entry.get("name")) or word_of(entry.get("message")) or rule_id,
            severity=severity_of(entry.get("severity")),
            kind=_kind(identifier, text_of(entry.get("category")) or scan_type, location),
            location=location,
            first_seen=seen,
            url=word_of(identifier.get("url")),
        )
        yield Reading(finding, is_open=True)


def _kind(identifier: Document, category: str, location: Location | None) -> Kind:
    of_tool = text_of(identifier.get("type")).lower()
    if category == "secret_detection" or of_tool.startswith(_SECRETS):
        return Kind.SECRET
    if category in _DEPENDENCIES:
        return Kind.VULNERABILITY
    return kind_of_rule(text_of(identifier.get("value")), []) or kind_of_place(location)
