"""`remedy-gate publish`: tell a report to the pull request, and to the workflow that made it."""

from __future__ import annotations

import argparse
import sys
import time
from secrets import token_hex

from remedy_gate.changes.repository import root_for_all
from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.domain.remediation import Report
from remedy_gate.errors import FAILED, PASSED, ReportingError
from remedy_gate.reporting import markdown, workflow
from remedy_gate.reporting.annotations import render as annotated
from remedy_gate.reporting.github import Published, Refused, publish
from remedy_gate.reporting.github_api import Clock, Target
from remedy_gate.reporting.joining import proven_together
from remedy_gate.reporting.json_reader import report_from
from remedy_gate.reporting.pull_request import PullRequest
from remedy_gate.settings import GithubSettings, Settings, choose_policy, github_settings
from remedy_gate.verification.check import Depth

from .assembly import prover, tools
from .publication import record_publication


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Post one review. Where that may not be, the findings become annotations: nothing is lost."""
    text = _content(arguments.report)
    tree = WorkingTree(root_for_all(settings.directory, ()))
    report = report_from(text, tree.read)
    github = github_settings(settings)
    _hand_on(report, arguments.report, github)
    if not github.token or not github.number:
        sys.stdout.write("There is no pull request to post to, or no token to post with.\n")
        sys.stdout.write(annotated(report))
        return PASSED
    try:
        outcome = _posted(text, github, tree, settings)
    except ReportingError:
        sys.stdout.write(annotated(report))
        raise
    match outcome:
        case Refused():
            sys.stdout.write(f"{outcome.reason}\n{annotated(report)}")
            return FAILED
        case Published():
            sys.stdout.write(f"{outcome.words}\n")
            record_publication(text, report, outcome.words, root_for_all(settings.directory, ()), settings)
            return PASSED


def _posted(text: str, github: GithubSettings, tree: WorkingTree, settings: Settings) -> Published | Refused:
    """The review, made from the files as GitHub has them, so that a suggestion fits to the byte."""
    target = Target(github.token, github.repository, github.number, github.api_url)
    pull = PullRequest(target, Clock(time.time, time.sleep))
    report = report_from(text, pull.read)
    policy = choose_policy(None, tree, None, in_ci=settings.in_ci).policy
    kit = tools()
    patched = (file.path for item in report.remediations if item.patch for file in item.patch.files)
    sources = kit.reader.sources(patched, pull)
    return publish(report, pull, proven_together(prover(kit, policy, Depth.QUICK), sources))


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
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ReportingError(
            f"{path} could not be read: {reason}.", "Name what `check --format json` wrote."
        ) from error
