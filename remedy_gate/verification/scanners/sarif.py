"""Any command that writes SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), named in the policy."""

from __future__ import annotations

import json
from typing import Any

from .scanner import Said, Scan, Scanner


def scanner(name: str, command: tuple[str, ...]) -> Scanner:
    """The scanner that a policy names: `{folder}` and `{output}` in its arguments are filled in."""
    return Scanner(name, command[0], command[1:], read)


def read(output: bytes) -> Scan | None:
    """SARIF results: those of the kind `pass` are passed, those suppressed are skipped, all others fail."""
    try:
        document = json.loads(output)
    except (ValueError, RecursionError):
        return None
    runs = document.get("runs") if isinstance(document, dict) else None
    if not isinstance(runs, list):
        return None
    failed: set[Said] = set()
    passed: set[Said] = set()
    skipped: set[Said] = set()
    for run in runs:
        for result in run.get("results") or () if isinstance(run, dict) else ():
            if isinstance(result, dict):
                kind = result.get("kind")
                found = (
                    passed if kind in ("pass", "notApplicable") else skipped if result.get("suppressions") else failed
                )
                found.add(_said(result))
    drivers = [_at(run, "tool", "driver") for run in runs]
    version = next((str(found) for it in drivers if (found := _at(it, "semanticVersion") or _at(it, "version"))), "")
    return Scan(frozenset(failed), frozenset(passed) if passed else None, frozenset(skipped), version)


def _said(result: dict[str, Any]) -> Said:
    rule = result.get("ruleId") or _at(result, "rule", "id") or ""
    location = _first(result.get("locations"))
    line = _at(location, "physicalLocation", "region", "startLine")
    path = _at(location, "physicalLocation", "artifactLocation", "uri") or ""
    logical = _first(location.get("logicalLocations") if isinstance(location, dict) else None)
    address = _at(logical, "fullyQualifiedName") or ""
    return Said(
        str(rule), str(path).removeprefix("file://").lstrip("/"), str(address), line if isinstance(line, int) else 0
    )


def _first(items: Any) -> Any:  # noqa: ANN401 - whatever stands in the JSON
    return items[0] if isinstance(items, list) and items else {}


def _at(value: Any, *keys: str) -> Any:  # noqa: ANN401 - whatever stands in the JSON
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
