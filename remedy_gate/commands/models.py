"""Put together the remedy that asks a model: its budget, its memory of answers, and what it says while people wait."""

from __future__ import annotations

import argparse
import os.path
import sys
import time
from collections.abc import Callable

from remedy_gate import __version__
from remedy_gate.changes.repository import enclosing_repository
from remedy_gate.ledger.place import git_folder, ledger_folder
from remedy_gate.policy.bedrock import BedrockChoice
from remedy_gate.remedies.bedrock import BedrockRemedy, connector
from remedy_gate.remedies.bedrock_asking import Asking, Times
from remedy_gate.remedies.bedrock_cache import FOLDER, AnswerCache
from remedy_gate.remedies.bedrock_case import Bench
from remedy_gate.remedies.bedrock_models import model_for
from remedy_gate.reporting.untrusted import one_line
from remedy_gate.settings import Settings, run_facts

from .events import policy_of_run
from .progress import FIRST_AFTER
from .saying import warn


def may_ask(arguments: argparse.Namespace) -> bool:
    """Whether a policy's word alone lets a model be asked: in a `check` that is no hook. `--remedies` always does."""
    return arguments.remedies is not None or (getattr(arguments, "module", "") == "check" and not arguments.staged)


def model_remedy(bench: Bench, choice: BedrockChoice | None, root: str, settings: Settings) -> BedrockRemedy:
    """The remedy `bedrock`. Nothing is imported or connected before the first question."""
    chosen = choice or BedrockChoice()
    model_for(chosen, "")  # a name in the policy that nobody knows is found now, and not with the first question
    asking = asking_for(chosen, root, settings)
    return BedrockRemedy(bench, asking, random_mark, _told(settings), chosen.threads)


def asking_for(choice: BedrockChoice, root: str, settings: Settings) -> Asking:
    """How models are asked for a run in this repository; answers are kept under its git directory."""
    git = git_folder(root, run_facts(settings).git_directory)
    folder = None if git is None else os.path.join(ledger_folder(git), FOLDER)
    connect = connector(choice, aws_region(settings), f"remedy-gate/{__version__}")
    return Asking(connect, choice, AnswerCache(folder), Times(time.monotonic, time.sleep))


def governing_choice(named: str | None, settings: Settings) -> BedrockChoice:
    """How policy lets models be asked: in CI the base's, as whoever changes it may not choose whom our credentials ask.

    :raises ChangesError: the base cannot be found.
    """
    root = enclosing_repository(settings.directory) or settings.directory
    return policy_of_run(named, root, settings).bedrock or BedrockChoice()


def aws_region(settings: Settings) -> str | None:
    """The AWS region that the environment names. boto3 itself does not look at AWS_REGION, which runners set."""
    environment = settings.environment
    return environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or None


def random_mark() -> str:
    """16 hexadecimal digits that nobody can guess."""
    from secrets import token_hex

    return token_hex(8)


def _told(settings: Settings) -> Callable[[str], None]:
    """Tell of each finding's end: in CI a line, to a person once it takes long, else nothing."""
    begun = time.monotonic()

    def tell(line: str) -> None:
        if settings.in_ci or (sys.stderr.isatty() and time.monotonic() - begun > FIRST_AFTER):
            warn(one_line(line, 200))

    return tell
