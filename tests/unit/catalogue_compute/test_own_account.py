"""Policies that let everybody in."""

from __future__ import annotations

import pytest
from compute_samples import holds, repaired, template

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
