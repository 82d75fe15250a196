"""Fakes that implement the seams, for tests of what lies between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.proof import CheckName, CheckResult, Proof, Status
from remedy_gate.domain.seams import Gathered, Sources
from remedy_gate.domain.source import Problem
from remedy_gate.errors import FindingsError


class FakeTree:
    """A tree from a mapping of paths to texts."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = {path: text.encode() for path, text in files.items()}

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def names(self, directory: str) -> tuple[str, ...]:
        return tuple(sorted(path for path in self.files if path.rpartition("/")[0] == directory))


class FakeFindings:
    """A source that gives what it was made with."""

    name = "fake"

    def __init__(self, *findings: Finding, problems: tuple[Problem, ...] = ()) -> None:
        self.gathered = Gathered(findings, problems)

    def gather(self, sources: Sources) -> Gathered:
        return self.gathered


class BrokenFindings:
    """A source that cannot be read."""

    def __init__(self, name: str = "broken", message: str = "it is down.", hint: str = "Try again later.") -> None:
        self.name = name
        self.error = FindingsError(message, hint)

    def gather(self, sources: Sources) -> Gathered:
        raise self.error


class Proposal(NamedTuple):
    """What a `FakeRemedy` was asked."""

    finding: Finding
    match: Match


class FakeRemedy:
    """A remedy that always gives the same answer, and remembers what it was asked."""

    def __init__(self, answer: Patch | NoPatch, name: str = "fake") -> None:
        self.name = name
        self.answer = answer
        self.asked: list[Proposal] = []

    def propose(self, finding: Finding, match: Match, sources: Sources) -> Patch | NoPatch:
        self.asked.append(Proposal(finding, match))
        return self.answer


class FakeProver:
    """A prover that finds the same of every check, but for those it is told otherwise."""

    def __init__(self, status: Status = Status.PASS, **otherwise: Status) -> None:
        self.proof = Proof(
            tuple(CheckResult(name, otherwise.get(name.value, status), "as the fake was told") for name in CheckName)
        )

    def prove(self, finding: Finding, match: Match, patch: Patch, sources: Sources) -> Proof:
        return self.proof


class FakeWriter:
    """A writer into a mapping; paths in `failing` cannot be written."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.written: dict[str, bytes] = {}

    def write(self, path: str, before: bytes, after: bytes) -> Problem | None:
        if path in self.failing:
            return Problem(path, "the disk is full")
        self.written[path] = after
        return None
