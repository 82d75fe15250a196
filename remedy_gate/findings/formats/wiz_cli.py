"""`wizcli iac scan -f json`. Everything listed is open; search keys are those of KICS."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Finding, Kind
from remedy_gate.findings.addresses import address_in_key, is_address
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings, Unusable
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, table_of, tables_of

name: Final = "wizcli iac"
partial: Final = True


def recognises(record: Document) -> bool:
    """The type of the GraphQL object behind the scan's result."""
    return table_of(record.get("result")).get("__typename") == "CICDIACScanResult"


def read(record: Document) -> Readings:
    """One finding a match, and one a secret."""
    result = table_of(record["result"])
    seen, url = moment_of(record.get("createdAt")), word_of(record.get("reportUrl"))
    for entry in list_of(result.get("ruleMatches")):
        if not isinstance(entry, dict):
            yield Unusable("an entry of ruleMatches is not an object")
            continue
        rule = table_of(entry.get("rule"))
        rule_id = word_of(rule.get("id")) or "unknown"
        for match in tables_of(entry.get("matches")):
            key = text_of(match.get("resourceName"))
            address = address_in_key(key) or (key if is_address(key) else None)
            finding = Finding(
                source="wiz-cli",
                rule_id=rule_id,
                title=word_of(rule.get("name")) or rule_id,
                severity=severity_of(match.get("severity") or entry.get("severity")),
                location=location_of(path_of(match.get("fileName")), match.get("lineNumber"), address=address),
                first_seen=seen,
                url=url,
            )
            yield Reading(finding, is_open=True)
    for secret in tables_of(result.get("secrets")):
        finding = Finding(
            source="wiz-cli",
            rule_id=word_of(secret.get("type")) or "unknown",
            title=f"Secret in code: {word_of(secret.get('type')) or 'unknown'}",  # the description may quote it
            kind=Kind.SECRET,
            location=location_of(path_of(secret.get("path")), secret.get("lineNumber")),
            first_seen=seen,
            url=url,
        )
        yield Reading(finding, is_open=True)
