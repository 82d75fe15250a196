"""The seam of remedies that wait for somebody else: they are told ahead what they will be asked, to wait only once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeGuard

from .finding import Finding
from .match import Match
from .seams import Sources
from .source import Problem


class Order(NamedTuple):
    """One thing that a remedy will be asked for."""

    finding: Finding
    match: Match


class AsksAhead(Protocol):
    """A `Remedy` whose answers take long. What it says of an order is the same, asked ahead or not."""

    def prefetch(self, orders: Sequence[Order], sources: Sources) -> None:
        """Work out many at once, so that `propose` has the answers at hand. Never raises for want of an answer."""

    def notes(self) -> tuple[Problem, ...]:
        """What the run is to say of it, once everything was asked."""


def asks_ahead(remedy: object) -> TypeGuard[AsksAhead]:
    """Whether a remedy is one of these. It is asked of every finding: `isinstance` of a Protocol takes ten times as long."""
    return hasattr(remedy, "prefetch") and hasattr(remedy, "notes")
