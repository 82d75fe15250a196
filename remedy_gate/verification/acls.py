"""Whether network ACLs let through what no rule of theirs did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.special.ports import ALL, TCP, UDP, span
from remedy_gate.catalogue.special.traffic import Rule, both_ways, ranges
from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Absent, Known, Unknown

from .check import Sides
from .objections import Objection
from .supporting import ACLS

SAME = {**dict.fromkeys(map(str, ALL), "-1"), **dict.fromkeys(map(str, TCP), "6"), **dict.fromkeys(map(str, UDP), "17")}


class Opening(NamedTuple):
    """What one rule lets through from (or to) one range; an empty text for what is not known."""

    direction: str
    protocol: str
    low: int
    high: int
    source: str

    def takes_in(self, other: Opening) -> bool:
        """Whether everything that `other` lets through gets through here too."""
        every = self.protocol == "-1"
        return (
            self.direction == other.direction
            and bool(self.protocol and self.source)
            and (every or (self.protocol == other.protocol and self.low <= other.low and other.high <= self.high))
            and _lies_in(other.source, self.source)
        )


def wider_acls(sides: Sides, addresses: set[str]) -> Iterator[Objection]:
    """An objection for each rule of these resources that opens what no rule of an ACL in the module did."""
    before, after = sides.before, sides.after
    if before is None or after is None or not any(after.blocks[address].type in ACLS for address in addresses):
        return
    everywhere = {
        address for address, block in before.blocks.items() if block.type in ACLS and block.kind == "resource"
    }
    old = set(_openings(before, everywhere))
    for opening in sorted(set(_openings(after, addresses)) - old):
        if not any(one.takes_in(opening) for one in old):
            certain = bool(opening.protocol and opening.source)
            yield Objection(
                certain, f"a network ACL would let through {opening.source or 'an unknown range'}, as no rule did"
            )


def _openings(module: Module, addresses: set[str]) -> Iterator[Opening]:
    for address in sorted(addresses):
        if module.blocks[address].type not in ACLS or module.blocks[address].kind != "resource":
            continue
        for direction, rule in both_ways(Subject(module, address, {})):
            if isinstance(rule, Unknown):
                yield Opening(direction, "", 0, 0, "")
            elif str(getattr(rule.action, "value", "allow")).lower() == "allow":
                yield from _of(rule, direction)


def _of(rule: Rule, direction: str) -> Iterator[Opening]:
    protocol = str(rule.protocol.value).lower() if isinstance(rule.protocol, Known) else ""
    sure = all(isinstance(port, Known | Absent) for port in (rule.low, rule.high))
    low, high = span(rule)
    for source in rule.sources:
        for one in ranges(source):
            text = str(one.value) if isinstance(one, Known) else ""
            yield Opening(direction, SAME.get(protocol, protocol) if sure else "", low, high, text)


def _lies_in(narrow: str, wide: str) -> bool:
    from ipaddress import ip_network

    if narrow == wide:
        return True
    try:
        inner, outer = ip_network(narrow, strict=False), ip_network(wide, strict=False)
    except ValueError:
        return False
    return inner.version == outer.version and (
        int(outer.network_address) <= int(inner.network_address)
        and int(inner.broadcast_address) <= int(outer.broadcast_address)
    )
