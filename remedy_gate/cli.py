"""The command line: which words mean what, who does it, and what the process ends with."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from remedy_gate import __version__
from remedy_gate.commands.words import add_governing
from remedy_gate.errors import FAILED, INTERRUPTED, RemedyGateError

if TYPE_CHECKING:
    from remedy_gate.settings import Settings

PROGRAM = "remedy-gate"  # said wherever argparse would otherwise import shutil to work it out, 5 ms on the hook's path
DESCRIPTION = "Proven repairs of cloud misconfigurations in Terraform and CloudFormation."
STATUSES = """exit status:
  0    passed
  1    policy blocks (verify: not proven; with --staged --fix also: files were fixed)
  2    misuse, or a configuration that is not allowed
  3    the job could not be done
  130  interrupted"""


def run() -> NoReturn:
    """The console script. What a run makes it keeps to its end, so collecting cycles often is wasted time."""
    gc.set_threshold(500_000, 20, 20)
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Do what the words say and return the exit status. Nothing but an exit status ever leaves here."""
    try:
        arguments = parser(argv[0] if argv else "").parse_args(argv)
    except SystemExit as stop:  # argparse has said why
        return int(stop.code or 0)
    settings = None
    try:
        from remedy_gate.settings import read_settings

        settings = read_settings(sys.stdout)
        command = import_module(f"remedy_gate.commands.{arguments.module}")
        status: int = command.execute(arguments, settings)
        sys.stdout.flush()
    except RemedyGateError as error:
        return _explain(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = None  # whoever read us is gone: nothing may flush it at exit
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last net: our own defect must not look like a verdict
        return _own_defect(error, settings)
    return status


def parser(called: str = "") -> argparse.ArgumentParser:
    """All commands and their options; verbs of the commands that govern only where one of those is `called`."""
    top = argparse.ArgumentParser(
        prog=PROGRAM,
        description=DESCRIPTION,
        epilog=STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"remedy-gate {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True, prog=PROGRAM)
    _add_check(commands)
    _add_verify(commands)
    _add_findings(commands)
    _add_publish(commands)
    _add_catalogue(commands)
    add_governing(commands, called)
    _add_demo(commands)
    return top


Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for what add_subparsers returns


def _add_check(commands: Commands[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="judge what changed, and offer proven patches")
    check.set_defaults(module="check")
    check.add_argument("paths", nargs="*", metavar="PATH", help="look only at these files and folders")
    which = check.add_mutually_exclusive_group()
    which.add_argument("--base", metavar="REF", help="compare with the merge base of this branch or commit")
    which.add_argument("--staged", action="store_true", help="look at the index: what is about to be committed")
    which.add_argument("--all", action="store_true", help="take every file as changed; needs no git")
    _add_findings_option(check)
    check.add_argument("--policy", metavar="FILE", help="the policy (default: .remedy-gate.yml)")
    check.add_argument("--remedies", metavar="LIST", help="who proposes patches: catalogue, bedrock")
    check.add_argument("--fix", action="store_true", help="write proven patches into the working tree")
    _add_proof_option(check)
    check.add_argument("--format", choices=("terminal", "json", "markdown", "sarif", "rdjson"), default="terminal")
    check.add_argument("--output", metavar="FILE", help="write the report there instead of to standard output")


def _add_verify(commands: Commands[argparse.ArgumentParser]) -> None:
    verify = commands.add_parser("verify", help="judge anyone's patch against a finding")
    verify.set_defaults(module="verify")
    verify.add_argument("paths", nargs="*", metavar="PATH", help="look only at these files and folders")
    _add_findings_option(verify)
    verify.add_argument("--patch", metavar="FILE", required=True, help="a unified diff; - reads standard input")
    verify.add_argument("--policy", metavar="FILE", help="the policy (default: .remedy-gate.yml)")
    _add_proof_option(verify)
    verify.add_argument("--format", choices=("terminal", "json"), default="terminal")


def _add_findings(commands: Commands[argparse.ArgumentParser]) -> None:
    findings = commands.add_parser("findings", help="read findings of any supported format and print them")
    findings.set_defaults(module="findings")
    findings.add_argument(
        "specs",
        nargs="+",
        metavar="SPEC",
        help="a file, a glob, - for standard input, or a live source (wiz, s3://...)",
    )
    findings.add_argument("--format", choices=("table", "json"), default="table")
    findings.add_argument("--any-status", action="store_true", help="print those that are not open, too")
    findings.add_argument("--policy", metavar="FILE", help="the policy that names live sources")
    _add_fresh_option(findings)


def _add_publish(commands: Commands[argparse.ArgumentParser]) -> None:
    publish = commands.add_parser("publish", help="post a report to the pull request")
    publish.set_defaults(module="publish")
    publish.add_argument("report", metavar="REPORT.json", help="what `check --format json` wrote")
    publish.add_argument("--policy", metavar="FILE", help="the policy (default: .remedy-gate.yml)")
    publish.add_argument("--check-run", metavar="NAME", help="make a check run of this name, too (checks: write)")


def _add_catalogue(commands: Commands[argparse.ArgumentParser]) -> None:
    catalogue = commands.add_parser("catalogue", help="the controls that can be repaired without a model")
    catalogue.set_defaults(module="catalogue")
    verbs = catalogue.add_subparsers(metavar="VERB", dest="verb", required=True, prog=f"{PROGRAM} catalogue")
    verbs.add_parser("list", help="every control, a line each")
    show = verbs.add_parser("show", help="one control, whole")
    show.add_argument("id", metavar="ID")
    verbs.add_parser("test", help="try the examples of your own controls, in .remedy-gate/controls")
    new = verbs.add_parser("new", help="begin a control of your own")
    new.add_argument("id", metavar="ID")


def _add_demo(commands: Commands[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser("demo", help="the whole job on a sample, offline")
    demo.set_defaults(module="demo")
    demo.add_argument("--keep", metavar="DIR", help="leave the sample repository there for playing")


def _add_findings_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--findings",
        action="append",
        metavar="SPEC",
        help="open findings: an export of any supported format (file or glob), - for standard input, the name of a "
        "live source, s3://bucket/key, or `catalogue`",
    )
    _add_fresh_option(command)


def _add_fresh_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--fresh", action="store_true", help="ask live sources now, whatever the cache holds")


def _add_proof_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--proof", choices=("quick", "full"), help="how far the checks go (default: full in CI and for verify)"
    )


def _explain(error: RemedyGateError) -> int:
    from remedy_gate.commands.saying import warn

    warn(str(error))
    return error.status


def _own_defect(error: Exception, settings: Settings | None) -> int:
    if settings is not None and settings.debug:
        import traceback

        traceback.print_exception(error)
    sys.stderr.write(
        f"remedy-gate: this is a defect of remedy-gate itself ({type(error).__name__}). Nothing was decided. "
        "Set REMEDY_GATE_DEBUG=1 for the details, and please report them.\n"
    )
    return FAILED
