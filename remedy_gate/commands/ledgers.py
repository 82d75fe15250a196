"""Which ledger a command speaks to: the one that policy names, by default that of the git directory."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from remedy_gate.changes.event import PULL_REQUESTS
from remedy_gate.changes.repository import enclosing_repository
from remedy_gate.errors import ChangesError, LedgerError
from remedy_gate.ledger.place import git_folder, ledger_folder
from remedy_gate.ledger.sqlite import SqliteLedger
from remedy_gate.policy.rules import LedgerChoice, Policy
from remedy_gate.settings import Settings, github_settings, run_facts

from .events import base_of_run, policy_of_run

if TYPE_CHECKING:
    from remedy_gate.ledger.dynamodb import DynamoLedger

_OF_A_CHANGE = ("", *PULL_REQUESTS, "merge_group")  # "": a CI that names no event

AnyLedger: TypeAlias = "SqliteLedger | DynamoLedger"


class Opened(NamedTuple):
    """A ledger, and the folder where entries wait that it does not take (None: there is nowhere to wait)."""

    ledger: AnyLedger
    folder: str | None
    name: str


def open_ledger(choice: LedgerChoice, root: str, settings: Settings) -> Opened | None:
    """The ledger; None where there is to be none, or where there is no git directory to keep one in."""
    facts = run_facts(settings)
    git = git_folder(root, facts.git_directory)
    folder = ledger_folder(git) if git is not None else None
    match choice.kind:
        case "none":
            return None
        case "dynamodb":
            name = choice.name or facts.repository or os.path.basename(root)
            return Opened(_shared(choice, name), folder, f"{choice.table}/{name}")
        case _:
            return None if folder is None else Opened(SqliteLedger(folder), folder, folder)


def this_ledger(policy_file: str | None, settings: Settings) -> tuple[Opened, Policy]:
    """The ledger of the repository that the command runs in, and the policy that names it. See `policy_of_run`.

    :raises LedgerError: there is none, or in CI the policy of the base cannot be had.
    """
    root = enclosing_repository(settings.directory) or settings.directory
    policy = _policy(policy_file, root, settings)
    opened = open_ledger(policy.ledger, root, settings)
    if opened is None:
        raise LedgerError("There is no ledger here.", "Run inside a repository, or name one in the policy.")
    return opened, policy


def _policy(named: str | None, root: str, settings: Settings) -> Policy:
    """The policy that governs. Where CI names no base it gets none, unless its event is of no pull request."""
    try:
        if settings.in_ci and not base_of_run(settings, root) and github_settings(settings).event in _OF_A_CHANGE:
            raise LedgerError(
                "In CI the policy comes from the base branch, and nothing says which one that is.",
                "Set GITHUB_BASE_REF to the branch whose policy governs, such as main, and fetch it as origin/main.",
            )
        return policy_of_run(named, root, settings)
    except ChangesError as error:
        raise LedgerError(f"In CI the policy comes from the base branch. {error.message}", error.hint) from error


def _shared(choice: LedgerChoice, name: str) -> DynamoLedger:
    """The ledger of this name in DynamoDB, with the credentials that the AWS SDK finds. Nothing is asked for yet."""
    import time

    from remedy_gate.ledger.dynamodb import DynamoLedger
    from remedy_gate.ledger.dynamodb_errors import client
    from remedy_gate.ledger.segments import Segments

    prefix, lock = f"{choice.prefix}{name}/", (choice.mode, choice.retention_days)
    segments = Segments(client("s3", choice.region), choice.bucket, prefix, lock) if choice.bucket else None
    return DynamoLedger(client("dynamodb", choice.region), choice.table, name, segments, time.sleep)
