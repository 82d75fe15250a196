"""Guesses held against one another: a block without instances has one name, so that two resources cannot both be it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from remedy_gate.domain.match import Match, MatchState
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Place

from .standing import environments_in
from .tie import Tie


def doubted(ties: Iterable[Tie]) -> Mapping[int, Tie]:
    """For each tie that does not hold, by its `id`, the ambiguous one that stands for it.

    Those of one block to resources whose names differ in more than an environment do not hold.
    """
    by_block: dict[tuple[Module, str], list[Tie]] = {}
    for tie in ties:
        if tie.guessed and tie.place is not None:
            by_block.setdefault((tie.place.module, tie.place.block.address), []).append(tie)
    return {
        id(tie): _ambiguous(tie, len(several))
        for several in by_block.values()
        if len({_own_part(tie) for tie in several}) > 1 and not _has_instances(several[0].place)
        for tie in several
    }


def _own_part(tie: Tie) -> tuple[str, ...]:
    """What stands in the open parts of the name, without what names an environment: code is deployed to several."""
    return tuple(part for part in tie.guessed if not environments_in((part,)))


def _has_instances(place: Place | None) -> bool:
    if place is None:
        return False
    body = place.module.resolved(place.block.address)
    return any(name in {"count", "for_each"} for name, _ in body.entries)


def _ambiguous(tie: Tie, count: int) -> Tie:
    said = f"the names of {count} resources fit this one block, which can be only one of them"
    return Tie(Match(MatchState.AMBIGUOUS, evidence=(*tie.match.evidence, said)))
