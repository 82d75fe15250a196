"""`remedy-gate batch submit|status|fetch`: the job in Bedrock."""

from __future__ import annotations

import argparse
import os
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

from remedy_gate import __version__
from remedy_gate.errors import FAILED, PASSED, PatchError, ReportingError, UsageError
from remedy_gate.policy.bedrock import BedrockChoice
from remedy_gate.remedies.bedrock_jobs import OVER, Job, Services, connected, fetch, status, submit
from remedy_gate.remedies.bedrock_models import model_for
from remedy_gate.reporting.untrusted import log_line, one_line

from .models import aws_region, governing_choice

if TYPE_CHECKING:
    from remedy_gate.settings import Settings

SHORTEST_HOURS, LONGEST_HOURS = 24, 168


def job(arguments: argparse.Namespace, settings: Settings) -> int:
    """Start a job, tell how far it is, or download its answers."""
    choice = governing_choice(arguments.policy, settings)
    region = choice.region or aws_region(settings)
    if arguments.verb == "submit":
        asked = _job(arguments, choice, region or "")
        sys.stdout.write(f"{submit(_services(region), asked)}\n")
        return PASSED
    if arguments.verb == "status":
        return _status(_services(_region_of(arguments.job) or region), arguments.job)
    return _fetch(_services(_region_of(arguments.job) or region), arguments.job, arguments.output)


def _services(region: str | None) -> Services:
    return connected(region, f"remedy-gate/{__version__}")


def _job(arguments: argparse.Namespace, choice: BedrockChoice, region: str) -> Job:
    if not SHORTEST_HOURS <= arguments.hours <= LONGEST_HOURS:
        raise UsageError(f"--hours takes {SHORTEST_HOURS} to {LONGEST_HOURS}.")
    try:
        with open(arguments.requests, "rb") as file:
            questions = file.read()
    except OSError as error:
        raise PatchError(f"{arguments.requests}: {error.strerror}.", "Name what `batch export` wrote.") from error
    if not questions.strip():
        raise UsageError(f"{arguments.requests} has no questions.")
    model = model_for(choice._replace(model=arguments.model or choice.model), region).id
    digest = sha256(f"{model}\n{arguments.s3}\n{arguments.role}\n".encode() + questions).hexdigest()
    return Job(questions, digest, arguments.s3, arguments.role, model, arguments.hours)


def _status(services: Services, arn: str) -> int:
    found = status(services, arn)
    counts = zip(("in all", "processed", "answered", "failed"), found.counts, strict=True)
    told = "".join(f", {count:,} {word}" for word, count in counts if count is not None)
    message = f": {found.message}" if found.message else ""
    sys.stdout.write(f"{log_line(one_line(f'{found.word}{told}{message}', 400))}\n")
    return FAILED if found.word in OVER else PASSED


def _fetch(services: Services, arn: str, target: str) -> int:
    draft = f"{target}.part"
    try:
        with open(draft, "wb") as file:
            files = fetch(services, arn, file.write)
        os.replace(draft, target)
    except OSError as error:
        raise ReportingError(f"{target} could not be written: {error.strerror}.") from error
    finally:
        if os.path.exists(draft):
            os.remove(draft)
    sys.stderr.write(f"remedy-gate: the answers of {files} files are in {target}\n")
    return PASSED


def _region_of(arn: str) -> str:
    parts = arn.split(":")
    return parts[3] if len(parts) > 5 and parts[0] == "arn" else ""  # noqa: PLR2004 - an ARN has six parts
