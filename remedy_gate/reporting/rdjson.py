"""The report as rdjson, for reviewdog: suggestions on GitLab, Bitbucket and Gerrit, too. Pure.

reviewdog shows a suggestion only where its lines are those of the diagnostic. So a patch is told as one diagnostic for
each place that it edits, and the parts name each other. Only a proven patch is a suggestion.
"""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.domain.finding import Severity
from remedy_gate.domain.remediation import Remediation, Report
from remedy_gate.domain.source import ALL_LINES

from .json_report import log_safe
from .ordering import grouped, place
from .sarif_result import message, rule_id
from .suggestion import Elsewhere, Suggestion, suggestions
from .wording import is_proven

_SEVERITIES = {
    Severity.CRITICAL: "ERROR",
    Severity.HIGH: "ERROR",
    Severity.UNKNOWN: "WARNING",
    Severity.MEDIUM: "WARNING",
    Severity.LOW: "INFO",
    Severity.INFO: "INFO",
}


def render(report: Report) -> str:
    """One DiagnosticResult, as ASCII text ended by a newline. What names no file is left to the other formats."""
    import json

    groups = grouped(report)
    items = (*groups.in_full, *groups.unplaced)
    diagnostics = [one for item in items if place(item)[0] for one in _diagnostics(item)]
    whole = {
        "source": {"name": "remedy-gate", "url": "https://github.com/remedy-gate/remedy-gate"},
        "diagnostics": diagnostics,
    }
    return log_safe(json.dumps(whole, indent=1)) + "\n"


def _diagnostics(item: Remediation) -> Iterator[dict[str, object]]:
    parts = _offered(item)
    for one in parts:
        words = message(item)
        if one.parts > 1:
            others = ", ".join(f"{other.path} line {other.first_line}" for other in parts if other is not one)
            words += f"\nPart {one.part} of {one.parts} of one patch, proven as a whole: accept all of them ({others})."
        span = {"start": {"line": one.first_line}, "end": {"line": one.last_line}}
        yield _diagnostic(item, words, one.path, span) | {"suggestions": [{"range": span, "text": one.text}]}
    if not parts:
        path, first, last = place(item)
        yield _diagnostic(
            item, message(item), path, {"start": {"line": first}, "end": {"line": max(first, last)}} if first else {}
        )


def _offered(item: Remediation) -> tuple[Suggestion, ...]:
    patch = item.patch
    if patch is None or not is_proven(item) or item.decision.action not in ("suggest", "apply"):
        return ()
    found = suggestions(patch, {file.path: (ALL_LINES,) for file in patch.files})
    return () if isinstance(found, Elsewhere) else found


def _diagnostic(item: Remediation, words: str, path: str, span: dict[str, dict[str, int]]) -> dict[str, object]:
    severity = "ERROR" if item.decision.blocks else _SEVERITIES[item.finding.severity]
    where: dict[str, object] = {"path": path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")}
    if span:
        where["range"] = span
    return {"message": words, "location": where, "severity": severity, "code": {"value": rule_id(item)}}
