"""GitHub code scanning alerts, out of the REST interface or a webhook.

https://docs.github.com/en/rest/code-scanning/code-scanning. Old webhooks list `instances`; some exports write the word
"None" for null.
"""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding, Kind, Location, Severity
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.kinds import kind_of_place, kind_of_rule
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, table_of, tables_of

name: Final = "GitHub code scanning"
partial: Final = False


def recognises(record: Document) -> bool:
    """A numbered alert of a rule."""
    return "number" in record and "state" in record and isinstance(record.get("rule"), dict)


def read(record: Document) -> Readings:
    """Open by its state, neither dismissed nor fixed."""
    rule = table_of(record["rule"])
    rule_id = _text(rule.get("id")) or _text(rule.get("name")) or "unknown"
    status, location = _text(record.get("state")).lower(), _location(record)
    severity = severity_of(_text(rule.get("security_severity_level")))
    kind = kind_of_rule(rule_id, list_of(rule.get("tags"))) or (kind_of_place(location) if location else Kind.OTHER)
    reason = _text(record.get("dismissed_reason"))
    finding = Finding(
        source="code-scanning",
        rule_id=word_of(rule_id) or "unknown",
        title=word_of(_text(rule.get("description")) or _text(rule.get("name"))) or rule_id,
        severity=severity if severity is not Severity.UNKNOWN else severity_of(_text(rule.get("severity"))),
        kind=kind,
        status=word_of(f"{status}: {reason}" if reason else status) or "open",
        location=location,
        first_seen=moment_of(record.get("created_at")),
        url=word_of(_text(record.get("html_url"))),
    )
    yield Reading(finding, status in {"open", ""})


def _text(value: object) -> str:
    text = text_of(value)
    return "" if text == "None" else text


def _location(record: Document) -> Location | None:
    instances = tables_of(record.get("most_recent_instance")) or tables_of(record.get("instances"))
    place = table_of(instances[-1].get("location")) if instances else {}
    return location_of(path_of(_text(place.get("path"))), place.get("start_line"), place.get("end_line"))
