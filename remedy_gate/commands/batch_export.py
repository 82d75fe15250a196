"""`remedy-gate batch export`: a question a line for everything that the catalogue cannot repair."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from remedy_gate.errors import FAILED, PASSED, ReportingError
from remedy_gate.gate import run
from remedy_gate.remedies.bedrock_batch import BatchExport, Requested
from remedy_gate.remedies.bedrock_call import Manner
from remedy_gate.remedies.bedrock_models import model_for
from remedy_gate.reporting.untrusted import log_line, one_line

from .batch_memory import remember
from .batch_parts import batch_run
from .models import aws_region, random_mark

if TYPE_CHECKING:
    from remedy_gate.settings import Settings


def export(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the questions, and say what none was made of."""
    made = batch_run(arguments, settings)
    model = model_for(made.choice, made.choice.region or aws_region(settings) or "")
    # No point for the prompt cache: whether a batch takes one is not told anywhere.
    asking = BatchExport(made.bench, Manner(model, model.structured, cache=False), made.choice, random_mark)
    report = run(made.parts._replace(remedies=(*made.parts.remedies, asking)))
    _write(asking.requests, arguments.output)
    for problem in (*report.errors, *asking.refused):
        _say(f"{problem.where}: {problem.message}")
    where = arguments.output or "standard output"
    _say(f"{len(asking.requests)} questions for {model.id} written to {where}; {len(asking.refused)} were not asked")
    if failed := remember(arguments, model.id, {one.id: one.about for one in asking.requests}, settings):
        _say(f"the export is not remembered ({failed}): give `batch import` the same options")
    return FAILED if report.verdict == "error" else PASSED


def _write(requests: tuple[Requested, ...], target: str | None) -> None:
    text = "".join(f"{one.line}\n" for one in requests)
    if target is None:
        sys.stdout.write(text)
        return
    try:
        with open(target, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise ReportingError(f"{target} could not be written: {error.strerror}.") from error


def _say(words: str) -> None:
    sys.stderr.write(f"remedy-gate: {log_line(one_line(words, 400))}\n")
