"""Descriptions that are made of what a rule does."""

from __future__ import annotations

import pytest
from compute_samples import holds, repaired, template, terraform

from remedy_gate.catalogue.verdict import Holds


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            'cidr_ipv4 = "0.0.0.0/0"\n  ip_protocol = "tcp"\n  from_port = 443\n  to_port = 443',
            "TCP 443 from 0.0.0.0/0",
        ),
        ('cidr_ipv6 = "::/0"\n  ip_protocol = "-1"', "All traffic from ::/0"),
        (
            'prefix_list_id = "pl-1"\n  ip_protocol = "udp"\n  from_port = 1\n  to_port = 9',
            "UDP 1-9 from a prefix list",
        ),
        ('cidr_ipv4 = var.from\n  ip_protocol = "icmp"\n  from_port = 8\n  to_port = 0', "ICMP from given addresses"),
        ('referenced_security_group_id = "sg-1"\n  ip_protocol = "tcp"', "TCP on all ports from another group"),
    ],
)
def test_the_description_says_what_the_rule_does(body: str, text: str) -> None:
    code = f'resource "aws_vpc_security_group_ingress_rule" "r" {{\n  {body}\n}}\nvariable "from" {{}}\n'
    assert f'description = "{text}"' in " ".join(repaired("described_rules", terraform(code), {}).split())


def test_a_group_without_rules_is_described_by_its_name() -> None:
    assert 'description = "Traffic of web"' in repaired(
        "described_rules", terraform('resource "aws_security_group" "g" {\n  name = "web"\n}\n'), {}
    )


def test_the_default_group_has_no_description_to_give() -> None:
    assert holds("described_rules", terraform('resource "aws_default_security_group" "g" {}'), {}) is Holds.YES


def test_what_is_described_holds() -> None:
    code = (
        "Resources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: x\n"
        "      SecurityGroupEgress:\n        - {IpProtocol: '-1', CidrIp: 0.0.0.0/0, Description: Updates}\n"
    )
    assert holds("described_rules", template(code, "G"), {}) is Holds.YES
    assert holds("described_rules", template(code.replace(", Description: Updates", ""), "G"), {}) is Holds.NO


def test_rules_that_the_code_does_not_show_are_unknown() -> None:
    code = (
        'resource "aws_security_group" "g" {\n  description = "x"\n  dynamic "ingress" {\n'
        "    for_each = var.rules\n    content {\n      description = ingress.value\n    }\n  }\n}\n"
        'variable "rules" {}\n'
    )
    assert holds("described_rules", terraform(code), {}) is Holds.UNKNOWN


def test_a_text_with_words_of_its_own_is_a_description_whatever_is_put_in() -> None:
    code = 'resource "aws_security_group" "g" {\n  description = "TEXT"\n}\nvariable "stage" {}\n'
    told = code.replace("TEXT", "Web servers of ${var.stage}")
    assert holds("described_rules", terraform(told), {}) is Holds.YES
    assert holds("described_rules", terraform(code.replace("TEXT", "${var.stage}")), {}) is Holds.UNKNOWN
