"""What changes without being touched: blocks that take a value from one that a patch changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from remedy_gate.iac.file_names import VARIABLES
from remedy_gate.iac.module import Module

from .check import Sides

MOST_KEPT = 8
WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@lru_cache(maxsize=MOST_KEPT)
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


def needed(module: Module, address: str) -> frozenset[str]:
    """The blocks that a block names, directly or over others."""
    found: set[str] = set()
    frontier = {address}
    while frontier:
        frontier = {name for one in frontier for name in module.references(one)} - found - {address}
        found |= frontier
    return frozenset(found)


def mentions(text: str, name: str) -> bool:
    """Whether a name stands in a text as a whole."""
    return any(True for _ in _places(text.encode(), name.encode()))


def _mentioning(module: Module, names: set[str]) -> set[str]:
    """The blocks whose text has one of the names in it: a cheap look before expressions are read."""
    found: set[str] = set()
    names = names - {""}
    if not names:
        return found
    blocks = sorted(module.blocks.values(), key=lambda block: (block.path, block.span))
    starts = [(block.path, block.span.start) for block in blocks]
    for path, text in module.files.items():
        for name in names:
            for place in _places(text, name.encode()):
                index = bisect_right(starts, (path, place)) - 1
                if index >= 0 and blocks[index].path == path and place < blocks[index].span.end:
                    found.add(blocks[index].address)
    return found


def _places(text: bytes, name: bytes) -> Iterator[int]:
    """Where a name, which is not empty, stands as a whole word."""
    place = text.find(name)
    while place >= 0:
        end = place + len(name)
        if (not place or text[place - 1] not in WORD) and (end == len(text) or text[end] not in WORD):
            yield place
        place = text.find(name, end)


def _given_variables(before: Module, after: Module) -> set[str]:
    """The variables of a module whose variable files differ: what they give may be another value."""
    changed = any(
        path.endswith(VARIABLES) and before.files.get(path) != after.files.get(path)
        for path in before.files.keys() | after.files.keys()
    )
    return {address for address, block in after.blocks.items() if changed and block.kind == "variable"}
