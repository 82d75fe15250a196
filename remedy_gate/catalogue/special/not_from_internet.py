"""No rule of a security group or network ACL lets the internet in on certain ports (or out to it).

- `direction`: `ingress` or `egress`; `ports` or `except_ports`: see `ports.py`.
- `parameter`: the owner's parameter with the ranges to write instead, with commas between them. Without it the remedy
  writes the private ranges, or asks `ask` where that is given.
- `widest`: how many ports a rule may open at most for the remedy to narrow it; a wider one of a network ACL in Terraform
  is split where there is room for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import AddItem, Operation, RemoveValue, SetValue
from remedy_gate.iac.values import Found, Items, Known, OneOf, Unknown, Value, path_text, select, settled

from .internet import PRIVATE, PRIVATE_V6, of_the_internet
from .ports import ALL, opens, says_zero, span, wanted
from .rule import Arguments
from .traffic import Rule, ranges, rules

TOUCHES: tuple[str, ...] = (
    "ingress",
    "egress",
    "cidr_blocks",
    "ipv6_cidr_blocks",
    "cidr_ipv4",
    "cidr_ipv6",
    "cidr_block",
    "ipv6_cidr_block",
    "SecurityGroupIngress",
    "SecurityGroupEgress",
    "CidrIp",
    "CidrIpv6",
    "CidrBlock",
    "Ipv6CidrBlock",
)


class Open(NamedTuple):
    """A rule that opens the ports in question, and which of its ranges are the internet."""

    rule: Rule
    ranges: frozenset[str]


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Fail where a rule surely lets the internet through; unknown where one may."""
    verdict = all_of((*_doubts(subject, arguments), *map(_fails, _open(subject, arguments))))
    return verdict if verdict.reason else Verdict(verdict.holds, "no rule opens such a port to the internet")


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Write the owner's ranges, else the private ones, in place of the internet."""
    found = _open(subject, arguments)
    if not found:
        return NoPatch(judge(subject, arguments).reason)
    edits: list[Operation] = []
    for item in found:
        low, high = span(item.rule)
        if "widest" in arguments and (_is_all(item.rule) or high - low >= int(str(arguments["widest"]))):
            parts = _split(item, subject, arguments) if len(found) == 1 else ()
            return parts or NoPatch(
                f"{_where(item.rule)} opens too many ports to be narrowed: answers from outside to connections that "
                "begin inside would be lost. Split it by what it is for"
            )
        for source in item.rule.sources:
            part = _narrowed(source, item.ranges, subject, arguments)
            if isinstance(part, NoPatch):
                return part
            edits += part
    return tuple(edits)


def _split(item: Open, subject: Subject, arguments: Arguments) -> tuple[Operation, ...]:
    if subject.module.language != "terraform" or item.ranges != {"0.0.0.0/0"}:
        return ()
    from .splitting import split

    instead = [
        _instead(source, subject, arguments) for source in item.rule.sources if str(source.path[-1]) == "cidr_block"
    ]
    trusted = instead[0] if instead else ()
    ports = wanted(arguments).ports
    return split(item.rule, ports, trusted[0], subject) if trusted and not isinstance(trusted, NoPatch) else ()


def _open(subject: Subject, arguments: Arguments) -> tuple[Open, ...]:
    question = wanted(arguments)
    allowing = [(rule, opens(rule, question)) for rule in _allowing(subject, arguments)]
    known = [rule for rule, does in allowing if does is Holds.YES or (does is Holds.UNKNOWN and says_zero(rule))]
    every = of_the_internet(text for rule in known for text in _texts(rule))
    hits = [Open(rule, every.intersection(_texts(rule))) for rule in known]
    return tuple(hit for hit in hits if hit.ranges)


def _doubts(subject: Subject, arguments: Arguments) -> Iterator[Verdict]:
    question = wanted(arguments)
    for rule in rules(subject, str(arguments["direction"])):
        if isinstance(rule, Unknown):
            yield Verdict(Holds.UNKNOWN, f"not all rules are known from the code: {rule.reason}")
            continue
        answer = opens(rule, question)
        unknown = [value for source in rule.sources for value in ranges(source) if not isinstance(value, Known)]
        if answer is Holds.YES and unknown:
            yield Verdict(Holds.UNKNOWN, f"{_where(rule)}: {_why(unknown[0])}")
        elif answer is Holds.UNKNOWN and not says_zero(rule) and (unknown or of_the_internet(_texts(rule))):
            yield Verdict(Holds.UNKNOWN, f"{_where(rule)}: its ports are not known from the code")


