"""The code of a run, ready to be asked what stands in a file, at a line, under an address or a name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import TypeAlias

from remedy_gate.domain.source import LineRange
from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.reading import Place
from remedy_gate.iac.values import Known, select, settled

from .identity import name_attributes

MATCHABLE = ("resource", "data", "module", "provider")
"""Kinds of blocks that a finding can be about."""

Places: TypeAlias = tuple[Place, ...]


class CodeIndex:
    """Look-ups over every module of a run. Each index is built when it is first needed."""

    def __init__(self, modules: Iterable[Module]) -> None:
        """Index the blocks of these modules."""
        self._by_path: dict[str, list[Place]] = {}
        self._by_suffix: dict[str, list[str]] = {}
        self._by_address: dict[str, list[Place]] = {}
        self._by_name: dict[str, list[Place]] | None = None
        for module in modules:
            for path in module.files:
                self._by_path.setdefault(path, [])
                self._by_suffix.setdefault(path.rpartition("/")[2], []).append(path)
            for block in module.blocks.values():
                if block.kind in MATCHABLE:
                    place = Place(module, block)
                    self._by_path.setdefault(block.path, []).append(place)
                    self._by_address.setdefault(block.address, []).append(place)
        for places in self._by_path.values():
            places.sort(key=lambda place: place.block.lines)

    def paths(self, reported: str) -> tuple[str, ...]:
        """The files that a reported path may mean: the file itself, else those that one of the two paths ends with."""
        if reported in self._by_path:
            return (reported,)
        named_alike = self._by_suffix.get(reported.rpartition("/")[2], ())
        return tuple(path for path in named_alike if _ends_alike(path, reported))

    def in_file(self, path: str) -> Places:
        """The blocks of a file, from top to bottom."""
        return tuple(self._by_path.get(path, ()))

    def at(self, path: str, lines: LineRange) -> Places:
        """The blocks of a file that share a line with `lines`."""
        places = self._by_path.get(path, [])
        last = bisect_right(places, lines.last, key=lambda place: place.block.lines.first)
        return tuple(place for place in places[:last] if place.block.lines.overlaps(lines))

    def under(self, address: str) -> Places:
        """The blocks of this address, one a module."""
        return tuple(self._by_address.get(address, ()))

    def named(self, name: str) -> Places:
        """The resources whose name, as far as the code says it outright, is `name`."""
        if self._by_name is None:
            self._by_name = {}
            for places in self._by_address.values():
                for place in places:
                    for found in _names(place):
                        self._by_name.setdefault(found, []).append(place)
        return tuple(self._by_name.get(name, ()))


def _ends_alike(path: str, reported: str) -> bool:
    return path.endswith(f"/{reported}") or reported.endswith(f"/{path}")


def _names(place: Place) -> set[str]:
    block: Block = place.block
    if block.kind != "resource":
        return set()
    body = place.module.resolved(block.address)
    values = [settled(found.value) for path in name_attributes(block.type) for found in select(body, path)]
    return {value.value for value in values if isinstance(value, Known) and isinstance(value.value, str)} - {""}
