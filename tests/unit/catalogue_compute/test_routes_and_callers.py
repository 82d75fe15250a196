"""Routes through peering connections, services that call functions, policies of keys, tables that scale."""

from __future__ import annotations

from typing import Any

import pytest
from compute_samples import holds, repaired, template, terraform

from remedy_gate.catalogue.verdict import Holds

CALLER: dict[str, Any] = {"principal": "principal", "limits": "source_account|source_arn"}
KEY: dict[str, Any] = {"path": "policy", "sibling": "aws_kms_key_policy", "by": "key_id"}
SCALING: dict[str, Any] = {"type": "aws_appautoscaling_target", "by": "resource_id", "mentions": True}
TABLE = 'resource "aws_dynamodb_table" "t" {\n  name = "orders"\n}\n'


def route(*lines: str) -> str:
    body = "\n".join(f"  {line}" for line in lines)
    return f'resource "aws_route" "r" {{\n{body}\n}}\n'


def permission(*lines: str) -> str:
    body = "\n".join(f"  {line}" for line in lines)
    return f'resource "aws_lambda_permission" "p" {{\n{body}\n}}\n'


def scaling(target: str) -> str:
    return f'{TABLE}resource "aws_appautoscaling_target" "s" {{\n  resource_id = "{target}"\n}}\n'


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (route('destination_cidr_block = "0.0.0.0/0"', 'vpc_peering_connection_id = "pcx-1"'), Holds.NO),
        (route('destination_ipv6_cidr_block = "::/0"', 'vpc_peering_connection_id = "pcx-1"'), Holds.NO),
        (route('destination_cidr_block = "10.1.0.0/16"', 'vpc_peering_connection_id = "pcx-1"'), Holds.YES),
        (route('destination_cidr_block = "0.0.0.0/0"', 'gateway_id = "igw-1"'), Holds.YES),
        (route('destination_cidr_block = "0.0.0.0/0"', "vpc_peering_connection_id = null"), Holds.YES),
        (
            route('destination_cidr_block = "0.0.0.0/0"', "vpc_peering_connection_id = var.p") + 'variable "p" {}\n',
            Holds.UNKNOWN,
        ),
    ],
)
def test_a_route_for_every_address_does_not_go_through_a_peering_connection(code: str, expected: Holds) -> None:
    assert holds("peering_routes", terraform(code, "aws_route.r"), {}) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (permission('principal = "s3.amazonaws.com"'), Holds.NO),
        (permission('principal = "s3.amazonaws.com"', 'source_arn = ""'), Holds.NO),
        (permission('principal = "s3.amazonaws.com"', 'source_arn = "arn:aws:s3:::x"'), Holds.YES),
        (permission('principal = "111122223333"'), Holds.YES),
        (
            permission("principal = data.aws_caller_identity.me.account_id") + 'data "aws_caller_identity" "me" {}\n',
            Holds.YES,
        ),
        (permission("principal = var.who") + 'variable "who" {}\n', Holds.UNKNOWN),
    ],
)
def test_a_service_calls_for_this_account_or_for_one_resource(code: str, expected: Holds) -> None:
    assert holds("source_account", terraform(code, "aws_lambda_permission.p"), CALLER) is expected


def test_a_service_that_does_not_say_for_whom_it_calls_is_limited_by_nobody_but_the_owner() -> None:
    code = permission('principal = "unheard-of.amazonaws.com"')
    assert "only its owner knows" in repaired("source_account", terraform(code, "aws_lambda_permission.p"), CALLER)


def test_in_a_template_the_account_is_a_reference() -> None:
    code = "Resources:\n  P:\n    Type: AWS::Lambda::Permission\n    Properties:\n      Principal: s3.amazonaws.com\n"
    arguments = {"principal": "Principal", "limits": "SourceAccount|SourceArn"}
    assert "SourceAccount: !Ref AWS::AccountId" in repaired("source_account", template(code, "P"), arguments)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", Holds.NO),
        ('resource "aws_kms_key_policy" "k" {\n  key_id = aws_kms_key.k.id\n}\n', Holds.YES),
        ('resource "aws_kms_key_policy" "k" {\n  key_id = var.k\n}\nvariable "k" {}\n', Holds.UNKNOWN),
    ],
)
def test_the_policy_of_a_key_may_stand_in_a_resource_of_its_own(more: str, expected: Holds) -> None:
    code = f'resource "aws_kms_key" "k" {{\n}}\n{more}'
    assert holds("default_key_policy", terraform(code, "aws_kms_key.k"), KEY) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (TABLE, Holds.YES),
        (scaling("table/${aws_dynamodb_table.t.name}"), Holds.NO),
        (scaling("service/web/api"), Holds.YES),
        (scaling("table/orders"), Holds.UNKNOWN),
        (scaling("${var.what}") + 'variable "what" {}\n', Holds.UNKNOWN),
    ],
)
def test_what_mentions_a_resource_in_a_text_belongs_to_it(code: str, expected: Holds) -> None:
    assert holds("no_sibling", terraform(code, "aws_dynamodb_table.t"), SCALING) is expected
