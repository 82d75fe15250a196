"""`remedy-gate batch import`: the answers of a model, judged, in the report that `check` gives."""

from __future__ import annotations

import argparse
import os.path
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from remedy_gate.errors import BLOCKED, FAILED, PASSED, PatchError, UsageError
from remedy_gate.gate import run
from remedy_gate.remedies.bedrock_models import model_for
from remedy_gate.remedies.bedrock_responses import BatchAnswers, Responses, read_responses

from .attempts import attempt_entries
from .batch_memory import Remembered, recalled
from .batch_parts import batch_run
from .models import aws_region, random_mark
from .output import emit
from .recording import record_run

if TYPE_CHECKING:
    from remedy_gate.domain.source import Problem
    from remedy_gate.settings import Settings

MOST_FILE_BYTES = 2_000_000_000


def import_(arguments: argparse.Namespace, settings: Settings) -> int:
    """Judge the answers and report; the exit status is that of `check`."""
    responses = read_responses(line for path in arguments.responses for line in _lines(path))
    earlier = recalled(responses.places, settings)
    _as_exported(arguments, earlier, settings)
    if earlier is not None and os.path.isdir(earlier.directory):
        settings = settings._replace(directory=earlier.directory)
    made = batch_run(arguments, settings)
    named = arguments.model or (earlier.model if earlier else "")
    choice = made.choice._replace(model=named) if named else made.choice
    model = model_for(choice, made.choice.region or aws_region(settings) or "")
    answers = BatchAnswers(made.bench, responses, model, random_mark)
    report = run(made.parts._replace(remedies=(*made.parts.remedies, answers)))
    problems = _problems(responses, answers, earlier)
    report = report._replace(errors=(*report.errors, *problems))
    emit(report, arguments, settings)
    record_run(report, "batch import", made.parts.policy, made.root, settings, attempt_entries(answers.attempts))
    if report.verdict == "error":
        return FAILED
    return BLOCKED if report.verdict == "block" else PASSED


def _problems(responses: Responses, answers: BatchAnswers, earlier: Remembered | None) -> tuple[Problem, ...]:
    return (*responses.problems, *answers.left_over(earlier.questions if earlier else {}))


def _as_exported(arguments: argparse.Namespace, earlier: Remembered | None, settings: Settings) -> None:
    """Look at what the export looked at, where the options say nothing else; a backlog is everything."""
    says_which = arguments.base or arguments.staged or arguments.all
    if earlier is None:
        arguments.all = arguments.all or not says_which
        return
    options = earlier.options
    if not says_which:
        arguments.base, arguments.staged, arguments.all = options["base"], options["staged"], options["all"]
    arguments.paths = arguments.paths or options["paths"]
    arguments.remedies = arguments.remedies or options["remedies"]
    arguments.policy = arguments.policy or _from(earlier.directory, options["policy"], settings)
    if arguments.findings is None and options["findings"] is not None:
        from .specs import is_live

        if "-" in options["findings"]:
            raise UsageError("The findings of the export came from standard input.", "Name them with --findings.")
        arguments.findings = [
            spec if is_live(spec) or spec == "catalogue" else _from(earlier.directory, spec, settings)
            for spec in options["findings"]
        ]


def _from(directory: str, path: str | None, settings: Settings) -> str | None:
    """A path of the export's, told from where this runs."""
    is_here = path is None or os.path.isabs(path) or os.path.realpath(directory) == os.path.realpath(settings.directory)
    return path if is_here or path is None else os.path.join(directory, path)


def _lines(path: str) -> Iterator[tuple[str, bytes]]:
    if path == "-":
        yield from _numbered("standard input", sys.stdin.buffer.read(MOST_FILE_BYTES))
        return
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_FILE_BYTES)
    except OSError as error:
        raise PatchError(f"{path}: {error.strerror or error}.", "Name the answers of the batch, JSON lines.") from error
    yield from _numbered(path, content)


def _numbered(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    for number, line in enumerate(content.split(b"\n"), 1):
        yield f"{name}:{number}", line
