"""A rule of a network ACL that opens many ports, as several that open all of them but those in question.

Answers to connections that begin inside come back on any high port: to narrow the whole rule would lose them. TCP, UDP
and ICMP from the internet stay as they are but for the ports; of what the trusted range may nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from remedy_gate.catalogue.comparing import plain
from remedy_gate.catalogue.control import Subject
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Raw, Ref, SetValue, Table
from remedy_gate.iac.values import ABSENT, Fields, Items, Known, Unknown, Value, select, settled

from .ports import ALL, LAST, span
from .traffic import Rule

Piece: TypeAlias = "tuple[tuple[str, Data], ...]"
"""Arguments of a rule: its protocol and ports."""

ICMP: Piece = (("from_port", 0), ("to_port", 0), ("icmp_type", -1), ("icmp_code", -1))


ROOM = 30
"""How far behind a rule its parts may stand where no rule follows that refuses something."""
PORTS = ("protocol", "from_port", "to_port")
ALONE = "aws_network_acl_rule"
REPEATING = {"count", "for_each", "ipv6_cidr_block"}


def split(rule: Rule, closed: tuple[int, ...], trusted: str, subject: Subject) -> tuple[Operation, ...]:
    """The edits; none where the rule is no block of its own, or the numbers behind it are taken."""
    is_alone = subject.module.blocks[subject.address].type == ALONE
    written = select(subject.module.written(subject.address), rule.place)[0].value if rule.place else None
    body = subject.module.written(subject.address) if is_alone else written
    pieces = tuple(_pieces(rule, closed))
    if not isinstance(body, Fields) or REPEATING & {name for name, _ in body.entries} or not pieces:
        return ()
    numbers = _free_numbers(rule, subject)
    if len(pieces) >= len(numbers):
        return ()
    return _rules(pieces, trusted, numbers, subject) if is_alone else _inline(rule, pieces, trusted, numbers, subject)


def _inline(
    rule: Rule, pieces: tuple[Piece, ...], trusted: str, numbers: tuple[int, ...], subject: Subject
) -> tuple[Operation, ...]:
    """The rule is for the trusted range from then on, and what stays open is added."""
    written = select(subject.module.written(subject.address), rule.place)[0].value
    assert isinstance(written, Fields)
    kept = tuple((name, _data(value)) for name, value in written.entries if name in ("action", "cidr_block"))
    added = (
        AddItem(subject.address, (str(rule.place[0]),), Table((("rule_no", number), *piece, *kept)))
        for number, piece in zip(numbers[1:], pieces, strict=False)
    )
    return (SetValue(subject.address, (*rule.place, "cidr_block"), trusted), *added)


def _rules(
    pieces: tuple[Piece, ...], trusted: str, numbers: tuple[int, ...], subject: Subject
) -> tuple[Operation, ...]:
    """The rule opens the first of the ranges from then on; the others, and the trusted one, are rules behind it."""
    address = subject.address
    own = subject.module.written(address)
    shared = tuple((name, Ref(address, name)) for name in ("network_acl_id", "rule_action", "cidr_block"))
    direction = (("egress", Ref(address, "egress")),) if own.get("egress") != ABSENT else ()
    before = tuple((name, _data(value)) for name, value in own.entries if name in PORTS and value != Known(""))
    more: tuple[Piece, ...] = (
        *((*shared, *piece) for piece in pieces[1:]),
        (*shared[:2], *before, ("cidr_block", trusted)),
    )
    name, after = subject.module.blocks[address].name, address
    edits: list[Operation] = [SetValue(address, (key,), value) for key, value in pieces[0]]
    for number, entries in zip(numbers[1:], more, strict=False):
        added = AddResource(
            after, ALONE, f"{name}_{number}", Table((*entries[:1], *direction, ("rule_number", number), *entries[1:]))
        )
        if added.address in subject.module.blocks:
            return ()
        edits.append(added)
        after = added.address
    return tuple(edits)


def _pieces(rule: Rule, closed: tuple[int, ...]) -> Iterator[Piece]:
    """What stays open to the internet: protocol and ports of each rule. RDP speaks UDP too."""
    is_all = isinstance(rule.protocol, Known) and rule.protocol.value in ALL
    low, high = (1, LAST) if is_all else span(rule)
    for protocol in ("tcp", "udp") if is_all else ("tcp",):
        for first, last in _between(max(low, 1), high, closed):  # nobody serves port 0
            yield (("protocol", protocol), ("from_port", first), ("to_port", last))
    if is_all:
        yield (("protocol", "icmp"), *ICMP)


def _between(low: int, high: int, closed: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    for port in sorted(port for port in closed if low <= port <= high):
        if low < port:
            yield low, port - 1
        low = port + 1
    if low <= high:
        yield low, high


def _free_numbers(rule: Rule, subject: Subject) -> tuple[int, ...]:
    """The number of the rule and free ones behind it, up to the next that refuses; none where one is not known."""
    own = _number(rule.body)
    others = tuple(_others(rule, subject))
    taken = {_number(body) for body in others}
    if own is None or None in taken:
        return ()
    refusing = (_number(body) for body in others if not _allows(body))
    end = min((number for number in refusing if number is not None and number > own), default=own + ROOM)
    return tuple(number for number in range(own, end) if number == own or number not in taken)


def _others(rule: Rule, subject: Subject) -> Iterator[Value]:
    """The other rules that may be of the same ACL and direction."""
    module, address = subject.module, subject.address
    if not rule.place:
        here = module.written(address)
        for other, block in module.blocks.items():
            there = module.written(other) if block.type == ALONE and other != address else Fields(())
            if there.get("network_acl_id") == here.get("network_acl_id") and _is_out(there) == _is_out(here):
                yield module.resolved(other)
        return
    listed = settled(module.resolved(address).get(str(rule.place[0])))
    yield from (item for number, item in enumerate(getattr(listed, "items", ())) if number != rule.place[1])
    if not isinstance(listed, Items) or not listed.complete:
        yield Unknown("there may be more rules")


def _is_out(body: Fields) -> bool:
    return settled(body.get("egress")) == Known(True)


def _allows(body: Value) -> bool:
    inner = settled(body)
    actions = [settled(inner.get(name)) for name in ("action", "rule_action")] if isinstance(inner, Fields) else []
    return any(isinstance(action, Known) and str(action.value).lower() == "allow" for action in actions)


def _number(body: Value) -> int | None:
    inner = settled(body)
    found = [settled(inner.get(name)) for name in ("rule_no", "rule_number")] if isinstance(inner, Fields) else []
    number = next((plain(value.value) for value in found if isinstance(value, Known)), None)
    return number if isinstance(number, int) else None


def _data(written: Value) -> Data:
    return written.value if isinstance(written, Known) else Raw(written.reason if isinstance(written, Unknown) else "")
