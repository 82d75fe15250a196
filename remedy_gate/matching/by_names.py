"""The name in a resource's id, against the names that code gives: outright, in an `import` block, or as a pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .addresses import address_of
from .claim import Candidate, Candidates, Claim
from .identity import LOWERED
from .locating import locate
from .naming import CLOUDFORMATION_SUFFIX, fitting, shown, text_of, weight
from .suiting import name_fits, of_right_type, standing_differs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from remedy_gate.iac.module import Module

    from .index import CodeIndex
    from .name_index import Named


OUTRIGHT = 0.85
"""How sure a name makes us that the code states as it is."""


class Fit(NamedTuple):
    """A resource whose name fits, and what stands in the open parts of it."""

    named: Named
    holes: tuple[str, ...] = ()


def is_outright(name: str) -> str:
    """The evidence of such a name."""
    return f'its name in the code is "{name}"'


def by_import(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The block that an `import` block gives the very id."""
    if claim.resource is None or claim.identified is None or not code.imported:
        return None
    keys = dict.fromkeys((claim.resource.id, claim.identified.ident, *claim.identified.names))
    found: list[Candidate] = []
    for key in keys:
        for address, module in code.imported.get(key, ()):
            located = locate(code, module, address_of(address))
            if located is not None and of_right_type(located.candidate.place, claim):
                found.append(located.candidate)
    kept = tuple(one for one in dict.fromkeys(found) if standing_differs(one, claim, code) is None)
    return Candidates(kept, 0.9, ("an import block gives it this id",)) if kept else None


def by_name(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The resource whose name the code says outright."""
    identified = claim.identified
    if identified is None or not identified.names:
        return None
    for name in identified.names:
        found = code.names.outright(name, identified.types)
        if not found and identified.service in LOWERED:
            found = code.names.outright_in_any_case(name, identified.types)
        if found:
            kept = _sole(found[0], claim, code) if len(found) == 1 else _kept(list(map(Fit, found)), claim, code)
            return Candidates(kept, OUTRIGHT, (is_outright(name),)) if kept else None
    return None


def by_pattern(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The resource whose name the code says in part; of several, those that say most of it."""
    identified = claim.identified
    if identified is None or not identified.names:
        return None
    fits: list[Fit] = []
    for name in identified.names:
        for named in code.names.patterns(name, identified.types):
            holes = name_fits(named.name, identified)
            if holes is not None:
                fits.append(Fit(named, holes))
    best = _heaviest([fit for fit in fits if _kept([fit], claim, code)])
    if not best:
        return None
    pattern = best[0].named.name
    said = f'its name fits "{shown(pattern)}" in the code'
    sure = 0.6 if CLOUDFORMATION_SUFFIX in pattern else 0.65
    return Candidates(_kept(best, claim, code), sure, (said,), guessed=best[0].holes)


def by_own_name(claim: Claim, code: CodeIndex) -> Candidates | None:
    """For ids that AWS makes up: the name that the source tells beside the id."""
    called = _told_beside(claim)
    if called is None or claim.identified is None:
        return None
    found = code.names.outright(called, claim.identified.types)
    kept = _kept([Fit(named) for named in found], claim, code)
    return Candidates(kept, 0.75, (f'the source calls it "{called}", and so does the code',)) if kept else None


def by_name_tag(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The resource of the same type with the same tag `Name`."""
    if claim.identified is None:
        return None
    wanted = claim.tags.get("Name") or _told_beside(claim)
    if not wanted:
        return None
    same: list[Fit] = []
    alike: list[Fit] = []
    for type_name in claim.identified.types:
        for named in code.name_tags.of_type(type_name):
            text = text_of(named.name)
            if text == wanted:
                same.append(Fit(named))
            elif text is None:
                holes = fitting(named.name, wanted, {})
                if holes is not None:
                    alike.append(Fit(named, holes))
    best = same or _heaviest([fit for fit in alike if _kept([fit], claim, code)])
    kept = _kept(best, claim, code)
    said = f'its type and its tag Name "{wanted}" are those in the code'
    return Candidates(kept, 0.6 if same else 0.5, (said,), guessed=best[0].holes) if kept else None


def _told_beside(claim: Claim) -> str | None:
    """The name that a source tells beside an id that AWS made up."""
    resource, identified = claim.resource, claim.identified
    if resource is None or identified is None or identified.names:
        return None
    return resource.name if resource.name not in {resource.id, identified.ident, ""} else None


def _kept(fits: Sequence[Fit], claim: Claim, code: CodeIndex) -> tuple[Candidate, ...]:
    """The blocks that nothing speaks against, each once: under one call where only one fits, else under all of them."""
    if len(fits) == 1:
        return _sole(fits[0].named, claim, code, fits[0].holes)
    found: dict[tuple[Module, str], list[Candidate]] = {}
    for fit in fits:
        candidate = Candidate(fit.named.place, fit.named.chain)
        if _suits(candidate, claim, code, fit.holes):
            key = (fit.named.place.module, fit.named.place.block.address)
            found.setdefault(key, []).append(candidate)
    return tuple(
        several[0] if len({one.chain for one in several}) == 1 else Candidate(several[0].place)
        for several in found.values()
    )


def _sole(named: Named, claim: Claim, code: CodeIndex, holes: tuple[str, ...] = ()) -> tuple[Candidate, ...]:
    only = Candidate(named.place, named.chain)
    return (only,) if _suits(only, claim, code, holes) else ()


def _suits(candidate: Candidate, claim: Claim, code: CodeIndex, holes: tuple[str, ...]) -> bool:
    place = candidate.place
    if not of_right_type(place, claim) or standing_differs(candidate, claim, code, holes) is not None:
        return False
    return not code.switches.off(place)


def _heaviest(fits: list[Fit]) -> list[Fit]:
    most = max((weight(fit.named.name) for fit in fits), default=0)
    return [fit for fit in fits if weight(fit.named.name) == most]
