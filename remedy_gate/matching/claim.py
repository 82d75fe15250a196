"""What a finding claims, and what one kind of evidence makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.domain.finding import CloudResource, Location
from remedy_gate.iac.reading import Place

from .calls import Chain

if TYPE_CHECKING:
    from .identity import Identified


OWN = "catalogue"
"""The source of findings that are our own: their places are exact."""


class Claim(NamedTuple):
    """One thing that a finding is about: a cloud resource, a place in code, or both.

    `types` are those that the finding's control says something of, empty where nobody knows. `own`: the finding is of
    our own making, so that its place is exact.
    """

    resource: CloudResource | None
    location: Location | None
    types: frozenset[str] = frozenset()
    own: bool = False
    identified: Identified | None = None
    tags: Mapping[str, str] = {}


class Candidate(NamedTuple):
    """A block, and the calls through which it is the one; None where the evidence says nothing of calls."""

    place: Place
    chain: Chain | None = None


class Candidates(NamedTuple):
    """What one rung found: the blocks, how sure that makes us (0 to 1), and why in words.

    None found and `final`: the evidence leads to code that was not read, so that no weaker evidence can be right.
    `unread` are files that were not read and may as well be meant. `guessed` is what the evidence puts into the open
    parts of a name: one block without instances has one name, so that two resources cannot both be it.
    """

    found: tuple[Candidate, ...]
    confidence: float
    evidence: tuple[str, ...]
    final: bool = False
    unread: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()


def elsewhere(*evidence: str) -> Candidates:
    """The evidence leads to code that was not read."""
    return Candidates((), 0.0, evidence, final=True)
