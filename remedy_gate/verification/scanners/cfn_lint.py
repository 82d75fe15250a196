"""cfn-lint: `cfn-lint --format json`; it speaks of what fails only (https://github.com/aws-cloudformation/cfn-lint)."""

from __future__ import annotations

import json

from .scanner import FOLDER, Said, Scan, Scanner


def read(output: bytes) -> Scan | None:
    """cfn-lint's JSON: a list of matches, each with its rule, its file and the path to what it means."""
    try:
        matches = json.loads(output)
    except (ValueError, RecursionError):
        return None
    if not isinstance(matches, list) or not all(isinstance(match, dict) and "Rule" in match for match in matches):
        return None
    found = set()
    for match in matches:
        rule, place = match["Rule"], match.get("Location")
        place = place if isinstance(place, dict) else {}
        steps, start = place.get("Path"), place.get("Start")
        steps = steps if isinstance(steps, list) else []
        named = len(steps) > 1 and steps[0] == "Resources"
        line = start.get("LineNumber") if isinstance(start, dict) else 0
        path = str(match.get("Filename") or "").rpartition("remedy-gate-")[2].partition("/")[2]
        found.add(
            Said(
                str(rule.get("Id", "")) if isinstance(rule, dict) else "",
                path,
                str(steps[1]) if named else "",
                line if isinstance(line, int) else 0,
            )
        )
    return Scan(frozenset(found))


SCANNER = Scanner("cfn-lint", "cfn-lint", ("--format", "json", "--template", f"{FOLDER}/**/*.[yj]*"), read)
