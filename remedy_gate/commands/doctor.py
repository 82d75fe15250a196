"""`remedy-gate doctor`: whether a model on Amazon Bedrock can be asked from here, and what to grant."""

from __future__ import annotations

import argparse
import sys
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

from remedy_gate import __version__
from remedy_gate.errors import FAILED, PASSED
from remedy_gate.policy.bedrock import BedrockChoice
from remedy_gate.remedies.bedrock import connector
from remedy_gate.remedies.bedrock_asking import Asking, Times
from remedy_gate.remedies.bedrock_cache import AnswerCache
from remedy_gate.remedies.bedrock_doctor import Caller, State, Step, caller, policy_for, question, told
from remedy_gate.remedies.bedrock_models import Model, model_for
from remedy_gate.reporting.untrusted import log_line, one_line

from .models import aws_region, governing_choice

if TYPE_CHECKING:
    from remedy_gate.settings import Settings

REGION_HINT = "Set AWS_REGION, or `bedrock: region` in the policy."
EARLIER = "an earlier step failed"


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Try each step and say what came of it; 0 where nothing failed, else 3."""
    choice = governing_choice(arguments.policy, settings)
    region = choice.region or aws_region(settings) or ""
    model = model_for(choice, region)
    steps, who = _standing(region, settings)
    steps += _asking(arguments, choice, model, region, can_ask=all(step.state is not State.FAILED for step in steps))
    for step in steps:
        hint = f" {step.hint}" if step.hint else ""
        sys.stdout.write(f"{step.state!s:<10}{step.name:<13}{log_line(one_line(step.words + '.' + hint, 400))}\n")
    if any(step.state is not State.OK for step in steps[2:]):
        sys.stdout.write(f"\nThe IAM policy that asking {log_line(one_line(model.id, 200))} takes:\n")
        sys.stdout.write(f"{policy_for(model, region or 'REGION', who, choice.guardrail)}\n")
    return FAILED if any(step.state is State.FAILED for step in steps) else PASSED


def _standing(region: str, settings: Settings) -> tuple[list[Step], Caller]:
    """The region and the credentials, which everything else takes."""
    if find_spec("boto3") is None:
        missing = Step("boto3", State.FAILED, "it is not installed", "Install remedy-gate[aws]")
        return [missing, Step("credentials", State.NOT_TRIED, EARLIER)], Caller()
    if not region:
        unknown = Step("region", State.FAILED, "no AWS region is named", REGION_HINT)
        return [unknown, Step("credentials", State.NOT_TRIED, EARLIER)], Caller()
    here = Step("region", State.OK, region)
    if settings.environment.get("AWS_BEARER_TOKEN_BEDROCK"):
        words = "an API key of Bedrock is set, which only a question can try"
        return [here, Step("credentials", State.NOT_TRIED, words)], Caller()
    step, who = caller(region, f"remedy-gate/{__version__}")
    return [here, step], who


def _asking(
    arguments: argparse.Namespace, choice: BedrockChoice, model: Model, region: str, *, can_ask: bool
) -> list[Step]:
    """Ask the model once, as a run does, with nothing to repair."""
    if not can_ask or arguments.no_call:
        words = f"{model.id}: {EARLIER if not can_ask else '--no-call was given'}"
        return [Step("model", State.NOT_TRIED, words), Step("permissions", State.NOT_TRIED, "the model was not asked")]
    connect = connector(choice, region, f"remedy-gate/{__version__}")
    asking = Asking(connect, choice, AnswerCache(None), Times(time.monotonic, time.sleep))
    return list(told(asking.ask(question())))
