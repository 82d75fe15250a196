"""`remedy-gate publish`: tell a report to the pull request, and to the workflow that made it."""

from __future__ import annotations

import argparse
import sys
from secrets import token_hex

from remedy_gate.changes.repository import root_for_all
from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.domain.remediation import Report
from remedy_gate.errors import FAILED, PASSED, RemedyGateError, ReportingError
from remedy_gate.reporting import markdown, workflow
from remedy_gate.reporting.annotations import render as annotated
from remedy_gate.reporting.check_runs import Checked, CheckOutcome, NotChecked
from remedy_gate.reporting.disclosure import minimal
from remedy_gate.reporting.github import Published, Refused
from remedy_gate.reporting.json_reader import MAX_BYTES, report_from
from remedy_gate.reporting.report_schema import check_report
from remedy_gate.reporting.wording import landed_text
from remedy_gate.settings import GithubSettings, Settings, github_settings

from .check_runs import choice_of, told_as_check
from .posting import Told, governing, posted
from .publication import record_landings, record_publication
from .saying import say


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Post one review. Where that may not be, the findings become annotations: nothing is lost."""
    text = _content(arguments.report)
    check_report(text)
    root = root_for_all(settings.directory, ())
    github, report = github_settings(settings), report_from(text, WorkingTree(root).read)
    try:
        ruled = governing(arguments.policy, root, settings)
        choice = choice_of(arguments.check_run, ruled)
    except RemedyGateError:
        _hand_on(minimal(report), arguments.report, github)  # who cannot read the policy shows the least
        raise
    report = ruled.shown(report)
    if not github.token:
        _hand_on(report, arguments.report, github)
        say("There is no token to post with.")
        sys.stdout.write(annotated(report))
        return PASSED
    try:
        told = posted(text, root, ruled, settings)
    except RemedyGateError:
        _hand_on(report, arguments.report, github)
        sys.stdout.write(annotated(report))
        raise
    report = told.report or report
    _hand_on(report, arguments.report, github)
    for one in report.landed:
        say(landed_text(one))
    if told.done:
        record_landings(report, told.done, root, ruled.policy, settings)
    checked = told_as_check(choice, told, report, ruled, settings, root)
    words, is_told = _words(told, checked)
    say(words)
    sys.stdout.write("" if is_told else annotated(report))
    if told.place is not None and (isinstance(told.outcome, Published) or report.landed):
        record_publication(text, words.replace("\n", " "), told.place, root, ruled.policy, settings)
    return FAILED if isinstance(told.outcome, Refused) or isinstance(checked, NotChecked) else PASSED


def _words(told: Told, checked: CheckOutcome | None) -> tuple[str, bool]:
    """What came of all outlets; and whether each finding is told where it was to be, so that none is annotated."""
    match told.outcome:
        case None:
            words, is_told = told.words or "There is no pull request to post to.", False
        case Refused(reason):
            words, is_told = reason, False
        case Published() as published:
            words, is_told = published.words, True
    match checked:
        case None:
            return words, is_told
        case Checked():
            return f"{words}\n{checked.words}", True
        case NotChecked():
            return f"{words}\n{checked.reason}", False


def _hand_on(report: Report, path: str, github: GithubSettings) -> None:
    """The job's summary and the step's outputs, where a runner collects them."""
    for target, text in (
        (github.summary, markdown.render(report)),
        (github.output, workflow.outputs(report, path, token_hex(16))),
    ):
        if target:
            with open(target, "a", encoding="utf-8") as file:
                file.write(text)


def _content(path: str) -> str:
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ReportingError(f"{path} has more than {MAX_BYTES:,} bytes.", "Check less at a time.")
        return content.decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ReportingError(
            f"{path} could not be read: {reason}.", "Name what `check --format json` wrote."
        ) from error
