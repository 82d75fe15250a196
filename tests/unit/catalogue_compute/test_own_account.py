"""Policies that let everybody in."""

from __future__ import annotations

import pytest
from compute_samples import holds, repaired, template, terraform

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.verdict import Holds

POLICY = {"policy": "KeyPolicy"}


def key(statement: str) -> str:
    return (
        "Parameters:\n  Who: {Type: String}\nResources:\n  K:\n    Type: AWS::KMS::Key\n    Properties:\n"
        f"      KeyPolicy:\n        Statement:\n          - {statement}\n"
    )


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("{Effect: Allow, Principal: '*'}", Holds.NO),
        ("{Effect: Allow, Principal: {AWS: '*'}}", Holds.NO),
        ("{Effect: Allow, Principal: {AWS: ['111122223333', '*']}}", Holds.NO),
        ("{Effect: Allow, NotPrincipal: {AWS: '111122223333'}}", Holds.NO),
        ("{Effect: Allow, Principal: '*', Condition: {Bool: {'aws:SecureTransport': true}}}", Holds.NO),
        ("{Effect: Allow, Principal: '*', Condition: {StringEquals: {'AWS:PrincipalOrgID': o-1}}}", Holds.YES),
        ("{Effect: Allow, Principal: '*', Condition: !Ref Who}", Holds.YES),
        ("{Effect: Deny, Principal: '*'}", Holds.YES),
        ("{Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}}", Holds.YES),
        ("{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}}", Holds.YES),
        ("{Effect: Allow, Principal: {Service: sns.amazonaws.com}}", Holds.YES),
        ("{Effect: Allow, Principal: {AWS: !Ref Who}}", Holds.UNKNOWN),
    ],
)
def test_whom_a_statement_lets_in(statement: str, expected: Holds) -> None:
    assert holds("own_account", template(key(statement), "K"), POLICY) is expected


def test_only_everybody_is_replaced() -> None:
    after = repaired(
        "own_account", template(key("{Effect: Allow, Principal: {AWS: ['111122223333', '*']}}"), "K"), POLICY
    )
    assert "{AWS: ['111122223333', !Ref AWS::AccountId]}" in after


def test_everybody_but_some_is_left_to_the_owner() -> None:
    subject = template(key("{Effect: Allow, NotPrincipal: {AWS: '111122223333'}}"), "K")
    assert "only the owner knows" in repaired("own_account", subject, POLICY)


def test_a_permission_that_is_narrowed_otherwise_is_left_alone() -> None:
    code = (
        "Resources:\n  P:\n    Type: AWS::Lambda::Permission\n    Properties:\n      Action: lambda:InvokeFunction\n"
        "      FunctionName: f\n      Principal: '*'\n"
    )
    arguments = {"principal": "Principal", "limits": "SourceAccount|SourceArn"}
    assert holds("own_account", template(code, "P"), arguments) is Holds.NO
    limited = f"{code}      SourceAccount: '111122223333'\n"
    assert holds("own_account", template(limited, "P"), arguments) is Holds.YES


def role(principal: str, more: str = "") -> Subject:
    statement = f'{{ Effect = "Allow", Principal = {principal} }}'
    return terraform(
        f'resource "aws_iam_role" "r" {{\n  assume_role_policy = jsonencode({{ Statement = [{statement}] }})\n}}\n{more}'
    )


TRUST = {"policy": "assume_role_policy"}


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ('"*"', Holds.NO),
        ('{ AWS = "*" }', Holds.NO),
        ('{ AWS = ["arn:aws:iam::111122223333:root", "*"] }', Holds.NO),
        ('{ Service = "ec2.amazonaws.com" }', Holds.YES),
        ("{ AWS = data.aws_caller_identity.me.account_id }", Holds.YES),
        ('{ AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }', Holds.YES),
        ("{ AWS = aws_iam_role.other.arn }", Holds.YES),
        ("{ AWS = var.who }", Holds.UNKNOWN),
        ("{ AWS = data.aws_iam_role.other.arn }", Holds.UNKNOWN),
        ("{ AWS = module.other.arn }", Holds.UNKNOWN),
    ],
)
def test_whom_a_policy_in_terraform_lets_in(principal: str, expected: Holds) -> None:
    more = (
        'data "aws_caller_identity" "me" {}\nresource "aws_iam_role" "other" {}\nvariable "who" {}\n'
        'data "aws_iam_role" "other" {\n  name = "x"\n}\nmodule "other" {\n  source = "a/b/c"\n}\n'
    )
    assert holds("own_account", role(principal, more), TRUST) is expected


def test_a_policy_in_terraform_lets_in_the_account_that_a_data_source_looks_up() -> None:
    after = repaired("own_account", role('{ AWS = "*" }'), TRUST)
    assert "Principal = { AWS = data.aws_caller_identity.r.account_id }" in after
    assert 'data "aws_caller_identity" "r" {}' in after


def test_the_data_source_of_the_module_is_used() -> None:
    after = repaired("own_account", role('{ AWS = "*" }', 'data "aws_caller_identity" "me" {}\n'), TRUST)
    assert "Principal = { AWS = data.aws_caller_identity.me.account_id }" in after
    assert after.count("aws_caller_identity") == 1 + 1


def test_a_policy_of_which_a_part_is_not_known_may_let_in_anybody() -> None:
    code = (
        'resource "aws_iam_role" "r" {\n  assume_role_policy = data.aws_iam_policy_document.d.json\n}\nvariable "x" {}\n'
        'data "aws_iam_policy_document" "d" {\n  source_policy_documents = [var.x]\n}\n'
    )
    assert holds("own_account", terraform(code), TRUST) is Holds.UNKNOWN


def test_where_nobody_can_tell_who_comes_in_nothing_is_added() -> None:
    code = 'resource "aws_iam_role" "r" {\n  assume_role_policy = <<E\n{"Statement": [{"Principal": "*",}]}\nE\n}\n'
    assert repaired("own_account", terraform(code), TRUST).startswith("no patch: ")
