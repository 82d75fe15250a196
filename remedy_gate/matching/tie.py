"""One claim tied to a block, or in words why it is not."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.source import Resource
from remedy_gate.iac.module import Block
from remedy_gate.iac.reading import Place

from .calls import NO_CALLS, Chain, chain_address, home_of
from .claim import Candidates, Claim
from .index import CodeIndex
from .ladder import climb

MOST_LISTED = 4


class Tie(NamedTuple):
    """A match, the block where there is one, and the address of the call of its module, where that is known.

    `guessed` is what the match puts into the open parts of the block's name.
    """

    match: Match
    place: Place | None = None
    called_as: str = ""
    guessed: tuple[str, ...] = ()


UNTIED = Tie(Match(MatchState.UNMATCHED, evidence=("the finding names neither a resource nor a place in the code",)))


def unknown(ident: str) -> Tie:
    """No match: nothing in the code is known to be the resource."""
    return Tie(Match(MatchState.UNMATCHED, evidence=(f"no block of the code that was read is known to be {ident}",)))


def tie(claim: Claim, code: CodeIndex) -> Tie:
    """The match of a claim. Several equal candidates are ambiguous, and so is one beside files that were not read."""
    found = climb(claim, code)
    if found is None and claim.location is None and claim.resource is not None:
        return unknown(claim.resource.id)
    if found is None:
        return Tie(Match(MatchState.UNMATCHED, evidence=(_why_unmatched(claim, code),)))
    if not found.found:
        return Tie(Match(MatchState.UNMATCHED, evidence=found.evidence))
    if len(found.found) > 1 or found.unread:
        return Tie(Match(MatchState.AMBIGUOUS, evidence=(*found.evidence, _equals(found))))
    place, chain = found.found[0]
    here = tied(place, found.confidence, found.evidence, code, chain)
    return here._replace(guessed=found.guessed) if found.guessed and _is_called_one_way(place, code) else here


def _is_called_one_way(place: Place, code: CodeIndex) -> bool:
    return len(code.calls.chains(place.module)) == 1


def resource_of(block: Block) -> Resource:
    """A block as the report names it."""
    address, kind, type_name, _, path, _, lines = block
    return Resource(address, type_name or kind, path, lines)


def tied(
    place: Place, confidence: float, evidence: tuple[str, ...], code: CodeIndex, chain: Chain | None = None
) -> Tie:
    """The tie to a block, under one of the calls of its module where that is known."""
    resource = resource_of(place.block)
    chains = code.calls.chains(place.module)
    if chains == NO_CALLS:
        return Tie(Match(MatchState.MATCHED, resource, confidence, evidence), place)
    taken = chain if chain is not None else chains[0] if len(chains) == 1 else ()
    caller = (f"its module is called in {home_of(taken[0].module) or 'the root'}",) if taken else ()
    said = (*evidence, *caller, *_other_callers(taken, chains))
    return Tie(Match(MatchState.MATCHED, resource, confidence, said), place, chain_address(taken))


def _other_callers(chain: Chain, chains: tuple[Chain, ...]) -> tuple[str, ...]:
    """Who else calls the module: a change of it changes theirs too."""
    others = [one for one in chains if one and one != chain]
    if not others:
        return ()
    named = [f"{chain_address(one)} ({home_of(one[0].module) or 'the root'})" for one in others[:MOST_LISTED]]
    more = f" and {len(others) - MOST_LISTED} more" if len(others) > MOST_LISTED else ""
    return (f"{'it' if chain else 'its module'} is {'also ' if chain else ''}called as {', '.join(named)}{more}",)


def _equals(found: Candidates) -> str:
    places = [f"{one.place.block.address} ({one.place.block.path})" for one in found.found]
    listed = [*places, *found.unread]
    more = f" and {len(listed) - MOST_LISTED} more" if len(listed) > MOST_LISTED else ""
    return f"it may be any of {', '.join(listed[:MOST_LISTED])}{more}"


def _why_unmatched(claim: Claim, code: CodeIndex) -> str:
    location = claim.location
    assert location is not None
    what = location.address or (f"line {location.first_line}" if location.first_line else "it")
    unread = code.meant(location.path, exact=claim.own).elsewhere if location.path else ()
    if unread:
        return f"{unread[0]} is not part of what this change reaches"
    return f"no block of the code that was read is {what} in {location.path or 'any file'}"
