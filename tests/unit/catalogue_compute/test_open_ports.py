"""Rules that open ports to the internet, in every form in which they are written."""

from __future__ import annotations

from typing import Any

import pytest
from compute_samples import holds, repaired, template, terraform

from remedy_gate.catalogue.verdict import Holds

SSH: dict[str, Any] = {"direction": "ingress", "ports": "22", "parameter": "allowed_cidrs"}


DYNAMIC = """
resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = var.rules
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

variable "rules" {}
"""


def group(body: str) -> str:
    return f'resource "aws_security_group" "g" {{\n  ingress {{\n{body}\n  }}\n}}\n'


def rule(low: object, high: object, protocol: str = "tcp", ranges: str = '["0.0.0.0/0"]') -> str:
    return group(
        f'    from_port = {low}\n    to_port = {high}\n    protocol = "{protocol}"\n    cidr_blocks = {ranges}'
    )


@pytest.mark.parametrize(
    "code",
    [
        rule(22, 22),
        rule('"22"', '"22"'),
        rule(20, 25),
        rule(0, 65535),
        rule(0, 0, "-1"),
        rule(0, 0, "all"),
        rule(22, 22, "6"),
        rule(22, 22, ranges='["10.0.0.0/8", "0.0.0.0/0"]'),
        rule(22, 22, ranges='["0.0.0.0/1", "128.0.0.0/1"]'),
    ],
)
def test_a_rule_that_opens_the_port_fails(code: str) -> None:
    assert holds("not_from_internet", terraform(code), SSH) is Holds.NO


@pytest.mark.parametrize(
    "code",
    [
        rule(443, 443),
        rule(23, 65535),
        rule(22, 22, "udp"),
        rule(22, 22, ranges='["10.0.0.0/8"]'),
        rule(0, 0, "tcp", ranges='["10.0.0.0/8"]'),
        group('    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    self = true'),
    ],
)
def test_a_rule_that_does_not_open_it_holds(code: str) -> None:
    assert holds("not_from_internet", terraform(code), SSH) is Holds.YES


@pytest.mark.parametrize(
    "code",
    [
        rule(22, 22, ranges="var.from") + 'variable "from" {}\n',
        rule(22, 22, ranges='["10.0.0.0/8", var.from]') + 'variable "from" {}\n',
        rule("var.port", "var.port") + 'variable "port" {}\n',
        DYNAMIC,
    ],
)
def test_what_the_code_does_not_show_is_unknown(code: str) -> None:
    assert holds("not_from_internet", terraform(code), SSH) is Holds.UNKNOWN


def test_halves_in_two_rules_are_the_internet() -> None:
    halves = "".join(
        rule(22, 22, ranges=f'["{half}"]').removeprefix('resource "aws_security_group" "g" {\n').removesuffix("}\n")
        for half in ("0.0.0.0/1", "128.0.0.0/1")
    )
    code = f'resource "aws_security_group" "g" {{\n{halves}}}\n'
    assert holds("not_from_internet", terraform(code), SSH) is Holds.NO
    assert holds("not_from_internet", terraform(code.replace("128.0.0.0/1", "10.0.0.0/8")), SSH) is Holds.NO
    assert "0.0.0.0/1" not in repaired("not_from_internet", terraform(code), SSH)


def test_the_other_ranges_of_a_list_are_kept_whatever_they_are() -> None:
    subject = terraform(rule(22, 22, ranges='["0.0.0.0/0", var.office]') + 'variable "office" {}\n')
    assert '["10.0.0.0/8", var.office, "172.16.0.0/12", "192.168.0.0/16"]' in repaired(
        "not_from_internet", subject, SSH
    )


def test_the_owners_ranges_are_written_where_they_are_given() -> None:
    subject = terraform(rule(22, 22), parameters={"allowed_cidrs": "192.0.2.0/24, 198.51.100.0/24, 2001:db8::/32"})
    assert 'cidr_blocks = ["192.0.2.0/24", "198.51.100.0/24"]' in repaired("not_from_internet", subject, SSH)


def test_a_range_that_is_there_already_is_not_written_twice() -> None:
    parameters = {"allowed_cidrs": "192.0.2.0/24"}
    subject = terraform(rule(22, 22, ranges='["192.0.2.0/24", "0.0.0.0/0"]'), parameters=parameters)
    assert 'cidr_blocks = ["192.0.2.0/24"]' in repaired("not_from_internet", subject, SSH)


def test_where_the_owner_has_to_say_it_he_is_asked() -> None:
    out = {"direction": "egress", "ports": "all", "parameter": "allowed_egress_cidrs", "ask": "Where to?"}
    subject = terraform(rule(0, 0, "-1").replace("ingress", "egress"))
    assert repaired("not_from_internet", subject, out).startswith("no patch: Where to? Answer with `parameters:")


