"""SARIF 2.1.0, whichever tool wrote it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; section numbers below are of that document.
"""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding, Kind, Location, Severity
from remedy_gate.findings.addresses import address_in_key, is_address, logical_id_in_message
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings, Remark, Unusable
from remedy_gate.findings.kinds import kind_of_place, kind_of_rule
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.paths import location_of, path_of_uri
from remedy_gate.findings.severities import severity_of, severity_of_score
from remedy_gate.findings.values import list_of, table_of, tables_of

from .sarif_run import Run

name: Final = "SARIF"
partial: Final = True


def recognises(record: Document) -> bool:
    """A log has runs, which may be none or null."""
    return isinstance(record.get("runs"), list) or ("runs" in record and "version" in record and record["runs"] is None)


def read(record: Document) -> Readings:
    """Open: the result is a failure (3.27.9), not suppressed (3.27.23) and not gone since the baseline (3.27.24)."""
    for entry in list_of(record["runs"]):
        if not isinstance(entry, dict):
            yield Unusable("a run is not an object")
            continue
        run = Run(entry)
        yield from map(Remark, run.failures())
        for result in list_of(entry.get("results")):
            yield _result(run, result) if isinstance(result, dict) else Unusable("a result is not an object")


def _result(run: Run, result: Document) -> Reading:
    rule = run.rule_of(result)
    rule_id = (
        word_of(result.get("ruleId")) or word_of(table_of(result.get("rule")).get("id")) or word_of(rule.get("id"))
    )
    message = run.message(result, rule)
    location = _location(run, result, message)
    properties = table_of(rule.get("properties"))
    finding = Finding(
        source=run.source,
        rule_id=rule_id or "unknown",
        title=run.short_description(rule) or message or rule_id or "unknown",
        severity=_severity(result, rule, properties),
        kind=_kind(run, rule_id or "", properties, location),
        status=_closed(result) or "open",
        location=location,
        first_seen=moment_of(table_of(result.get("provenance")).get("firstDetectionTimeUtc")),
        url=word_of(rule.get("helpUri")) or word_of(result.get("hostedViewerUri")),
    )
    return Reading(finding, _closed(result) is None)


def _closed(result: Document) -> str | None:
    """Why the result is no open problem, in the words of the log."""
    kind = text_of(result.get("kind"))
    if kind and kind != "fail":
        return kind
    if result.get("baselineState") == "absent":
        return "absent"
    for suppression in tables_of(result.get("suppressions")):
        if text_of(suppression.get("status") or suppression.get("state")) in {"", "accepted"}:
            return f"suppressed: {reason}" if (reason := text_of(suppression.get("justification"))) else "suppressed"
    return None


def _severity(result: Document, rule: Document, properties: Document) -> Severity:
    """`security-severity` is GitHub's addition; the level defaults to the rule's, and that to warning (3.27.10)."""
    for holder in (table_of(result.get("properties")), properties):
        score = severity_of_score(holder.get("security-severity"))
        if score is not Severity.UNKNOWN:
            return score
    level = result.get("level") or table_of(rule.get("defaultConfiguration")).get("level") or "warning"
    return severity_of(level)


def _kind(run: Run, rule_id: str, properties: Document, location: Location | None) -> Kind:
    told = kind_of_rule(rule_id, list_of(properties.get("tags")))
    if told is not None:
        return told
    return Kind.MISCONFIGURATION if run.is_of_infrastructure else kind_of_place(location)


def _location(run: Run, result: Document, message: str) -> Location | None:
    place = next(iter(tables_of(result.get("locations"))), {})
    physical = table_of(place.get("physicalLocation"))
    region = table_of(physical.get("region"))
    path = path_of_uri(run.uri(table_of(physical.get("artifactLocation"))))
    address = _address(place) or (logical_id_in_message(message) if run.source == "cfn-guard" else None)
    return location_of(path, region.get("startLine"), region.get("endLine"), address)


def _address(place: Document) -> str | None:
    for logical in tables_of(place.get("logicalLocations")):
        text = text_of(logical.get("fullyQualifiedName")) or text_of(logical.get("name"))
        if is_address(text):
            return text
        if found := address_in_key(text):
            return found
    return None
