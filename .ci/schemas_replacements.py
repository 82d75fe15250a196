"""Put what `.ci/make_replacements.py` found out about forced replacements into the tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from remedy_gate.iac.schema import Argument

Body = Mapping[str, Argument]
Answers = tuple[frozenset[str], frozenset[str]]

# As deep as it asks: see DEPTH in replacements_probes.py, which counts the bodies inside the outermost.
ASKED = 4


def read_replacements(path: Path) -> dict[str, Answers]:
    """By type, the arguments that replace and those that nobody knows, nested ones with dots."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {name: (frozenset(replaces.split()), frozenset(unknown.split())) for name, replaces, unknown in rows}


def with_replacements(body: Body, answers: Answers, prefix: str = "") -> dict[str, Argument]:
    """The body with `replaces` set where the provider was asked and answered: the older one, which lacks some."""
    return {name: _answered(argument, answers, f"{prefix}{name}") for name, argument in body.items()}


def _answered(argument: Argument, answers: Answers, path: str) -> Argument:
    if argument.since or argument.readable or path == "id" or path.partition(".")[0] == "timeouts":
        return argument
    replaces, unknown = answers
    answer = None if path in unknown or path.count(".") >= ASKED else path in replaces
    inner = argument.arguments
    if inner is not None:
        inner = with_replacements(inner, answers, f"{path}.")
    return argument._replace(replaces=answer, arguments=inner)
