"""A scanner's own address, told from the module of the file that it names or from a module that calls that one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.domain.source import LineRange

from .addresses import Address, address_of
from .calls import chain_address
from .claim import Candidate, Candidates, Claim
from .locating import Located, block_in, locate

if TYPE_CHECKING:
    from remedy_gate.domain.finding import Location
    from remedy_gate.iac.module import Module

    from .index import CodeIndex
    from .paths import Reported


PLAIN = 0.95
"""How sure an address makes us in the very file that is named with it."""


def named_by_scanner(address: str) -> str:
    """The evidence of an address."""
    return f"the scanner names {address}"


def in_file(path: str) -> str:
    """The evidence of the file beside it."""
    return f"in {path}"


def by_address(claim: Claim, code: CodeIndex) -> Candidates | None:
    """The block of the address, in the file that the scanner names or, where it has moved, elsewhere in that module."""
    location = claim.location
    if location is None or not location.address:
        return None
    address = address_of(location.address)
    said = (named_by_scanner(location.address), *address.said)
    if not location.path:
        return _anywhere(address, said, code)
    reported = code.meant(location.path, exact=claim.own)
    found = [one for path in reported.files for one in _in_file(path, address, location, code)]
    if reported.weak or len(reported.files) + len(reported.elsewhere) > 1:
        found = [one for one in found if _lines_agree(one, location, exactly=reported.weak)]
    if not found:
        return None
    return _candidates(found, said, location, reported)


def _candidates(found: list[Located], said: tuple[str, ...], location: Location, reported: Reported) -> Candidates:
    alone = len(found) == 1
    candidates = (found[0].candidate,) if alone else tuple(dict.fromkeys(one.candidate for one in found))
    block = candidates[0].place.block
    here = block.path in reported.files
    where = in_file(location.path) if here else f"now in {block.path}"
    note = f", {reported.note}" if reported.note else ""
    evidence = (*said, f"{where}{note}", *found[0].evidence)
    sure = here and not reported.weak and not found[0].evidence
    return Candidates(candidates, PLAIN if sure else 0.85, evidence, unread=reported.elsewhere)


def _in_file(path: str, address: Address, location: Location, code: CodeIndex) -> list[Located]:
    """The block in a file's module; for an address within a module also the one that the file's calls lead to."""
    module = code.module_of(path)
    if module is None:
        return []
    own = block_in(code, module, address.block)
    if own is not None and address.calls:
        own = _as_called(own, address, code)
    if not address.calls or module.language != "terraform":
        return [own] if own is not None else []
    called = locate(code, module, address)
    if own is None or called is None:
        return [one for one in (own, called) if one is not None]
    return [own] if _lines_agree(own, location, exactly=False) and _names_file(own, path) else [called]


def _as_called(own: Located, address: Address, code: CodeIndex) -> Located:
    """The block with the calls of the address, where there are such calls."""
    chains = code.calls.chains(own.candidate.place.module)
    fitting = [chain for chain in chains if tuple(site.block.name for site in chain) == address.calls]
    if not fitting:
        fitting = [chain for chain in chains if chain_address(chain).endswith(f"module.{address.calls[-1]}")]
    return own._replace(candidate=own.candidate._replace(chain=fitting[0])) if len(fitting) == 1 else own


def _names_file(located: Located, path: str) -> bool:
    return located.candidate.place.block.path == path


def _lines_agree(located: Located, location: Location, *, exactly: bool) -> bool:
    """Whether the reported lines are of the block, as far as lines were reported; `exactly`: they are its own."""
    if location.first_line is None:
        return not exactly
    lines = LineRange(location.first_line, location.last_line or location.first_line)
    block = located.candidate.place.block
    return block.lines == lines if exactly else block.lines.overlaps(lines)


def _anywhere(address: Address, said: tuple[str, ...], code: CodeIndex) -> Candidates | None:
    modules: list[Module] = [place.module for place in code.under(address.block) or code.under(f"data.{address.block}")]
    located = [found for module in modules if (found := block_in(code, module, address.block)) is not None]
    candidates: tuple[Candidate, ...] = tuple(_as_called(one, address, code).candidate for one in located)
    return Candidates(candidates, 0.7, said) if candidates else None