def _allowing(subject: Subject, arguments: Arguments) -> Iterator[Rule]:
    for rule in rules(subject, str(arguments["direction"])):
        if not isinstance(rule, Unknown) and str(getattr(rule.action, "value", "allow")).lower() == "allow":
            yield rule


def _narrowed(
    source: Found, internet: frozenset[str], subject: Subject, arguments: Arguments
) -> tuple[Operation, ...] | NoPatch:
    listed = ranges(source)
    hits = [index for index, value in enumerate(listed) if isinstance(value, Known) and value.value in internet]
    if not hits:
        return ()
    instead = _instead(source, subject, arguments)
    if isinstance(instead, NoPatch):
        return instead
    address, path = subject.address, source.path
    if not isinstance(settled(source.value), Items):
        return (SetValue(address, path, instead[0]),)
    kept = [value.value for value in listed if isinstance(value, Known) and value.value not in internet]
    new = [text for text in instead if text not in kept]
    if not _is_literal(source, subject):
        if any(not isinstance(value, Known) for value in listed):
            return NoPatch(f"{path_text(path)} is put together elsewhere; it has to be narrowed there")
        return (SetValue(address, path, (*kept, *new)),)
    if not new:
        return tuple(RemoveValue(address, (*path, index)) for index in reversed(hits))
    first, rest = hits[0], hits[1:]
    replaced = SetValue(address, (*path, first), new[0])
    removed = (RemoveValue(address, (*path, index)) for index in reversed(rest))
    return (replaced, *removed, *(AddItem(address, path, text) for text in new[1:]))


def _instead(source: Found, subject: Subject, arguments: Arguments) -> tuple[str, ...] | NoPatch:
    is_v6 = "v6" in str(source.path[-1]).lower()
    given = subject.parameters.get(str(arguments["parameter"]))
    if given is None:
        if "ask" in arguments:
            return NoPatch(
                f"{arguments['ask']} Answer with `parameters: {{{arguments['parameter']}: ...}}` in .remedy-gate.yml."
            )
        return PRIVATE_V6 if is_v6 else PRIVATE
    allowed = [part.strip() for part in str(given).split(",")]
    fitting = tuple(part for part in allowed if (":" in part) == is_v6)
    return fitting or (PRIVATE_V6 if is_v6 else PRIVATE)


def _is_literal(source: Found, subject: Subject) -> bool:
    """Whether the list stands here item by item, so that one item can be changed and the others left as they are."""
    return isinstance(select(subject.module.written(subject.address), source.path)[0].value, Items)


def _texts(rule: Rule) -> tuple[str, ...]:
    values = (value for source in rule.sources for value in ranges(source))
    return tuple(str(value.value) for value in values if isinstance(value, Known))


def _fails(item: Open) -> Verdict:
    low, high = span(item.rule)
    ports = (
        "every port"
        if _is_all(item.rule) or (low, high) == (0, 65535)
        else f"port {low}"
        if low == high
        else f"ports {low}-{high}"
    )
    to = ", ".join(sorted(item.ranges))
    if says_zero(item.rule) and not _is_all(item.rule):
        return Verdict(Holds.UNKNOWN, f"{_where(item.rule)} opens port 0 to {to}, which is often meant as every port")
    return Verdict(Holds.NO, f"{_where(item.rule)} opens {ports} to {to}")


def _is_all(rule: Rule) -> bool:
    return isinstance(rule.protocol, Known) and rule.protocol.value in ALL


def _where(rule: Rule) -> str:
    return path_text(tuple(step for step in rule.place if step != "Properties")) or "the rule"


def _why(value: Value) -> str:
    if isinstance(value, Unknown):
        return f"its addresses are not known from the code: {value.reason}"
    return "its addresses differ between deployments" if isinstance(value, OneOf) else "its addresses are not known"
