"""Which ledger a command speaks to: the one that policy names, by default that of the git directory."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from remedy_gate.changes.repository import enclosing_repository
from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.errors import LedgerError
from remedy_gate.ledger.place import git_folder, ledger_folder
from remedy_gate.ledger.sqlite import SqliteLedger
from remedy_gate.policy.rules import LedgerChoice, Policy
from remedy_gate.settings import Settings, choose_policy, run_facts

if TYPE_CHECKING:
    from remedy_gate.ledger.dynamodb import DynamoLedger

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
    """The ledger of the repository that the command runs in. Raises `LedgerError` where there is none."""
    root = enclosing_repository(settings.directory) or settings.directory
    policy = choose_policy(policy_file, WorkingTree(root), None, in_ci=False).policy
    opened = open_ledger(policy.ledger, root, settings)
    if opened is None:
        raise LedgerError("There is no ledger here.", "Run inside a repository, or name one in the policy.")
    return opened, policy


def _shared(choice: LedgerChoice, name: str) -> DynamoLedger:
    """The ledger of this name in DynamoDB, with the credentials that the AWS SDK finds. Nothing is asked for yet."""
    import time

    from remedy_gate.ledger.dynamodb import DynamoLedger
    from remedy_gate.ledger.dynamodb_errors import client
    from remedy_gate.ledger.segments import Segments

    prefix, lock = f"{choice.prefix}{name}/", (choice.mode, choice.retention_days)
    segments = Segments(client("s3", choice.region), choice.bucket, prefix, lock) if choice.bucket else None
    return DynamoLedger(client("dynamodb", choice.region), choice.table, name, segments, time.sleep)
