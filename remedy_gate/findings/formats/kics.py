"""KICS, `--report-formats json`. `resource_name` may be the cloud's name; the label stands in the search key."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding, Kind
from remedy_gate.findings.addresses import address_in_key
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings, Unusable
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, tables_of

name: Final = "KICS"
partial: Final = True


def recognises(record: Document) -> bool:
    """A report has queries, which may be none or null, and counts files."""
    return "queries" in record and "files_scanned" in record


def read(record: Document) -> Readings:
    """One finding a file entry. Everything listed is open."""
    seen = moment_of(record.get("start"))
    for query in list_of(record.get("queries")):
        if not isinstance(query, dict):
            yield Unusable("a query is not an object")
            continue
        rule_id = word_of(query.get("query_id")) or "unknown"
        title = word_of(query.get("query_name")) or rule_id
        for place in tables_of(query.get("files")):
            finding = Finding(
                source="kics",
                rule_id=rule_id,
                title=title,
                severity=severity_of(query.get("severity")),
                kind=Kind.SECRET if title.startswith("Passwords And Secrets") else Kind.MISCONFIGURATION,
                location=location_of(path_of(place.get("file_name")), place.get("line"), address=_address(place)),
                first_seen=seen,
                url=word_of(query.get("query_url")),
            )
            yield Reading(finding, is_open=True)


def _address(place: Document) -> str | None:
    if found := address_in_key(text_of(place.get("search_key"))):
        return found
    kind, label = text_of(place.get("resource_type")), text_of(place.get("resource_name"))
    known = kind not in {"", "n/a"} and label not in {"", "n/a"}
    return f"{kind}.{label}" if known and "::" not in kind else None
