"""Trivy: `trivy config --format json --include-non-failures` (https://trivy.dev/latest/docs/references/configuration/cli/trivy_config/)."""

from __future__ import annotations

import json
from typing import Any

from .scanner import FOLDER, Said, Scan, Scanner


def read(output: bytes) -> Scan | None:
    """Trivy's JSON: results by file, each with misconfigurations that pass or fail."""
    try:
        document = json.loads(output)
    except (ValueError, RecursionError):
        return None
    results = document.get("Results") if isinstance(document, dict) else None
    if not isinstance(results, list) and not (isinstance(document, dict) and "SchemaVersion" in document):
        return None
    failed: set[Said] = set()
    passed: set[Said] = set()
    for result in results or ():
        for item in result.get("Misconfigurations") or () if isinstance(result, dict) else ():
            if isinstance(item, dict):
                found = passed if item.get("Status") == "PASS" else failed
                found |= {_said(rule, result, item) for rule in _rules(item)}
    about = document.get("Trivy")
    version = str(about.get("Version") or "") if isinstance(about, dict) else ""
    return Scan(frozenset(failed), frozenset(passed), version=version)


def _said(rule: str, result: dict[str, Any], item: dict[str, Any]) -> Said:
    cause = item.get("CauseMetadata")
    cause = cause if isinstance(cause, dict) else {}
    line = cause.get("StartLine")
    resource = str(cause.get("Resource", ""))
    return Said(rule, str(result.get("Target", "")), resource, line if isinstance(line, int) else 0)


def _rules(item: dict[str, Any]) -> set[str]:
    """The ids that a check goes by: `AVD-AWS-0086` is `AWS-0086` in newer versions."""
    named = {str(item[key]) for key in ("ID", "AVDID") if item.get(key)}
    return named | {name.removeprefix("AVD-") for name in named}


SCANNER = Scanner(
    "trivy",
    "trivy",
    ("config", "--format", "json", "--include-non-failures", "--skip-check-update", "--quiet", FOLDER),
    read,
)
