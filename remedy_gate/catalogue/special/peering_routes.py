"""A route through a VPC peering connection leads to the network at its other end, not to every address.

A peering connection carries traffic for the peer's own network only: what else is sent through it is lost. The remedy
writes the range in the parameter `peer_cidr` (`peer_ipv6_cidr`), else private networks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Operation, SetValue
from remedy_gate.iac.values import Absent, Fields, Known, Path, Unknown, Value, path_text, select, settled

from .internet import PRIVATE, PRIVATE_V6, is_wide
from .rule import Arguments

TOUCHES: tuple[str, ...] = (
    "route",
    "destination_cidr_block",
    "destination_ipv6_cidr_block",
    "DestinationCidrBlock",
    "DestinationIpv6CidrBlock",
)


class Words(NamedTuple):
    """What a resource type calls the parts of a route; `routes` is where they stand."""

    routes: Path
    v4: str
    v6: str
    peering: str


TABLE = Words(("route", "*"), "cidr_block", "ipv6_cidr_block", "vpc_peering_connection_id")
ROUTE = Words((), "destination_cidr_block", "destination_ipv6_cidr_block", "vpc_peering_connection_id")
TEMPLATE = Words(("Properties",), "DestinationCidrBlock", "DestinationIpv6CidrBlock", "VpcPeeringConnectionId")


class Wide(NamedTuple):
    """A destination that is everywhere, and whether the route surely goes through a peering connection."""

    path: Path
    verdict: Verdict


def judge(subject: Subject, arguments: Arguments) -> Verdict:  # noqa: ARG001 - the seam has it
    """Fail where a route for every address goes through a peering connection."""
    verdict = all_of(wide.verdict for wide in _wide(subject))
    return verdict if verdict.reason else Verdict(verdict.holds, "no such route is for every address")


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:  # noqa: ARG001 - the seam has it
    """Write the peer's range, else private networks."""
    edits: list[Operation] = []
    for wide in _wide(subject):
        if wide.verdict.holds is Holds.UNKNOWN:
            return NoPatch(wide.verdict.reason)
        is_v6 = "ipv6" in str(wide.path[-1]).lower()
        given = subject.parameters.get("peer_ipv6_cidr" if is_v6 else "peer_cidr")
        edits.append(SetValue(subject.address, wide.path, str(given or (PRIVATE_V6 if is_v6 else PRIVATE)[0])))
    return tuple(edits)


def _wide(subject: Subject) -> Iterator[Wide]:
    words = _words(subject)
    for place in select(subject.module.resolved(subject.address), words.routes):
        route = settled(place.value)
        if isinstance(route, Fields):
            for name in (words.v4, words.v6):
                value = settled(route.get(name))
                if isinstance(value, Known) and is_wide(str(value.value)):
                    path = (*place.path, name)
                    yield from _judged(path, str(value.value), route.get(words.peering))


def _judged(path: Path, destination: str, peering: Value) -> Iterator[Wide]:
    name = path_text(tuple(step for step in path if step != "Properties"))
    match peering:
        case Absent() | Known(value=None) | Known(value=""):
            return
        case Unknown():
            yield Wide(path, Verdict(Holds.UNKNOWN, f"where {name} leads is not known from the code: {peering.reason}"))
        case _:
            yield Wide(path, Verdict(Holds.NO, f"{name} is {destination}, through a peering connection"))


def _words(subject: Subject) -> Words:
    if subject.module.language == "cloudformation":
        return TEMPLATE
    return ROUTE if subject.module.blocks[subject.address].type == "aws_route" else TABLE
