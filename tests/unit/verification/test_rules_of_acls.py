"""A patch that touches a network ACL opens nothing that no rule did."""

from __future__ import annotations

import pytest
from sides_of import CATALOGUE, comparison_of

from remedy_gate.domain.proof import Status
from remedy_gate.verification.no_weakening import NoWeakening
from remedy_gate.verification.scope import Scope

CONTROL = "network-acl-no-open-admin-ports"
ADDRESS = "aws_network_acl_rule.in"


def rule(name: str, number: int, protocol: str, ports: tuple[int, int], source: str, acl: str = '"acl-1"') -> str:
    return (
        f'resource "aws_network_acl_rule" "{name}" {{\n  network_acl_id = {acl}\n  rule_number    = {number}\n'
        f'  egress         = false\n  rule_action    = "allow"\n  protocol       = "{protocol}"\n'
        f"  from_port      = {ports[0]}\n  to_port        = {ports[1]}\n  cidr_block     = {source}\n}}\n"
    )


HERE = f"{ADDRESS}.network_acl_id"
BEFORE = rule("in", 100, "tcp", (1024, 65535), '"0.0.0.0/0"')
FIRST = rule("in", 100, "tcp", (1024, 3388), '"0.0.0.0/0"')


def test_a_rule_is_split_into_several_that_open_less() -> None:
    more = rule("in_101", 101, "tcp", (3390, 65535), '"0.0.0.0/0"', HERE)
    comparison = comparison_of(BEFORE, FIRST + more, ADDRESS, CONTROL)
    assert Scope().examine(comparison).status is Status.PASS
    assert NoWeakening(CATALOGUE).examine(comparison).status is Status.PASS


@pytest.mark.parametrize(
    ("protocol", "ports", "source", "status"),
    [
        ("tcp", (22, 22), '"0.0.0.0/0"', Status.FAIL),
        ("udp", (3390, 65535), '"0.0.0.0/0"', Status.FAIL),
        ("-1", (0, 0), '"10.0.0.0/8"', Status.FAIL),
        ("tcp", (3390, 65535), "var.source", Status.NOT_RUN),
    ],
)
def test_a_new_rule_that_opens_more_is_objected_to(
    protocol: str, ports: tuple[int, int], source: str, status: Status
) -> None:
    more = rule("in_101", 101, protocol, ports, source, HERE)
    comparison = comparison_of(BEFORE, FIRST + more, ADDRESS, CONTROL)
    assert NoWeakening(CATALOGUE).examine(comparison).status is status


def test_a_rule_of_another_acl_is_none_of_it() -> None:
    more = rule("other", 101, "tcp", (3390, 65535), '"0.0.0.0/0"', '"acl-2"')
    comparison = comparison_of(BEFORE, FIRST + more, ADDRESS, CONTROL)
    assert Scope().examine(comparison).status is Status.FAIL
