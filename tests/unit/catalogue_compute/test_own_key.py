"""Keys of the owner's, and keys that AWS manages."""

from __future__ import annotations

import pytest
from compute_samples import holds, repaired, template, terraform

from remedy_gate.catalogue.verdict import Holds

KEY = {"path": "kms_key_id"}


def secret(value: str, more: str = "") -> str:
    return f'resource "aws_secretsmanager_secret" "s" {{\n  kms_key_id = {value}\n}}\n{more}'


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (secret('""'), Holds.NO),
        (secret("null"), Holds.NO),
        (secret('"alias/aws/secretsmanager"'), Holds.NO),
        (secret('"aws/secretsmanager"'), Holds.NO),
        (secret('"arn:aws:kms:eu-central-1:111122223333:alias/aws/ebs"'), Holds.NO),
        (secret("data.aws_kms_alias.k.arn", 'data "aws_kms_alias" "k" {\n  name = "alias/aws/ebs"\n}'), Holds.NO),
        (secret("data.aws_kms_alias.k.arn", 'data "aws_kms_alias" "k" {\n  name = "alias/mine"\n}'), Holds.YES),
        (secret('"alias/mine"'), Holds.YES),
        (secret("aws_kms_key.k.arn", 'resource "aws_kms_key" "k" {}'), Holds.YES),
        (secret("aws_kms_key.declared_nowhere.arn"), Holds.YES),
        (secret("var.key", 'variable "key" {}'), Holds.UNKNOWN),
        (secret("module.keys.arn", 'module "keys" {\n  source = "x/y/z"\n}'), Holds.UNKNOWN),
    ],
)
def test_whose_key_it_is(code: str, expected: Holds) -> None:
    assert holds("own_key", terraform(code, "aws_secretsmanager_secret.s"), KEY) is expected


def test_the_only_key_of_the_module_is_taken() -> None:
    assert "kms_key_id = aws_kms_key.k.arn" in repaired(
        "own_key", terraform(secret('""', 'resource "aws_kms_key" "k" {}\n'), "aws_secretsmanager_secret.s"), KEY
    )


def test_of_two_keys_none_is_taken() -> None:
    two = 'resource "aws_kms_key" "a" {}\nresource "aws_kms_key" "b" {}\n'
    answer = repaired("own_key", terraform(secret('""', two), "aws_secretsmanager_secret.s"), KEY)
    assert answer.startswith("no patch: Which KMS key encrypts it?")


def test_the_owners_answer_comes_first() -> None:
    code = "Resources:\n  S:\n    Type: AWS::SecretsManager::Secret\n  K:\n    Type: AWS::KMS::Key\n"
    subject = template(code, "S", {"kms_key": "alias/mine"})
    assert "KmsKeyId: alias/mine" in repaired("own_key", subject, {"path": "KmsKeyId"})
