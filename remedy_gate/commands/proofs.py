"""Prove nothing twice in a run: a model's patch is judged while it is made, and again when it is decided on."""

from __future__ import annotations

from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import Patch
from remedy_gate.domain.proof import Proof
from remedy_gate.domain.seams import Prover, Sources


class RememberingProver:
    """A `Prover` that keeps what another one said of the same patch, for the same finding, on the same sources."""

    __slots__ = ("_prover", "_said")

    def __init__(self, prover: Prover) -> None:
        self._prover = prover
        self._said: dict[object, Proof] = {}

    def prove(self, finding: Finding, match: Match, patch: Patch, sources: Sources) -> Proof:
        """See `Prover`."""
        key = (finding, match, patch.origin, patch.files, tuple(sources.items()))
        if key not in self._said:
            self._said[key] = self._prover.prove(finding, match, patch, sources)
        return self._said[key]
