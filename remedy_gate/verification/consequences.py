"""What changes without being touched: blocks that take a value from one that a patch changes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from remedy_gate.iac.file_names import VARIABLES
from remedy_gate.iac.module import Module

from .check import Sides


def affected(sides: Sides) -> frozenset[str]:
    """The addresses, there before and after, that a change may reach through names: directly or over others."""
    before, after = sides.before, sides.after
    if before is None or after is None:
        return frozenset()
    reached = {address for address in sides.touched if address in before.blocks and address in after.blocks}
    frontier = reached | _given_variables(before, after)
    while frontier:
        names = {after.blocks[address].name for address in frontier}
        frontier = {
            address
            for address in _mentioning(after, names) | _mentioning(before, names)
            if address in before.blocks
            and address in after.blocks
            and address not in reached
            and (after.references(address) | before.references(address)) & frontier
        }
        reached |= frontier
    return frozenset(reached)


def consumers(module: Module, addresses: Iterable[str]) -> frozenset[str]:
    """The blocks of a module that name one of these, directly or over others; the addresses themselves not among them."""
    found = set(addresses)
    frontier = set(found)
    while frontier:
        names = {module.blocks[address].name for address in frontier if address in module.blocks}
        frontier = {
            address
            for address in _mentioning(module, names)
            if address not in found and module.references(address) & frontier
        }
        found |= frontier
    return frozenset(found - set(addresses))


def needed(module: Module, address: str) -> frozenset[str]:
    """The blocks that a block names, directly or over others."""
    found: set[str] = set()
    frontier = {address}
    while frontier:
        frontier = {name for one in frontier for name in module.references(one)} - found - {address}
        found |= frontier
    return frozenset(found)


def _mentioning(module: Module, names: set[str]) -> set[str]:
    """The blocks whose text has one of the names in it: a cheap look before expressions are read."""
    if not names:
        return set()
    words = re.compile(rb"(?<![\w-])(?:" + b"|".join(re.escape(name.encode()) for name in names) + rb")(?![\w-])")
    places: dict[str, list[int]] = {
        path: [found.start() for found in words.finditer(text)] for path, text in module.files.items()
    }
    return {
        address
        for address, block in module.blocks.items()
        if any(block.span.start <= place < block.span.end for place in places[block.path])
    }


def _given_variables(before: Module, after: Module) -> set[str]:
    """The variables of a module whose variable files differ: what they give may be another value."""
    changed = any(
        path.endswith(VARIABLES) and before.files.get(path) != after.files.get(path)
        for path in before.files.keys() | after.files.keys()
    )
    return {address for address, block in after.blocks.items() if changed and block.kind == "variable"}
