"""The evidence for a match, strongest first. The first kind that finds anything decides; weaker ones tell apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from .by_addresses import by_address
from .by_lines import by_lines
from .claim import Candidate, Candidates, Claim

if TYPE_CHECKING:
    from remedy_gate.iac.module import Module

    from .index import CodeIndex

Rung: TypeAlias = "Callable[[Claim, CodeIndex], Candidates | None]"

PLACES: tuple[Rung, ...] = (by_address, by_lines)
"""All that there is to go by where a finding names no cloud resource, as in a hook: the other rungs stay unread."""


def climb(claim: Claim, code: CodeIndex) -> Candidates | None:
    """What the strongest evidence finds, narrowed by the weaker where it finds several."""
    found: Candidates | None = None
    for rung in _rungs(claim, code):
        here = rung(claim, code)
        if here is None:
            continue
        found = _distinct(here) if found is None else _narrowed(found, here)
        if found.final or len(found.found) == 1:
            return found
    return None if found is None else _told_apart(found, claim, code)


def _rungs(claim: Claim, code: CodeIndex) -> tuple[Rung, ...]:
    """The rungs that can find anything: of a hundred thousand findings most have little to go by."""
    if claim.resource is None:
        return PLACES
    from .resource_rungs import LADDER, NAMES

    return NAMES if claim.location is None and not claim.tags and code.only_names_tell else LADDER


def _distinct(found: Candidates) -> Candidates:
    """Each block once: under its one call where every candidate has that, else under any."""
    if len(found.found) < 2:  # noqa: PLR2004 - one cannot be there twice
        return found
    blocks: dict[tuple[Module, str], list[Candidate]] = {}
    for one in found.found:
        blocks.setdefault(_key(one), []).append(one)
    if len(blocks) == len(found.found):
        return found
    return found._replace(
        found=tuple(group[0] if len(group) == 1 else Candidate(group[0].place) for group in blocks.values())
    )


def _narrowed(strong: Candidates, weak: Candidates) -> Candidates:
    """The strong evidence's blocks that the weak evidence finds too, if that leaves fewer."""
    blocks = {_key(one) for one in weak.found}
    both = tuple(one for one in strong.found if _key(one) in blocks)
    if not both or len(both) == len(strong.found):
        return strong
    return strong._replace(found=both, evidence=(*strong.evidence, *weak.evidence), unread=())


def _told_apart(found: Candidates, claim: Claim, code: CodeIndex) -> Candidates:
    """Without the blocks that something speaks against, if that leaves a single one."""
    if claim.resource is None:
        return found
    from .suiting import softly_differs

    left = tuple(one for one in found.found if not softly_differs(one, claim, code))
    if len(left) != 1:
        return found
    said = f"nothing in the code of {left[0].place.block.address} speaks against it, unlike its namesakes"
    return found._replace(found=left, confidence=min(found.confidence, 0.7), evidence=(*found.evidence, said))


def _key(candidate: Candidate) -> tuple[Module, str]:
    return candidate.place.module, candidate.place.block.address
