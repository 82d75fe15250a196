"""Which ports a rule opens."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.catalogue.comparing import plain
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.iac.values import Absent, Known, Unknown, Value

from .rule import Arguments
from .traffic import Rule

ALL = ("-1", "all", -1)
TCP, UDP = ("tcp", "6", 6), ("udp", "17", 17)
LAST = 65535


class Wanted(NamedTuple):
    """The ports in question: some numbers, all of them at once, or any but some."""

    ports: tuple[int, ...]
    every: bool = False
    but: tuple[int, ...] = ()


def wanted(arguments: Arguments) -> Wanted:
    """Read `ports: "22|3389"`, `ports: all` or `except_ports: "80|443"`."""
    text = str(arguments.get("ports", ""))
    if text == "all":
        return Wanted((), every=True)
    return Wanted(_numbers(text), but=_numbers(str(arguments.get("except_ports", ""))))


def opens(rule: Rule, question: Wanted) -> Holds:
    """Whether the rule opens any of the ports in question."""
    if isinstance(rule.protocol, Unknown):
        return Holds.UNKNOWN
    protocol = plain(rule.protocol.value) if isinstance(rule.protocol, Known) else None
    protocol = protocol.lower() if isinstance(protocol, str) else protocol  # the provider takes TCP for tcp
    if protocol in ALL:
        return Holds.YES
    if protocol not in TCP and not (protocol in UDP and (question.every or question.but)):
        return Holds.NO
    if isinstance(rule.low, Unknown) or isinstance(rule.high, Unknown):
        return Holds.UNKNOWN
    low, high = span(rule)
    if question.every:
        found = low <= 1 and high == LAST
    elif question.but:
        found = not (low == high and low in question.but)
    else:
        found = any(low <= port <= high for port in question.ports)
        if not found and low == high == 0:
            return Holds.UNKNOWN
    return Holds.YES if found else Holds.NO


def says_zero(rule: Rule) -> bool:
    """Whether it is from 0 to 0: where the protocol is -1 that is every port, and else often meant so. Nobody serves 0."""
    known = isinstance(rule.protocol, Known) and isinstance(rule.low, Known) and isinstance(rule.high, Known)
    return known and _port(rule.low) == 0 == _port(rule.high)


def span(rule: Rule) -> tuple[int, int]:
    """The first and the last port; every port where none is named."""
    low, high = _port(rule.low), _port(rule.high)
    if low is None or low == -1:
        return 0, LAST
    return low, low if high is None else high


def _port(value: Value) -> int | None:
    if isinstance(value, Absent) or not isinstance(value, Known):
        return None
    number = plain(value.value)
    return number if isinstance(number, int) else None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("|") if part)
