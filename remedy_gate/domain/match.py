"""A match: a finding tied to a resource in the code, with the evidence for the tie."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from .source import Resource

RECURRING = "the same problem is open on "
"""Begins the line of the evidence that says how many other resources have the problem."""


class MatchState(StrEnum):
    """Only a `MATCHED` finding ever gets a patch."""

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    UNMATCHED = "unmatched"


class InCode(StrEnum):
    """Whether the code itself still has the problem. `FIXED` while a finding is open: deploy pending, or drift."""

    OPEN = "open"
    FIXED = "fixed"
    UNKNOWN = "unknown"


class Match(NamedTuple):
    """The tie. `confidence` runs from 0 to 1; `evidence` says in words why. `resource` is None unless matched."""

    state: MatchState
    resource: Resource | None = None
    confidence: float = 0.0
    evidence: tuple[str, ...] = ()
    in_code: InCode = InCode.UNKNOWN

    @property
    def recurrence(self) -> str:
        """What the evidence says of other resources that have the problem; the empty text where it says nothing."""
        return next((line for line in self.evidence if line.startswith(RECURRING)), "")
