"""Checkov, `-o json`: one report, a list of them, or a single check out of one.

`file_path` is relative to the scanned directory, `repo_file_path` to the working directory, both with a leading slash.
"""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding, Kind, Location
from remedy_gate.findings.addresses import logical_id
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings, Remark, Unusable
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, table_of

name: Final = "Checkov"
partial: Final = True
_KINDS: Final = (
    (("CKV_SECRET",), Kind.SECRET),
    (("CKV_CVE", "BC_CVE", "BC_VUL", "CVE-"), Kind.VULNERABILITY),
    (("BC_LIC",), Kind.OTHER),
)


def recognises(record: Document) -> bool:
    """A report, the summary that stands in for one when nothing was scanned, or a check."""
    if "check_id" in record:
        return "check_result" in record
    if "check_type" in record:
        return isinstance(record.get("results"), dict) or "summary" in record
    return "checkov_version" in record and "passed" in record and "failed" in record


def read(record: Document) -> Readings:
    """Failed checks are open; skipped ones are suppressed in the code."""
    if "check_id" in record:
        yield _check(record)
        return
    results = table_of(record.get("results"))
    for list_name in ("failed_checks", "skipped_checks"):
        for check in list_of(results.get(list_name)):
            yield _check(check) if isinstance(check, dict) else Unusable(f"an entry of {list_name} is not an object")
    for path in list_of(results.get("parsing_errors")):
        yield Remark(f"Checkov could not parse {text_of(path) or 'a file'}")


def _check(check: Document) -> Reading | Unusable:
    rule_id = word_of(check.get("check_id"))
    if rule_id is None:
        return Unusable("a check without check_id")
    result = table_of(check.get("check_result"))
    outcome = (word_of(result.get("result")) or "FAILED").upper()
    comment = text_of(result.get("suppress_comment"))
    kind = _kind(rule_id, check)
    finding = Finding(
        source="checkov",
        rule_id=rule_id,
        title=word_of(check.get("check_name")) or rule_id,
        severity=severity_of(check.get("severity")),
        kind=kind,
        status=f"{outcome}: {comment}" if comment else outcome,
        location=_location(check, kind),
        url=word_of(check.get("guideline")),
    )
    return Reading(finding, outcome not in {"SKIPPED", "PASSED"})


def _kind(rule_id: str, check: Document) -> Kind:
    if check.get("vulnerability_details"):
        return Kind.VULNERABILITY
    return next((kind for prefixes, kind in _KINDS if rule_id.startswith(prefixes)), Kind.MISCONFIGURATION)


def _location(check: Document, kind: Kind) -> Location | None:
    address = text_of(check.get("resource_address")) or logical_id(text_of(check.get("resource")))
    if kind is Kind.SECRET:
        address = ""  # a hash of the secret
    path, lines = _path(check), check.get("file_line_range")
    caller = path_of(check.get("caller_file_path"))
    if caller and path and path.startswith((".external_modules/", ".terraform/")):
        path, lines = caller, check.get("caller_file_line_range")
    first, last = [*list_of(lines), None, None][:2]
    return location_of(path, first, last, address)


def _path(check: Document) -> str | None:
    """The path with the most of the repository in it. `repo_file_path` is not, when it leads out of the directory."""
    scanned, whole = text_of(check.get("file_path")), text_of(check.get("repo_file_path"))
    outside = "/../" in whole or whole.startswith("..") or whole == text_of(check.get("file_abs_path"))
    if whole and not outside and whole.endswith(scanned.lstrip("./")):
        return path_of(whole)
    return path_of(scanned or whole)
