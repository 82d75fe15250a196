"""Print a report, or write it to the file that was asked for."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from remedy_gate.errors import PASSED, ReportingError, UsageError

if TYPE_CHECKING:
    from remedy_gate.domain.remediation import Report
    from remedy_gate.domain.source import ChangeSet, Problem
    from remedy_gate.settings import Settings

MOST_SAID = 10


def emit(report: Report, arguments: argparse.Namespace, settings: Settings) -> None:
    """The report in the format that was asked for, to standard output or to `--output`."""
    target = getattr(arguments, "output", None)
    text = _rendered(report, arguments.format, settings, color=settings.color and target is None)
    if report.verdict == "error" and (target is not None or arguments.format != "terminal"):
        _say(report.errors)
    if target is None:
        sys.stdout.write(text)
        return
    try:
        with open(target, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(text)
    except OSError as error:
        raise ReportingError(f"{target} could not be written: {error.strerror}.") from error


def _say(errors: tuple[Problem, ...]) -> None:
    """What ended the run, for people who do not see the report that machines get."""
    from remedy_gate.reporting.untrusted import one_line

    from .saying import warn

    for error in errors[:MOST_SAID]:
        warn(f"{one_line(error.where, 200)}: {one_line(error.message, 600)}")
    if len(errors) > MOST_SAID:
        warn(f"and {len(errors) - MOST_SAID} more errors, which the report names")


def emit_nothing_to_do(arguments: argparse.Namespace, settings: Settings, changes: ChangeSet) -> int:
    """Say that nothing here is infrastructure code; machines get a whole, empty report."""
    if arguments.format == "terminal" and arguments.output is None:
        sys.stdout.write(f"remedy-gate: nothing to check (compared with {changes.base}).\n")
        return PASSED
    from remedy_gate.domain.remediation import Report, Verdict

    emit(Report(Verdict.PASS, ()), arguments, settings)
    return PASSED


def _rendered(report: Report, kind: str, settings: Settings, *, color: bool) -> str:
    match kind:
        case "json":
            from remedy_gate.reporting.json_report import render as render_json

            return render_json(report)
        case "markdown":
            from remedy_gate.reporting.markdown import render as render_markdown

            return render_markdown(report)
        case "sarif":
            from remedy_gate.reporting.sarif import render as render_sarif

            return render_sarif(report)
        case "rdjson":
            from remedy_gate.reporting.rdjson import render as render_rdjson

            return render_rdjson(report)
        case "terminal":
            from remedy_gate.reporting.terminal import render as render_terminal

            return render_terminal(report, color=color, width=settings.width)
        case _:
            raise UsageError(f"there is no format {kind!r}.")
