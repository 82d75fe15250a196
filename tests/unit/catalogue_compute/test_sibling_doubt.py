"""A sibling that points at the resource by way of another one may belong to it."""

from __future__ import annotations

from compute_samples import terraform

from remedy_gate.catalogue.control import Sibling
from remedy_gate.catalogue.siblings import relatives

FLOW_LOGS = Sibling("aws_flow_log", ("vpc_id",), "id", ())
CODE = """
resource "aws_vpc" "main" {}

resource "aws_vpc" "other" {}

resource "aws_vpc_ipv4_cidr_block_association" "more" {
  vpc_id = aws_vpc.main.id
}

resource "aws_flow_log" "all" {
  vpc_id = TARGET
}
"""


def test_a_reference_is_followed_through_the_resources_in_between() -> None:
    code = CODE.replace("TARGET", "aws_vpc_ipv4_cidr_block_association.more.vpc_id")
    assert relatives(FLOW_LOGS, terraform(code, "aws_vpc.main")).certain == ("aws_flow_log.all",)
    assert relatives(FLOW_LOGS, terraform(code, "aws_vpc.other")) == ((), (), "")


def test_an_attribute_that_says_what_a_resource_belongs_to_may_lead_to_the_subject() -> None:
    code = CODE.replace("TARGET", "aws_subnet.any.vpc_id") + 'resource "aws_subnet" "any" {}\n'
    found = relatives(FLOW_LOGS, terraform(code, "aws_vpc.main"))
    assert found.certain == ()
    assert found.possible == ("aws_flow_log.all",)


def test_another_resource_of_the_same_kind_is_surely_another() -> None:
    found = relatives(FLOW_LOGS, terraform(CODE.replace("TARGET", "aws_vpc.other.id"), "aws_vpc.main"))
    assert found == ((), (), "")


def test_the_identity_of_a_resource_of_another_kind_is_not_the_subjects() -> None:
    code = CODE.replace("TARGET", "aws_vpc_ipv4_cidr_block_association.more.id")
    assert relatives(FLOW_LOGS, terraform(code, "aws_vpc.main")) == ((), (), "")
