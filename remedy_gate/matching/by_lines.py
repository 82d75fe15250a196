"""The file and the lines that a scanner names where it gives no address. Lines of a changed file may have moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.domain.source import LineRange
from remedy_gate.iac.reading import Place

from .claim import Candidate, Candidates, Claim
from .locating import MATCHABLE, block_in

if TYPE_CHECKING:
    from remedy_gate.domain.finding import Location
    from remedy_gate.iac.module import Module

    from .index import CodeIndex, Places
    from .paths import Reported


def by_lines(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The block at the lines, now or as the file was before the change, if that is one and the same block."""
    location = claim.location
    if location is None or location.address or location.first_line is None:
        return None
    lines = LineRange(location.first_line, max(location.last_line or 0, location.first_line))
    reported = code.meant(location.path, exact=claim.own)
    places = [place for path in reported.files for place in _in_file(path, lines, claim, code)]
    if reported.weak:
        places = [place for place in places if _begins(place, lines)]
    if not places:
        return None
    return _candidates(tuple(dict.fromkeys(places)), lines, location, reported)


def _candidates(places: Places, lines: LineRange, location: Location, reported: Reported) -> Candidates:
    where = f"{location.path}:{lines.first}" + (f" ({reported.note})" if reported.note else "")
    begins = len(reported.files) == 1 and len(places) == 1 and places[0].block.lines.first == lines.first
    said = f"{where} is where it begins" if begins else f"{where} lies in it"
    sure = 0.9 if begins and not reported.weak else 0.8
    return Candidates(tuple(map(Candidate, places)), sure, (said,), unread=reported.elsewhere)


def _in_file(path: str, lines: LineRange, claim: Claim, code: CodeIndex) -> tuple[Place, ...]:
    """The blocks at the lines; of several, those of the types that the control knows."""
    now = _likely(code.at(path, lines), claim)
    if path not in code.bearings.changed or code.bearings.before is None or claim.own:
        return now
    before = code.bearings.before(path)
    module = code.module_of(path)
    if before is None or module is None:
        return now
    then = _likely(_earlier(code.bearings.earlier_path(path), lines, before), claim)
    located = (block_in(code, module, place.block.address) for place in then)
    still = tuple(one.candidate.place for one in located if one is not None)
    exact_now, exact_then = (any(place.block.lines == lines for place in places) for places in (now, then))
    if exact_now != exact_then:
        return tuple(place for place in now if place.block.lines == lines) if exact_now else still
    return tuple(dict.fromkeys((*now, *still)))


def _earlier(path: str, lines: LineRange, before: Module) -> tuple[Place, ...]:
    """The blocks at the lines as the file was. Nobody says whether it was scanned before it changed or after.

    Where the two versions do not agree on the block, the one counts in which the lines are exactly those of a block.
    """
    blocks = (block for block in before.blocks.values() if block.kind in MATCHABLE and block.path == path)
    return tuple(Place(before, block) for block in blocks if block.lines.overlaps(lines))


def _likely(places: tuple[Place, ...], claim: Claim) -> tuple[Place, ...]:
    of_the_control = tuple(place for place in places if place.block.type in claim.types)
    return of_the_control if len(places) > 1 and of_the_control else places


def _begins(place: Place, lines: LineRange) -> bool:
    single = lines.first == lines.last
    return place.block.lines.first == lines.first and (single or place.block.lines.last == lines.last)
