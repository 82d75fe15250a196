"""`doctor` by the real command line, against the double of the runtime and of STS."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract.bedrock.runtime_double import NOBODY, Answer, Double, cannot, failing, running

from remedy_gate.cli import main

POLICY = """
The IAM policy that asking eu.anthropic.claude-sonnet-5-5 takes:
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "bedrock:InvokeModel",
      "Resource": [
        "arn:aws:bedrock:*:123456789012:inference-profile/eu.anthropic.claude-sonnet-5-5*",
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-5-5*"
      ]
    }
  ]
}
"""


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "never-to-be-seen")


def doctor(double: Double, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    with running(double):
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", double.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", double.url)
        status = main(["doctor", *words])
    assert double.faults == []
    return status


def test_where_all_is_well_it_says_what_it_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    double = Double(cannot("There is nothing to repair."))
    assert doctor(double, monkeypatch) == 0
    assert capsys.readouterr() == (
        (
            "ok        region       eu-west-1.\n"
            "ok        credentials  valid: assumed-role of account 123456789012.\n"
            "ok        model        eu.anthropic.claude-sonnet-5-5 answered: 1,100 tokens, about $0.0033.\n"
            "ok        permissions  the model may be asked.\n"
        ),
        "",
    )
    assert len(double.requests) == 1


def test_a_denied_model_comes_with_the_policy_to_paste(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(Double(failing("AccessDeniedException", 403)), monkeypatch) == 3
    hint = "Attach the policy below to whoever runs this, and enable the model for the account.\n"
    assert capsys.readouterr().out == (
        "ok        region       eu-west-1.\n"
        "ok        credentials  valid: assumed-role of account 123456789012.\n"
        f"failed    model        Bedrock denied access to the model. {hint}"
        f"failed    permissions  bedrock:InvokeModel was denied. {hint}{POLICY}"
    )


def test_without_a_region_nothing_else_is_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_REGION")
    double = Double(cannot("no"))
    assert doctor(double, monkeypatch) == 3
    out = capsys.readouterr().out
    assert out.startswith(
        "failed    region       no AWS region is named. Set AWS_REGION, or `bedrock: region` in the policy.\n"
        "not tried credentials  an earlier step failed.\n"
        "not tried model        global.anthropic.claude-sonnet-5-5: an earlier step failed.\n"
        "not tried permissions  the model was not asked.\n"
    )
    assert double.requests == []


def test_invalid_credentials_fail_and_are_never_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    double = Double(cannot("no"))
    double.identity = NOBODY
    assert doctor(double, monkeypatch) == 3
    out, err = capsys.readouterr()
    assert "failed    credentials  there are no valid credentials for AWS. Sign in: " in out
    assert "never-to-be-seen" not in out + err
    assert double.requests == []


def test_an_unreachable_sts_does_not_keep_it_from_asking_the_model(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    double = Double(cannot("no"))
    double.identity = Answer(raw=b"<html>", status=200)
    assert doctor(double, monkeypatch) == 0
    assert "not tried credentials  AWS STS did not tell: " in capsys.readouterr().out


def test_without_a_call_model_and_permissions_are_not_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    double = Double(cannot("no"))
    assert doctor(double, monkeypatch, "--no-call") == 0
    assert "not tried model        eu.anthropic.claude-sonnet-5-5: --no-call was given.\n" in capsys.readouterr().out
    assert double.requests == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (failing("ResourceNotFoundException", 404, "Model use case details have not been submitted"), "Anthropic's"),
        (failing("ValidationException", 400, "The provided model identifier is invalid."), "no model of this id"),
        (failing("ValidationException", 400, "on-demand throughput isn't supported"), "inference profile"),
    ],
)
def test_what_else_keeps_a_model_from_answering_is_no_matter_of_permissions(
    answer: Answer, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(Double(answer), monkeypatch) == 3
    out = capsys.readouterr().out
    assert words in out
    assert "not tried permissions  the model did not answer.\n" in out


def test_a_guardrail_is_part_of_the_question_and_of_the_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".remedy-gate.yml").write_text("version: 1\nbedrock: {guardrail: abc123, guardrail_version: '1'}\n")
    double = Double(failing("AccessDeniedException", 403))
    assert doctor(double, monkeypatch) == 3
    assert double.requests[0].body["guardrailConfig"] == {"guardrailIdentifier": "abc123", "guardrailVersion": "1"}
    assert "arn:aws:bedrock:eu-west-1:123456789012:guardrail/abc123" in capsys.readouterr().out
