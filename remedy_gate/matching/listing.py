"""Which unmatched findings a report lists: a change is no place to read a hundred thousand that it has no part in."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest

from remedy_gate.domain.match import MatchState

from .match import Matched

MOST_UNMATCHED = 200
UNLISTED = f"unmatched, beyond the {MOST_UNMATCHED} most severe (`remedy-gate check --all` lists every one)"


def listed(matches: Iterable[Matched], beyond: int = 0) -> tuple[tuple[Matched, ...], tuple[tuple[str, int], ...]]:
    """The matches in their order without the least severe of very many unmatched ones, and how many went, with why.

    Nothing that the code was found to have is left out, nor what several blocks may have. `beyond` were left out before.
    """
    matches = tuple(matches)
    unmatched = [place for place, one in enumerate(matches) if one.match.state is MatchState.UNMATCHED]
    if len(unmatched) <= MOST_UNMATCHED:
        return matches, ((UNLISTED, beyond),) if beyond else ()
    kept = nsmallest(MOST_UNMATCHED, unmatched, key=lambda place: matches[place].finding.severity.rank)
    gone = set(unmatched).difference(kept)
    return tuple(one for place, one in enumerate(matches) if place not in gone), ((UNLISTED, beyond + len(gone)),)
