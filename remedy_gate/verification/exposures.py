"""Who may reach what through security groups: rules inside groups and beside them, as one list for each group."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import NamedTuple

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.special.traffic import LAYOUTS, Rule, both_ways, ranges
from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Fields, Items, Known, Reference, Unknown, Value, select, settled

from .supporting import GROUPS, RULES_OF_GROUPS

LAST_PORT = 65535
EVERY_PROTOCOL = ("-1", "all")
NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
OTHER_SOURCES = (
    *(
        "security_groups",
        "source_security_group_id",
        "referenced_security_group_id",
        "prefix_list_ids",
        "prefix_list_id",
    ),
    *("self", "SourceSecurityGroupId", "SourceSecurityGroupName", "DestinationSecurityGroupId", "SourcePrefixListId"),
    "DestinationPrefixListId",
)


class Exposure(NamedTuple):
    """One source that may reach some ports of a group. An empty protocol, or no source, is one that nobody knows."""

    direction: str
    protocol: str
    low: int
    high: int
    source: str

    def __str__(self) -> str:
        ports = "every port" if (self.low, self.high) == (0, LAST_PORT) else f"{self.low}-{self.high}"
        what = ports if self.protocol in EVERY_PROTOCOL else f"{self.protocol} {ports}"
        return f"{what} {'from' if self.direction == 'ingress' else 'to'} {self.source or 'somewhere'}"

    def takes_in(self, other: Exposure) -> bool:
        """Whether it lets through all that another one does."""
        if self == other:
            return True
        return (
            self.direction == other.direction
            and self.protocol in (other.protocol, *EVERY_PROTOCOL)
            and bool(self.protocol and other.protocol and self.source and other.source)
            and self.low <= other.low
            and other.high <= self.high
            and _reaches(self.source, other.source)
        )


def exposures(module: Module, group: str) -> frozenset[Exposure]:
    """What the group at an address lets through, by its own rules and by those that name it."""
    found: set[Exposure] = set()
    for address, block in module.blocks.items():
        if block.kind != "resource" or block.type not in LAYOUTS:
            continue
        if address == group or (block.type in RULES_OF_GROUPS and group_of(module, address) == group):
            for direction, rule in both_ways(Subject(module, address, {})):
                found |= set(_of_rule(direction, rule))
    return frozenset(found)


def group_of(module: Module, address: str) -> str:
    """The group that a rule belongs to: its address, else what is written there."""
    block = module.blocks[address]
    if block.type in GROUPS:
        return address
    path = ("security_group_id",) if module.language == "terraform" else ("Properties", "GroupId")
    for found in select(module.resolved(address), path):
        if isinstance(found.value, Reference):
            return found.value.address
        inner = settled(found.value)
        return str(getattr(inner, "value", None) or getattr(inner, "reason", ""))
    return ""


def _of_rule(direction: str, rule: Rule | Unknown) -> Iterator[Exposure]:
    if isinstance(rule, Unknown):
        yield Exposure(direction, "", 0, LAST_PORT, f"? {rule.reason}")
        return
    protocol = _protocol(rule.protocol)
    low, high = (0, LAST_PORT) if protocol in EVERY_PROTOCOL else (_port(rule.low, 0), _port(rule.high, LAST_PORT))
    for source in (*_ranges(rule), *_others(rule.body)):
        yield Exposure(direction, protocol, low, high, source)


def _protocol(value: Value) -> str:
    inner = settled(value)
    text = str(inner.value).lower() if isinstance(inner, Known) else "" if isinstance(inner, Unknown) else "-1"
    return NUMBERS.get(text, text)


def _port(value: Value, otherwise: int) -> int:
    inner = settled(value)
    text = str(inner.value) if isinstance(inner, Known) else ""
    return int(text) if text.isdecimal() else otherwise


def _ranges(rule: Rule) -> Iterator[str]:
    for source in rule.sources:
        for value in ranges(source):
            inner = settled(value)
            yield str(inner.value) if isinstance(inner, Known) else f"? {getattr(inner, 'reason', inner)}"


def _others(body: Fields) -> Iterator[str]:
    for name in OTHER_SOURCES:
        value = body.get(name)
        items = settled(value)
        for item in items.items if isinstance(items, Items) else (value,):
            if isinstance(item, Reference):
                yield f"the group {'.'.join((item.address, *item.attribute))}"
            elif isinstance(item, Known) and item.value not in (None, "", False, "false"):
                yield f"the group {item.value if item.value is not True else 'itself'}"
            elif isinstance(item, Unknown):
                yield f"? {item.reason}"


def _reaches(wide: str, narrow: str) -> bool:
    """Whether one source takes another one in: ranges by their addresses; a group lies within the whole internet."""
    if wide == narrow:
        return True
    if wide.startswith("?") or narrow.startswith("?"):
        return False
    if narrow.startswith("the group"):
        return wide in ("0.0.0.0/0", "::/0")
    try:
        one, other = ip_network(wide, strict=False), ip_network(narrow, strict=False)
    except ValueError:
        return False
    return one.version == other.version and other.subnet_of(one)  # type: ignore[arg-type]
