"""tfsec, `-f json`, of all its ages. The address stands in the description, quoted."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.addresses import address_in_quotes, is_address
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings, Unusable
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, table_of

name: Final = "tfsec"
partial: Final = True
_STATUSES: Final = {0: "failed", 1: "passed", 2: "ignored"}


def recognises(record: Document) -> bool:
    """Results with a place each; without any, nothing else beside them."""
    if "results" not in record or "check_type" in record:
        return False
    results = record["results"]
    if not results:
        return results in (None, []) and record.keys() <= {"results", "statistics"}
    return isinstance(results, list) and any("filename" in table_of(table_of(one).get("location")) for one in results)


def read(record: Document) -> Readings:
    """Open: failed."""
    for result in list_of(record["results"]):
        yield _result(result) if isinstance(result, dict) else Unusable("a result is not an object")


def _result(result: Document) -> Reading:
    rule_id = word_of(result.get("long_id")) or word_of(result.get("rule_id")) or "unknown"
    status = "passed" if result.get("passed") is True else _status(result.get("status"))
    place, description = table_of(result.get("location")), text_of(result.get("description"))
    resource = text_of(result.get("resource"))
    address = resource if is_address(resource) else address_in_quotes(description)
    links = [text_of(result.get("link")), *map(text_of, list_of(result.get("links")))]
    finding = Finding(
        source="tfsec",
        rule_id=rule_id,
        title=word_of(result.get("rule_description")) or word_of(description) or rule_id,
        severity=severity_of(result.get("severity")),
        status=word_of(status) or "open",
        location=location_of(path_of(place.get("filename")), place.get("start_line"), place.get("end_line"), address),
        url=next((link for link in links if link.startswith("https://")), None),
    )
    return Reading(finding, status in {"failed", ""})


def _status(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return _STATUSES.get(value, str(value))
    return text_of(value).lower()
