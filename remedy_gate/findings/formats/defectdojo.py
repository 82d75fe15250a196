"""DefectDojo's generic findings import, as JSON and as CSV. Headers differ in spaces, underscores and case."""

from __future__ import annotations

import re
from typing import Final

from remedy_gate.domain.finding import Finding, Kind
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.kinds import kind_of_rule
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.resources import resource_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import truth_of

name: Final = "DefectDojo generic findings"
partial: Final = False
_MARKS: Final = frozenset(("severity", "Severity", "active", "verified"))
# Keys that other formats with a title and a severity have.
_OTHERS: Final = frozenset(
    (
        "GeneratorId",
        "findingArn",
        "class_uid",
        "plugin",
        "OrcaScore",
        "Issue ID",
        "rule",
        "check_id",
        "sourceRule",
        "CheckID",
    )
)
_CLOSED: Final = (
    (("falsep", "falsepositive"), "false positive"),
    (("duplicate",), "duplicate"),
    (("ismitigated", "mitigated"), "mitigated"),
    (("outofscope",), "out of scope"),
    (("riskaccepted",), "risk accepted"),
)
_NO: Final = frozenset(("", "false", "no", "0", "none", "null"))


def recognises(record: Document) -> bool:
    """A title with a severity or a state, and nothing that speaks for another format."""
    return ("title" in record or "Title" in record) and bool(_MARKS & record.keys()) and not _OTHERS & record.keys()


def read(record: Document) -> Readings:
    """Open: active, and neither a false positive nor a duplicate nor dealt with."""
    plain = {re.sub(r"[\s_-]", "", key).lower(): value for key, value in record.items()}
    title = word_of(plain.get("title")) or "unknown"
    rule_id = word_of(plain.get("vulnidfromtool")) or word_of(plain.get("cve")) or title
    closed = _closed(plain)
    path = path_of(plain.get("filepath"))
    component = resource_of(plain.get("componentname"), {}) if path is None else None
    finding = Finding(
        source="defectdojo",
        rule_id=rule_id,
        title=title,
        severity=severity_of(plain.get("severity")),
        kind=Kind.VULNERABILITY if text_of(plain.get("cve")) else kind_of_rule(rule_id, []) or Kind.MISCONFIGURATION,
        status=closed or "active",
        resources=(component,) if component else (),
        location=location_of(path, plain.get("line")),
        first_seen=moment_of(plain.get("date")),
        url=word_of(plain.get("url")),
    )
    yield Reading(finding, closed is None)


def _closed(plain: Document) -> str | None:
    active = plain.get("active")
    if active is False or (text_of(active) and not truth_of(active)):
        return "inactive"
    for keys, word in _CLOSED:
        for key in keys:
            value = plain.get(key)
            if value is True or (isinstance(value, str) and value.strip().lower() not in _NO):
                return word
    return None
