"""What is wrong with the code itself, told apart by what it costs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from remedy_gate.domain.source import Problem

from .module import Block, Module, SourceError

_TYPED = frozenset(("resource", "data", "ephemeral"))


class CodeProblems(NamedTuple):
    """`unread`: errors in changed files, which mean that we did not look. `named` are only told.

    Those are errors in neighbours of changed files, addresses that two blocks have, and blocks without a type: they
    cost only these blocks.
    """

    unread: tuple[Problem, ...]
    named: tuple[Problem, ...]


def code_problems(modules: Iterable[Module], changed: Collection[str]) -> CodeProblems:
    """The problems of these modules, where the paths in `changed` are what the run is about."""
    unread: list[Problem] = []
    named: list[Problem] = []
    for module in modules:
        for error in module.errors:
            (unread if error.path in changed else named).append(_problem(error))
        named += map(_problem, dict.fromkeys(module.repeated.values()))
        named += (_untyped(block) for block in module.blocks.values() if block.kind in _TYPED and not block.type)
    return CodeProblems(tuple(unread), tuple(named))


def _untyped(block: Block) -> Problem:
    why = f"a `{block.kind}` block has two labels, a type and a name, and this one has not: no control looks at it"
    return Problem(f"{block.path}:{block.lines.first}", why)


def undecided(module: Module | None, address: str) -> str:
    """Why nobody can say which block an address means; the empty text where that is clear."""
    twice = module.repeated.get(address) if module is not None else None
    return twice.message if twice is not None else ""


def _problem(error: SourceError) -> Problem:
    return Problem(f"{error.path}:{error.line}:{error.column}", error.message)
