"""From an address and the module that it is told from to the block, along calls of modules and `moved` blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Place

from .addresses import Address, address_of
from .claim import Candidate

if TYPE_CHECKING:
    from .index import CodeIndex

MATCHABLE = ("resource", "data", "module", "provider")
"""Kinds of blocks that a finding can be about."""

MOST_MOVES = 8


class Located(NamedTuple):
    """A block, and in words what led from its address to it."""

    candidate: Candidate
    evidence: tuple[str, ...] = ()


def locate(code: CodeIndex, module: Module, address: Address) -> Located | None:
    """The block of an address that is told from a module; for other people's code, the call behind which it lies."""
    evidence: tuple[str, ...] = ()
    for _ in range(MOST_MOVES):
        found = _directly(code, module, address)
        if found is not None:
            return found._replace(evidence=(*evidence, *found.evidence))
        moved = code.moves(module).get(address.plain)
        if moved is None:
            return None
        evidence = (*evidence, f"{address.plain} has moved to {moved}")
        address = address_of(moved)
    return None


def block_in(code: CodeIndex, module: Module, name: str) -> Located | None:
    """The block of an address in one module, also where the code says that it has moved, or Checkov shortens it.

    Checkov leaves the `data.` of a data source out, and calls a provider by its name and alias (`aws.default`).
    """
    blocks = module.blocks
    block = blocks.get(name)
    if block is None or block.kind not in MATCHABLE:
        longer = (blocks.get(f"data.{name}"), blocks.get(f"provider.{name.removesuffix('.default')}"))
        block = next((one for one in longer if one is not None and one.kind in MATCHABLE), None)
    if block is not None:
        return Located(Candidate(Place(module, block)))
    moved = code.moves(module).get(name)
    block = blocks.get(moved) if moved else None
    return None if block is None else Located(Candidate(Place(module, block)), (f"{name} has moved to {moved}",))


def _directly(code: CodeIndex, module: Module, address: Address) -> Located | None:
    if not address.calls:
        found = block_in(code, module, address.block)
        return None if found is None else found._replace(candidate=found.candidate._replace(chain=()))
    target = code.calls.down(module, address.calls)
    if target is None:
        return None
    last = target.chain[-1]
    if target.module is None:
        call = Candidate(Place(last.module, last.block), target.chain[:-1])
        return Located(call, (f"{last.source or 'its code'} is not part of this repository: the call is",))
    found = block_in(code, target.module, address.block)
    return None if found is None else found._replace(candidate=found.candidate._replace(chain=target.chain))
