"""The parts of a run whose model is asked through files: those of `check`, with another last remedy."""

from __future__ import annotations

import argparse
from typing import NamedTuple

from remedy_gate.errors import UsageError
from remedy_gate.gate import Parts
from remedy_gate.iac.schemas import load
from remedy_gate.policy.bedrock import BedrockChoice
from remedy_gate.remedies.bedrock_case import Bench
from remedy_gate.settings import Settings

from .assembly import REMEDIES, assemble
from .looking import change_source
from .surroundings import surroundings


class BatchRun(NamedTuple):
    """A run without its model, what the model is worked with, how it is chosen, and the repository's root."""

    parts: Parts
    bench: Bench
    choice: BedrockChoice
    root: str


def batch_run(arguments: argparse.Namespace, settings: Settings) -> BatchRun:
    """The run that the options name, with every remedy before the model's."""
    names = (arguments.remedies or "catalogue,bedrock").split(",")
    for name in names:
        if name not in REMEDIES:
            raise UsageError(f"there is no remedy {name!r}.", f"Known: {', '.join(REMEDIES)}.")
    source, root = change_source(arguments, settings)
    changes = source.changes()
    alone = argparse.Namespace(**{**vars(arguments), "remedies": "catalogue"})
    parts = assemble(alone, settings, source, changes, root)
    if "catalogue" not in names:
        parts = parts._replace(remedies=())
    policy = parts.policy
    around = surroundings(policy, root, settings)
    bench = Bench(parts.reader, parts.catalogue, load(), policy.parameters, parts.prover, around)
    return BatchRun(parts, bench, policy.bedrock or BedrockChoice(), root)
