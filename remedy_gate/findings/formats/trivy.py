"""Trivy, `-f json`: misconfigurations, and what else stands in the same report.

Inside a module Trivy names the module as the resource and lists the blocks from the inside out in `Occurrences`. A
module from a registry or a git repository is not in the repository that is looked at: there the outermost block counts.
"""

from __future__ import annotations

import re
from typing import Final

from remedy_gate.domain.finding import Finding, Kind, Location
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings, Unusable
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, table_of, tables_of

name: Final = "Trivy"
partial: Final = True
# `git::https:/host/...`, or `[host/]namespace/name/provider/...`: https://developer.hashicorp.com/terraform/language/modules/sources
_ELSEWHERE: Final = (
    r"(?:\.terraform/|\w+::|\w{2,}:/|(?:[\w-]+\.)+[a-z]{2,}/)"
    r"|(?!(?:modules|infra|infrastructure|terraform|tf|src|live|env|envs|environments|stacks|deploy|deployments)/)"
    r"[\w-]+/[\w-]+/(?:aws|azurerm|azuread|google|kubernetes|helm|null|random)/"
)


def recognises(record: Document) -> bool:
    """A report of the second schema."""
    return "SchemaVersion" in record and ("Results" in record or "ArtifactName" in record)


def read(record: Document) -> Readings:
    """Open: failed. Vulnerabilities and secrets have no status and are read as what they are."""
    seen = moment_of(record.get("CreatedAt"))
    for result in list_of(record.get("Results")):
        if not isinstance(result, dict):
            yield Unusable("a result is not an object")
            continue
        target = result.get("Target")
        for entry in tables_of(result.get("Misconfigurations")):
            yield _misconfiguration(entry, target, seen)
        for entry in tables_of(result.get("Vulnerabilities")):
            location = location_of(path_of(entry.get("PkgPath") or target))
            yield _other(entry, "VulnerabilityID", Kind.VULNERABILITY, location)
        for entry in tables_of(result.get("Secrets")):
            location = location_of(path_of(target), entry.get("StartLine"), entry.get("EndLine"))
            yield _other(entry, "RuleID", Kind.SECRET, location)


def _misconfiguration(entry: Document, target: object, seen: str | None) -> Reading:
    rule_id = word_of(entry.get("ID")) or word_of(entry.get("AVDID")) or "unknown"
    status = text_of(entry.get("Status")).upper()
    finding = Finding(
        source="trivy",
        rule_id=rule_id,
        title=word_of(entry.get("Title")) or rule_id,
        severity=severity_of(entry.get("Severity")),
        status=word_of(status) or "open",
        location=_location(table_of(entry.get("CauseMetadata")), target),
        first_seen=seen,
        url=word_of(entry.get("PrimaryURL")),
    )
    return Reading(finding, status in {"FAIL", ""})


def _other(entry: Document, id_key: str, kind: Kind, location: Location | None) -> Reading:
    rule_id = word_of(entry.get(id_key)) or "unknown"
    finding = Finding(
        source="trivy",
        rule_id=rule_id,
        title=word_of(entry.get("Title")) or word_of(entry.get("PkgName")) or rule_id,
        severity=severity_of(entry.get("Severity")),
        kind=kind,
        location=location,
        url=word_of(entry.get("PrimaryURL")),
    )
    return Reading(finding, is_open=True)


def _location(cause: Document, target: object) -> Location | None:
    blocks = tables_of(cause.get("Occurrences"))
    address = ""
    for block in reversed(blocks):
        label = text_of(block.get("Resource"))
        address = label if label.startswith(address) else f"{address}.{label}" if label else address
    address = address or text_of(cause.get("Resource"))
    if blocks and re.match(_ELSEWHERE, text_of(target)):
        outermost = blocks[-1]
        lines = table_of(outermost.get("Location"))
        found = location_of(path_of(outermost.get("Filename")), lines.get("StartLine"), lines.get("EndLine"), address)
        if found is not None:
            return found
    return location_of(path_of(target), cause.get("StartLine"), cause.get("EndLine"), address)
