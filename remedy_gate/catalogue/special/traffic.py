"""The rules of security groups and network ACLs, in whichever of their many forms they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from remedy_gate.catalogue.comparing import plain
from remedy_gate.catalogue.control import Subject
from remedy_gate.iac.values import ABSENT, Absent, Fields, Found, Items, Known, Path, Unknown, Value, select, settled

Names = Mapping[str, Path]


class Layout(NamedTuple):
    """Where a resource type keeps its rules, and what it calls their parts.

    `lists` are the paths to inline rules by direction; empty where the resource is a rule itself. `decides` is then the
    attribute that says the direction, and `values` what it holds for each (None: `only` says it).
    """

    names: Names
    lists: Mapping[str, Path]
    decides: str = ""
    values: Mapping[str, object] = {}
    only: str = ""


class Rule(NamedTuple):
    """One rule: the path to its body, the body, its parts. `sources` are where addresses stand, IPv4 before IPv6."""

    place: Path
    body: Fields
    protocol: Value
    low: Value
    high: Value
    action: Value
    sources: tuple[Found, ...]


GROUP: Names = {
    "protocol": ("protocol",),
    "low": ("from_port",),
    "high": ("to_port",),
    "v4": ("cidr_blocks",),
    "v6": ("ipv6_cidr_blocks",),
}
GROUP_RULE: Names = {**GROUP, "protocol": ("ip_protocol",), "v4": ("cidr_ipv4",), "v6": ("cidr_ipv6",)}
ACL: Names = {**GROUP, "v4": ("cidr_block",), "v6": ("ipv6_cidr_block",), "action": ("action",)}
TEMPLATE: Names = {
    "protocol": ("IpProtocol",),
    "low": ("FromPort",),
    "high": ("ToPort",),
    "v4": ("CidrIp",),
    "v6": ("CidrIpv6",),
}
ENTRY: Names = {
    "protocol": ("Protocol",),
    "low": ("PortRange", "From"),
    "high": ("PortRange", "To"),
    "v4": ("CidrBlock",),
    "v6": ("Ipv6CidrBlock",),
    "action": ("RuleAction",),
}
INLINE: Mapping[str, Path] = {"ingress": ("ingress",), "egress": ("egress",)}

LAYOUTS: Mapping[str, Layout] = {
    "aws_security_group": Layout(GROUP, INLINE),
    "aws_default_security_group": Layout(GROUP, INLINE),
    "aws_security_group_rule": Layout(GROUP, {}, "type", {"ingress": "ingress", "egress": "egress"}),
    "aws_vpc_security_group_ingress_rule": Layout(GROUP_RULE, {}, only="ingress"),
    "aws_vpc_security_group_egress_rule": Layout(GROUP_RULE, {}, only="egress"),
    "aws_network_acl": Layout(ACL, INLINE),
    "aws_default_network_acl": Layout(ACL, INLINE),
    "aws_network_acl_rule": Layout(
        {**ACL, "action": ("rule_action",)}, {}, "egress", {"ingress": "false", "egress": "true"}
    ),
    "AWS::EC2::SecurityGroup": Layout(
        TEMPLATE,
        {"ingress": ("Properties", "SecurityGroupIngress"), "egress": ("Properties", "SecurityGroupEgress")},
    ),
    "AWS::EC2::SecurityGroupIngress": Layout(TEMPLATE, {}, only="ingress"),
    "AWS::EC2::SecurityGroupEgress": Layout(TEMPLATE, {}, only="egress"),
    "AWS::EC2::NetworkAclEntry": Layout(ENTRY, {}, "Egress", {"ingress": "false", "egress": "true"}),
}


def rules(subject: Subject, direction: str) -> Iterator[Rule | Unknown]:
    """The rules of one direction; an unknown for each that the code does not show in full."""
    layout = LAYOUTS[subject.module.blocks[subject.address].type]
    body = subject.module.resolved(subject.address)
    if layout.lists:
        for item in select(body, (*layout.lists[direction], "*")):
            value = settled(item.value)
            if isinstance(value, Fields):
                yield _rule(item.path, value, layout.names)
            elif isinstance(value, Unknown):
                yield value
        return
    place: Path = () if subject.module.language == "terraform" else ("Properties",)
    inner = body if subject.module.language == "terraform" else settled(body.get("Properties"))
    if isinstance(inner, Fields):
        told = _is_direction(inner, layout, direction)
        if isinstance(told, Unknown):
            yield told
        elif told:
            yield _rule(place, inner, layout.names)


def both_ways(subject: Subject) -> Iterator[tuple[str, Rule | Unknown]]:
    """Every rule with its direction."""
    for direction in ("ingress", "egress"):
        for rule in rules(subject, direction):
            yield direction, rule


def _is_direction(body: Fields, layout: Layout, direction: str) -> bool | Unknown:
    if layout.only:
        return layout.only == direction
    value = settled(body.get(layout.decides))
    if isinstance(value, Unknown):
        return value
    written = plain(value.value) if isinstance(value, Known) and value.value is not None else "false"
    return written == layout.values[direction]


def _rule(place: Path, body: Fields, names: Names) -> Rule:
    def part(name: str) -> Value:
        return settled(select(body, names[name])[0].value) if name in names else ABSENT

    sources = tuple(found for name in ("v4", "v6") for found in select(body, names[name], place))
    return Rule(place, body, part("protocol"), part("low"), part("high"), part("action"), sources)


def ranges(source: Found) -> tuple[Value, ...]:
    """The addresses at one source, one value each; unknown ones among them."""
    value = settled(source.value)
    if isinstance(value, Items):
        more = () if value.complete else (Unknown("the list may hold more than the code shows"),)
        return (*map(settled, value.items), *more)
    return () if isinstance(value, Absent) or value == Known(None) else (value,)