def test_a_network_acl_rule_that_opens_many_ports_is_left_to_its_owner() -> None:
    code = (
        'resource "aws_network_acl_rule" "r" {\n  rule_action = "allow"\n  protocol = "tcp"\n'
        '  from_port = 5\n  to_port = 4000\n  cidr_block = "0.0.0.0/0"\n}\n'
    )
    arguments = {**SSH, "widest": 1000}
    assert holds("not_from_internet", terraform(code), arguments) is Holds.NO
    assert "too many ports" in repaired("not_from_internet", terraform(code), arguments)
    assert '"10.0.0.0/8"' in repaired("not_from_internet", terraform(code.replace("4000", "40")), arguments)


ALL_IN = (
    'resource "aws_network_acl_rule" "r" {{\n  network_acl_id = "acl-1"\n  rule_number = 100\n  rule_action = "allow"\n'
    '  protocol = "-1"\n  cidr_block = "0.0.0.0/0"\n{}}}\n'
)
NEXT = (
    'resource "aws_network_acl_rule" "next" {{\n  network_acl_id = "{}"\n  rule_number = {}\n  rule_action = "{}"\n'
    '  protocol = "-1"\n  cidr_block = "192.0.2.0/24"\n}}\n'
)


def test_a_rule_of_an_acl_is_split_into_what_stays_open_and_what_the_trusted_range_may() -> None:
    made = repaired("not_from_internet", terraform(ALL_IN.format("")), {**SSH, "widest": 1000})
    assert [made.count(f'"{word}"') for word in ("tcp", "udp", "icmp", "-1", "10.0.0.0/8")] == [2, 2, 1, 1, 1]
    assert "from_port = 23" in " ".join(made.replace("  ", " ").split())


@pytest.mark.parametrize(
    ("more", "behind", "is_split"),
    [
        ("", NEXT.format("acl-1", 101, "deny"), False),
        ("", NEXT.format("acl-2", 101, "deny"), True),
        ("", NEXT.format("acl-1", 101, "allow"), True),
        ("", NEXT.format("acl-1", "var.number", "allow"), False),
        ("  count = 2\n", "", False),
        ("  for_each = var.rules\n", "", False),
    ],
)
def test_a_rule_is_split_only_where_there_is_room_before_the_next_that_refuses(
    more: str, behind: str, is_split: bool
) -> None:
    made = repaired("not_from_internet", terraform(ALL_IN.format(more) + behind), {**SSH, "widest": 1000})
    assert ("too many ports" not in made) is is_split


def test_rules_for_the_other_direction_do_not_count() -> None:
    code = (
        'resource "aws_network_acl_rule" "r" {\n  egress = true\n  rule_action = "allow"\n  protocol = "tcp"\n'
        '  from_port = 22\n  to_port = 22\n  cidr_block = "0.0.0.0/0"\n}\n'
    )
    assert holds("not_from_internet", terraform(code), SSH) is Holds.YES
    assert holds("not_from_internet", terraform(code.replace("true", "false")), SSH) is Holds.NO
    assert holds("not_from_internet", terraform(code.replace("true", "var.out") + 'variable "out" {}'), SSH) is (
        Holds.UNKNOWN
    )


def test_any_port_but_some_means_a_single_port_that_is_not_named() -> None:
    web = {"direction": "ingress", "except_ports": "80|443", "parameter": "allowed_cidrs"}
    assert holds("not_from_internet", terraform(rule(443, 443)), web) is Holds.YES
    assert holds("not_from_internet", terraform(rule(80, 443)), web) is Holds.NO
    assert holds("not_from_internet", terraform(rule(53, 53, "udp")), web) is Holds.NO
    assert holds("not_from_internet", terraform(rule(8, 0, "icmp")), web) is Holds.YES


def test_a_template_parameter_without_a_value_is_unknown() -> None:
    code = (
        "Parameters:\n  From: {Type: String}\nResources:\n  G:\n    Type: AWS::EC2::SecurityGroupIngress\n"
        "    Properties: {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref From}\n"
    )
    assert holds("not_from_internet", template(code, "G"), SSH) is Holds.UNKNOWN
    assert holds("not_from_internet", template(code.replace("!Ref From", "0.0.0.0/0"), "G"), SSH) is Holds.NO


def test_from_0_to_0_raises_no_alarm_and_is_narrowed_where_a_scanner_takes_it_for_every_port() -> None:
    assert holds("not_from_internet", terraform(rule(0, 0, "tcp")), SSH) is Holds.UNKNOWN
    assert "0.0.0.0/0" not in repaired("not_from_internet", terraform(rule(0, 0, "tcp")), SSH)
