"""The words of the commands that govern: policy, waive, queue and ledger; and of those that a model is asked by.

Their verbs are only made where the command is called: argparse takes 3 ms for them, which a hook need not pay.
"""

from __future__ import annotations

import argparse
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no public name
PROGRAM = "remedy-gate"


def add_governing(commands: Commands, called: str) -> None:
    """Add the commands, and the words of the one that is `called`."""
    for name, help_text, words in (
        ("policy", "the policy file: check it, ask why it decides as it does", _policy),
        ("waive", "accept one problem until a date, for a reason", _waive),
        ("queue", "patches that wait for a person's approval", _queue),
        ("ledger", "what every run did: verify, show, export, prune, sync", _ledger),
        ("batch", "ask a model about a whole backlog: export, import, submit, status, fetch", _batch),
        ("doctor", "say whether a model on Amazon Bedrock can be asked, and what to grant", _doctor),
    ):
        command = commands.add_parser(name, help=help_text)
        command.set_defaults(module=name)
        if called == name:
            words(command)


def _batch(batch: argparse.ArgumentParser) -> None:
    from .batch_words import batch as words

    words(batch)


def _doctor(doctor: argparse.ArgumentParser) -> None:
    from .batch_words import doctor as words

    words(doctor)


def _policy(policy: argparse.ArgumentParser) -> None:
    verbs = policy.add_subparsers(metavar="VERB", dest="verb", required=True, prog=f"{PROGRAM} policy")
    check = verbs.add_parser("check", help="say whether policy and waivers are right, and what they come to")
    check.add_argument("--policy", metavar="FILE", help="the policy (default: .remedy-gate.yml)")
    explain = verbs.add_parser("explain", help="say which rule decides a finding, and why the others do not")
    explain.add_argument("ids", nargs="*", metavar="ID", help="fingerprint, control, rule id or address (default: all)")
    explain.add_argument("--report", metavar="FILE", help="explain the findings of a report of `check --format json`")
    which = explain.add_mutually_exclusive_group()
    which.add_argument("--base", metavar="REF", help="as for check")
    which.add_argument("--staged", action="store_true", help="as for check")
    which.add_argument("--all", action="store_true", help="as for check")
    explain.add_argument("--findings", action="append", metavar="SPEC", help="as for check")
    explain.add_argument("--policy", metavar="FILE", help="the policy (default: .remedy-gate.yml)")
    explain.set_defaults(paths=[], remedies=None, fix=False, proof="quick")
    verbs.add_parser("schema", help="print the JSON Schema of the policy file, for editors")


def _waive(waive: argparse.ArgumentParser) -> None:
    waive.add_argument("--control", metavar="ID", required=True, help="the control, or a scanner's rule id")
    waive.add_argument("--resource", metavar="ADDRESS", help="the resource's address in the code")
    waive.add_argument("--path", metavar="PATTERN", help="the file, or a pattern of files")
    waive.add_argument("--reason", metavar="TEXT", required=True, help="why the risk is accepted")
    waive.add_argument("--days", metavar="N", type=int, default=30, help="for how long (default 30, at most 366)")
    waive.add_argument("--ticket", metavar="TEXT", help="where it was agreed")
    waive.add_argument("--owner", metavar="NAME", help="who answers for it (default: git's user.name)")


def _queue(queue: argparse.ArgumentParser) -> None:
    verbs = queue.add_subparsers(metavar="VERB", dest="verb", required=True, prog=f"{PROGRAM} queue")
    listing = verbs.add_parser("list", help="every patch that waits")
    listing.add_argument("--all", action="store_true", help="those that were answered, too")
    verbs.add_parser("show", help="one patch: finding, diff and proof").add_argument("patch", metavar="PATCH")
    for name, help_text in (("approve", "say yes to this very patch"), ("reject", "say no to it")):
        verb = verbs.add_parser(name, help=help_text)
        verb.add_argument("patch", metavar="PATCH", help="the patch's id, or the beginning of it")
        verb.add_argument("--by", metavar="NAME", help="who says so (default: git's user.name)")
        verb.add_argument("--reason", metavar="TEXT", default="", help="why")
    verbs.add_parser("publish", help="ask for each patch that waits in an issue on GitHub")
    verbs.add_parser("collect", help="read the answers from those issues, and record those of people who may give them")
    for verb in verbs.choices.values():
        verb.add_argument("--policy", metavar="FILE", help="the policy, which names the ledger")


def _ledger(ledger: argparse.ArgumentParser) -> None:
    verbs = ledger.add_subparsers(metavar="VERB", dest="verb", required=True, prog=f"{PROGRAM} ledger")
    verify = verbs.add_parser("verify", help="say whether anything was changed, lost or cut off")
    verify.add_argument("file", nargs="?", metavar="FILE", help="an export, instead of the ledger itself")
    verify.add_argument(
        "--head", action="append", default=[], metavar="SEQ:HASH", help="a head that was seen elsewhere"
    )
    show = verbs.add_parser("show", help="print records")
    show.add_argument("ids", nargs="*", metavar="ID", help="fingerprint, patch, run, control, address or path")
    show.add_argument("--kind", action="append", default=[], metavar="KIND", help="only records of this kind")
    show.add_argument("--last", type=int, default=20, metavar="N", help="at most so many, the last ones (default 20)")
    export = verbs.add_parser("export", help="every record as a line of JSON")
    export.add_argument("--output", metavar="FILE", help="write them there instead of to standard output")
    export.add_argument("--format", choices=("jsonl", "in-toto"), default="jsonl", help="in-toto: a statement a patch")
    prune = verbs.add_parser("prune", help="drop old records in whole segments; the chain stays provable")
    prune.add_argument("--before", metavar="DATE", required=True, help="drop segments that ended before this day")
    sync = verbs.add_parser(
        "sync", help="read from GitHub what became of the suggestions: accepted, edited, rejected, ..."
    )
    sync.add_argument("--pull", type=int, action="append", default=[], metavar="N", help="only this pull request")
    sync.add_argument("--since", metavar="DATE", help="only what was published since this day (default: 90 days ago)")
    sync.add_argument("--repository", metavar="OWNER/NAME", help="default: GITHUB_REPOSITORY, else the only one known")
    for verb in verbs.choices.values():
        verb.add_argument("--policy", metavar="FILE", help="the policy, which names the ledger")
