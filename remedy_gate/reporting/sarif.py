"""The report as SARIF 2.1.0, for code scanning and whatever else reads it. Pure.

Fitted to what GitHub takes: 5,000 results kept a run, 10 MB compressed, a place in a file for each result (an upload
with one result without a place is refused whole). What has no such place, or does not fit, is counted in the run's
notifications: nothing disappears without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from remedy_gate import __version__
from remedy_gate.domain.finding import Severity
from remedy_gate.domain.remediation import Remediation, Report, Verdict

from .json_report import log_safe
from .ordering import address, grouped
from .sarif_result import LEVELS, has_place, result, rule_id
from .untrusted import one_line
from .wording import counted

MOST_RESULTS = 5_000
MOST_BYTES = 9_500_000  # uncompressed, so below 10 MB however badly it compresses
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://github.com/remedy-gate/remedy-gate"
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.5"}
_MOST_NOTICES = 200


def render(report: Report, *, most_results: int = MOST_RESULTS, most_bytes: int = MOST_BYTES) -> str:
    """One SARIF log with one run, as ASCII text ended by a newline. The most severe results are kept."""
    import json

    items, unplaced = _told(report)
    kept = _fitting(items[:most_results], most_bytes)
    left = len(items) - len(kept.results)
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(kept.rules)},
                "automationDetails": {"id": "remedy-gate/"},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
                "invocations": [
                    {
                        "executionSuccessful": report.verdict is not Verdict.ERROR,
                        "toolExecutionNotifications": list(_notices(report, unplaced, left, kept.bare)),
                    }
                ],
                "results": kept.results,
            }
        ],
    }
    return log_safe(json.dumps(log, indent=1)) + "\n"


class _Kept(NamedTuple):
    """What fits: results, the rules that they name, and how many are told without their fix."""

    results: list[dict[str, object]]
    rules: dict[str, list[Remediation]]
    bare: int


def _told(report: Report) -> tuple[tuple[Remediation, ...], tuple[Remediation, ...]]:
    """What is wrong in the code at a known place, most severe first; and what has no place, or is right already."""
    groups = grouped(report)
    unplaced = (*groups.in_code, *(item for item in groups.unplaced if not has_place(item)))
    items = (*groups.in_full, *(item for item in groups.unplaced if has_place(item)))
    return tuple(item for item in items if has_place(item)), unplaced


def _fitting(items: tuple[Remediation, ...], room: int) -> _Kept:
    import json

    kept = _Kept([], {}, 0)
    seen: dict[str, int] = {}
    for item in items:
        named = rule_id(item)
        index = list(kept.rules).index(named) if named in kept.rules else len(kept.rules)
        made = result(item, index, seen)
        size = len(json.dumps(made, indent=1)) + 200 * (named not in kept.rules)
        if size > room and "fixes" in made:
            made = {key: value for key, value in made.items() if key != "fixes"}
            size = len(json.dumps(made, indent=1)) + 200 * (named not in kept.rules)
            kept = kept._replace(bare=kept.bare + 1)
        if size > room:
            break
        room -= size
        kept.results.append(made)
        kept.rules.setdefault(named, []).append(item)
    return kept


def _driver(rules: dict[str, list[Remediation]]) -> dict[str, object]:
    return {
        "name": "Remedy Gate",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": _HOME,
        "rules": [_rule(named, items) for named, items in rules.items()],
    }


def _rule(named: str, items: list[Remediation]) -> dict[str, object]:
    """A rule as bad as its worst result: GitHub ranks by rule."""
    worst = min((item.finding.severity for item in items), key=lambda it: it.rank)
    properties: dict[str, object] = {"tags": ["security", "infrastructure-as-code"]}
    if worst in _SCORES:
        properties["security-severity"] = _SCORES[worst]
    return {
        "id": named,
        "shortDescription": {"text": one_line(items[0].finding.title, 300) or named},
        "defaultConfiguration": {"level": LEVELS[worst]},
        "properties": properties,
    }


def _notices(report: Report, unplaced: tuple[Remediation, ...], left: int, bare: int) -> Iterator[dict[str, object]]:
    for problem in report.errors[:_MOST_NOTICES]:
        yield _notice("error", f"{problem.where}: {problem.message}")
    if left:
        yield _notice("warning", f"{counted(left, 'result')} did not fit; the report as JSON has everything.")
    if bare:
        yield _notice("note", f"{counted(bare, 'result')} came without a fix, for want of room.")
    for item in unplaced[:_MOST_NOTICES]:
        words = "right in the code already" if item.match.in_code == "fixed" else "not tied to a place in the code"
        yield _notice("note", f"{address(item) or rule_id(item)}: {item.finding.title} ({words})")
    if len(unplaced) > _MOST_NOTICES:
        yield _notice("note", f"{counted(len(unplaced) - _MOST_NOTICES, 'more finding')} without a place in the code.")
    for note in report.notes[:_MOST_NOTICES]:
        yield _notice("note", f"{note.where}: {note.message}")


def _notice(level: str, text: str) -> dict[str, object]:
    return {"level": level, "message": {"text": one_line(text, 1000)}}
