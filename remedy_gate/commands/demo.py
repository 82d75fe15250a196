"""`remedy-gate demo`: the whole job on a sample repository, offline, without credentials."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping

from remedy_gate.domain.diff import CONTEXT_LINES
from remedy_gate.domain.remediation import Report, Verdict
from remedy_gate.domain.source import ChangeSet, LineRange
from remedy_gate.errors import FAILED, PASSED, ChangesError, UsageError
from remedy_gate.gate import run
from remedy_gate.reporting.comment import suggestion_comments
from remedy_gate.reporting.placement import Suggested, placements
from remedy_gate.settings import Settings

from .assembly import assemble
from .looking import change_source
from .output import emit

SAMPLE = os.path.join(os.path.dirname(__file__), "demo_sample")
IDENTITY = {
    "GIT_AUTHOR_NAME": "Demo",
    "GIT_AUTHOR_EMAIL": "demo@example.com",
    "GIT_AUTHOR_DATE": "2026-11-20T09:00:00Z",
    "GIT_COMMITTER_NAME": "Demo",
    "GIT_COMMITTER_EMAIL": "demo@example.com",
    "GIT_COMMITTER_DATE": "2026-11-20T09:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
STORY = """\
A developer opened a pull request: the branch `invoices` of a small order service, in Terraform and CloudFormation.
Three exports of open findings are at hand: Checkov, AWS Security Hub and Trivy (SARIF).

  $ remedy-gate check --base main --findings '.remedy-gate/findings/*'

"""
COMMENT_HEADING = """
In the pull request each proven patch is a suggestion. The first comment, as GitHub would get it:

"""
AFTERWORD = """
That was the real job on a real repository, offline. Each patch above was made from the catalogue and proven before it
was shown; what could not be proven or patched says why. A suggestion is accepted with one click, and `block` fails the
check.
"""


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make the repository, run the job in it, print what a developer would see."""
    if arguments.keep is None:
        with tempfile.TemporaryDirectory(prefix="remedy-gate-demo-") as folder:
            return _run(folder, settings)
    folder = os.path.abspath(arguments.keep)
    if os.path.exists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
        raise UsageError(f"{arguments.keep} is there already and not an empty folder.", "Name a new one with --keep.")
    status = _run(folder, settings)
    sys.stdout.write(
        f"\nThe repository is in {arguments.keep}. Try there:\n"
        "  remedy-gate check --base main --fix && git diff\n"
        "  remedy-gate check --base main --format json\n"
    )
    return status


def _run(folder: str, settings: Settings) -> int:
    _make_repository(folder, settings.environment)
    sys.stdout.write(STORY)
    sys.stdout.flush()
    words = argparse.Namespace(
        paths=[],
        base="main",
        staged=False,
        all=False,
        fresh=False,
        findings=[os.path.join(folder, ".remedy-gate", "findings", "*")],
        policy=None,
        remedies=None,
        fix=False,
        proof="full",
        format="terminal",
        output=None,
    )
    there = settings._replace(directory=folder, in_ci=False)
    source, root = change_source(words, there)
    changes = source.changes()
    report = run(assemble(words, there, source, changes, root))
    emit(report, words, there)
    sys.stdout.write(COMMENT_HEADING)
    sys.stdout.write(_first_comment(report, changes))
    sys.stdout.write(AFTERWORD)
    return FAILED if report.verdict is Verdict.ERROR else PASSED


def _first_comment(report: Report, changes: ChangeSet) -> str:
    """The comment that the pull request would get for the first patch, in GitHub's Markdown."""
    shown = {change.path: tuple(map(_with_context, change.ranges)) for change in changes.changes}
    for placed in placements(report, shown):
        if isinstance(placed, Suggested):
            return "".join(f"  | {line}\n" for line in suggestion_comments(placed, "HEAD")[0][2].splitlines())
    return ""


def _with_context(lines: LineRange) -> LineRange:
    """What a diff shows of a change: three lines more on either side."""
    return LineRange(max(1, lines.first - CONTEXT_LINES), lines.last + CONTEXT_LINES)


def _make_repository(folder: str, environment: Mapping[str, str]) -> None:
    """A base commit on `main`, the change on `invoices`, and the exports beside them, which git ignores."""
    os.makedirs(folder, exist_ok=True)
    surroundings = {name: value for name, value in environment.items() if not name.startswith("GIT_")} | IDENTITY
    _git(folder, surroundings, "init", "--quiet", "--initial-branch=main")
    shutil.copytree(os.path.join(SAMPLE, "base"), folder, dirs_exist_ok=True)
    os.rename(os.path.join(folder, "gitignore"), os.path.join(folder, ".gitignore"))
    _commit(folder, surroundings, "The order service")
    _git(folder, surroundings, "checkout", "--quiet", "-b", "invoices")
    shutil.copytree(os.path.join(SAMPLE, "head"), folder, dirs_exist_ok=True)
    _commit(folder, surroundings, "Keep invoices, and queue what could not be delivered")
    shutil.copytree(os.path.join(SAMPLE, "findings"), os.path.join(folder, ".remedy-gate", "findings"))


def _commit(folder: str, environment: Mapping[str, str], message: str) -> None:
    _git(folder, environment, "add", "--all")
    _git(folder, environment, "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", message)


def _git(folder: str, environment: Mapping[str, str], *arguments: str) -> None:
    try:
        subprocess.run(["git", *arguments], cwd=folder, env=dict(environment), check=True, capture_output=True)
    except FileNotFoundError as error:
        raise ChangesError("git is not installed.", "The demo makes a small repository with it.") from error
    except subprocess.CalledProcessError as error:
        raise ChangesError(f"git {arguments[0]} failed: {error.stderr.decode(errors='replace').strip()}") from error
