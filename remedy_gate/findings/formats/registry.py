"""Every format, with the keys that give it away.

A format's module is loaded when a record has one of its keys, and then decides. No two formats recognise the same
record, which a test holds them to, so that the order only matters for speed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, NamedTuple, cast

from remedy_gate.findings.format import Document, Format


class Entry(NamedTuple):
    """A format by the name of its module. A record without any of `keys` is none of its."""

    module: str
    keys: frozenset[str]

    def load(self) -> Format:
        """The format itself."""
        return cast("Format", import_module(f"{__package__}.{self.module}"))


def _entry(module: str, *keys: str) -> Entry:
    return Entry(module, frozenset(keys))


ENTRIES: Final[tuple[Entry, ...]] = (
    _entry("security_hub", "GeneratorId"),
    _entry("checkov", "check_id", "check_type", "checkov_version"),
    _entry("sarif", "runs"),
    _entry("wiz_issues", "entitySnapshot", "entity"),
    _entry("wiz_configuration", "targetObjectProviderUniqueId", "targetExternalId", "targetObject", "analyzedAt"),
    _entry("wiz_webhook", "trigger"),
    _entry("wiz_csv", "Issue ID"),
    _entry("wiz_cli", "result"),
    _entry("security_hub_v2", "class_uid"),
    _entry("prowler_ocsf", "class_uid"),
    _entry("ocsf", "class_uid"),
    _entry("prowler_v3", "CheckID"),
    _entry("prowler_v2", "Control ID", "TITLE_ID"),
    _entry("prowler_csv", "CHECK_ID"),
    _entry("aws_config", "EvaluationResultIdentifier"),
    _entry("inspector", "findingArn"),
    _entry("access_analyzer", "analyzedAt"),
    _entry("trivy", "SchemaVersion"),
    _entry("tfsec", "results"),
    _entry("kics", "queries"),
    _entry("snyk", "infrastructureAsCodeIssues"),
    _entry("terrascan", "results"),
    _entry("cfn_guard", "not_compliant"),
    _entry("cfn_nag", "file_results"),
    _entry("cfn_lint", "Filename"),
    _entry("code_scanning", "number"),
    _entry("gitlab_sast", "vulnerabilities"),
    _entry("defectdojo", "title", "Title"),
    _entry("orca", "OrcaScore"),
    _entry("cloudsploit", "plugin"),
    _entry("scout_suite", "last_run"),
)


def format_of(record: Document) -> Format | None:
    """The format that recognises the record, if any does."""
    for entry in ENTRIES:
        if not entry.keys.isdisjoint(record) and (form := entry.load()).recognises(record):
            return form
    return None
