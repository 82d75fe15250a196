"""What real boto3 sends to a runtime that holds it to the service's own shapes, and what becomes of every answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract.bedrock.model_kit import QUICK, remedy_of
from contract.bedrock.repository_kit import ENCRYPTED, VOLUME, finding, kit
from contract.bedrock.runtime_double import Answer, Double, cannot, edits, failing, running, said

from remedy_gate.domain.patch import Cost, NoPatch, Origin, OriginKind, Patch
from remedy_gate.remedies.prompt import prompts_digest

WRONG = ("  size              = 40 # GiB\n", "  size              = 41 # GiB\n")
ALSO_WRONG = ('"eu-west-1a"', '"eu-west-1b"')
TAGGED = """<answer>
<edit path="main.tf">
<old>
  size              = 40 # GiB
</old>
<new>
  size              = 40 # GiB
  encrypted         = true
</new>
</edit>
<rationale>It encrypts the volume.</rationale>
</answer>"""


def proposed(double: Double, monkeypatch: pytest.MonkeyPatch, choice: object = QUICK) -> Patch | NoPatch:
    code = kit({"main.tf": VOLUME})
    with running(double):
        remedy = remedy_of(code, double, monkeypatch, choice)  # type: ignore[arg-type]
        answer = remedy.propose(finding(), code.match("aws_ebs_volume.data"), code.sources)
    assert double.faults == []
    return answer


def reason(double: Double, monkeypatch: pytest.MonkeyPatch, choice: object = QUICK) -> str:
    answer = proposed(double, monkeypatch, choice)
    assert isinstance(answer, NoPatch)
    return answer.reason


def test_a_good_answer_becomes_a_patch_of_that_model_and_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double(edits(ENCRYPTED))
    patch = proposed(double, monkeypatch)
    assert isinstance(patch, Patch)
    assert patch.files[0].after.decode() == VOLUME.replace(*ENCRYPTED)
    assert patch.origin == Origin(OriginKind.BEDROCK, "eu.anthropic.claude-sonnet-5-5", prompts_digest()[:12])
    assert len(double.requests) == 1


def test_the_request_has_a_schema_and_neither_tools_nor_sampling(monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double(edits(ENCRYPTED))
    proposed(double, monkeypatch)
    body = double.requests[0].body
    assert body.keys() == {"system", "messages", "inferenceConfig", "outputConfig", "requestMetadata"}
    assert body["inferenceConfig"] == {"maxTokens": 12_000}
    assert body["system"][1] == {"cachePoint": {"type": "default"}}
    schema = json.loads(body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"])
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("region", "model"),
    [
        ("us-east-1", "us.anthropic.claude-sonnet-5-5"),
        ("eu-central-1", "eu.anthropic.claude-sonnet-5-5"),
        ("ap-southeast-2", "global.anthropic.claude-sonnet-5-5"),
    ],
)
def test_the_default_model_goes_through_the_profile_of_its_region(
    region: str, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    double = Double(edits(ENCRYPTED))
    proposed(double, monkeypatch, QUICK._replace(region=region))
    assert double.requests[0].model == model


@pytest.mark.parametrize("model", ["amazon.nova-pro-v1:0", "us.anthropic.claude-opus-5-5", "somebody.new-model-v1:0"])
def test_a_model_without_schemas_is_asked_for_tagged_text(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double(said(TAGGED))
    patch = proposed(double, monkeypatch, QUICK._replace(model=model))
    assert isinstance(patch, Patch)
    assert patch.files[0].after.decode() == VOLUME.replace(*ENCRYPTED)
    assert "outputConfig" not in double.requests[0].body
    assert "cachePoint" not in double.requests[0].text or "opus" in model


def test_a_model_that_turns_out_to_take_no_schema_is_asked_again_without(monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double(said(TAGGED))
    arn = "arn:aws:bedrock:eu-west-1:123456789012:custom-model-deployment/abcdefghijkl"
    patch = proposed(double, monkeypatch, QUICK._replace(model=arn, like="claude-sonnet-5-5"))
    assert isinstance(patch, Patch)
    assert ["outputConfig" in request.body for request in double.requests] == [True, False]


def test_with_a_guardrail_what_others_wrote_is_marked_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double(edits(ENCRYPTED))
    proposed(double, monkeypatch, QUICK._replace(guardrail="abcdef123456"))
    body = double.requests[0].body
    assert body["guardrailConfig"] == {"guardrailIdentifier": "abcdef123456", "guardrailVersion": "DRAFT"}
    guarded = [part for part in body["messages"][0]["content"] if "guardContent" in part]
    assert any("aws_ebs_volume" in part["guardContent"]["text"]["text"] for part in guarded)
    assert all("Repair it now" not in part["guardContent"]["text"]["text"] for part in guarded)


def test_what_the_proof_found_goes_back_and_the_second_answer_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double(edits(WRONG), edits(ENCRYPTED))
    assert isinstance(proposed(double, monkeypatch), Patch)
    second = double.requests[1].body["messages"]
    assert [message["role"] for message in second] == ["user", "assistant", "user"]
    assert "ebs-volume-encrypted still fails" in second[2]["content"][0]["text"]


def test_a_model_that_never_gets_it_right_is_asked_four_times_and_shows_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    double = Double(edits(WRONG), edits(ALSO_WRONG), edits(WRONG), edits(ALSO_WRONG))
    assert reason(double, monkeypatch).startswith(
        "no answer of the model stood the proof in 4 attempts; the last was refuted"
    )
    assert [len(request.body["messages"]) for request in double.requests] == [1, 3, 5, 1]


def test_a_model_that_repeats_itself_is_not_asked_a_third_time_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double(edits(WRONG))
    reason(double, monkeypatch)
    assert [len(request.body["messages"]) for request in double.requests] == [1, 3, 1]


def test_a_fresh_beginning_may_succeed(monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double(edits(WRONG), edits(WRONG), edits(ENCRYPTED))
    assert isinstance(proposed(double, monkeypatch), Patch)


def test_a_model_that_says_it_cannot_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double(cannot("The key is not known."))
    assert reason(double, monkeypatch) == "the model cannot: The key is not known."
    assert len(double.requests) == 1


def test_a_refusing_model_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double(said("I am sorry, but I cannot help with security topics."))
    assert "the last was malformed" in reason(double, monkeypatch)
    assert len(double.requests) == 3


@pytest.mark.parametrize(
    ("stop", "words"),
    [
        ("max_tokens", "the model's answer was cut off. Raise `bedrock: max_tokens`."),
        ("content_filtered", "the service filtered the model's answer"),
        ("guardrail_intervened", "a guardrail stopped it. Look at the guardrail's trace in the invocation log."),
        ("model_context_window_exceeded", "the code is too long for the model"),
        ("malformed_model_output", "the model's answer was malformed"),
        ("tool_use", "the model asked for a tool, and it has none"),
    ],
)
def test_an_answer_that_was_stopped_is_none(stop: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = edits(ENCRYPTED).response
    assert whole is not None
    double = Double(Answer({**whole, "stopReason": stop}))
    assert reason(double, monkeypatch) == words
    assert len(double.requests) == 1


@pytest.mark.parametrize(
    ("error", "status", "message", "words", "calls"),
    [
        ("ThrottlingException", 429, "Too many", "Bedrock throttled us", 4),
        ("ModelNotReadyException", 429, "wait", "the model is not ready", 4),
        ("ServiceUnavailableException", 503, "down", "Bedrock is unavailable", 3),
        ("InternalServerException", 500, "oops", "Bedrock failed", 3),
        ("ModelTimeoutException", 408, "slow", "the model took too long", 2),
        ("ModelErrorException", 424, "bad", "the model failed", 2),
        ("AccessDeniedException", 403, "no", "Bedrock denied access to the model. Grant bedrock:InvokeModel", 1),
        ("ResourceNotFoundException", 404, "no", "Bedrock knows no such model in this region", 1),
        (
            "ResourceNotFoundException",
            404,
            "Model use case details have not been submitted for this account.",
            "the form with the use case",
            1,
        ),
        (
            "ValidationException",
            400,
            "on-demand throughput isn't supported",
            "the model is not to be had by its bare id",
            1,
        ),
        (
            "ValidationException",
            400,
            "The provided model identifier is invalid.",
            "Bedrock knows no model of this id",
            1,
        ),
        ("ValidationException", 400, "too `long`", "Bedrock refused the request: too `long`", 1),
        ("ServiceQuotaExceededException", 400, "no", "the account's quota", 1),
        ("ExpiredTokenException", 403, "expired", "there are no valid credentials for AWS", 1),
        ("UnrecognizedClientException", 403, "who", "there are no valid credentials for AWS", 1),
        ("SomethingNewException", 418, "tea", "Bedrock refused the request (SomethingNewException)", 1),
    ],
)
def test_every_error_is_a_reason_and_is_repeated_only_where_that_is_free(
    error: str, status: int, message: str, words: str, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    double = Double(failing(error, status, message))
    assert reason(double, monkeypatch).startswith(words)
    assert len(double.requests) == calls


def test_throttling_that_ends_costs_nothing_but_time(monkeypatch: pytest.MonkeyPatch) -> None:
    throttled = failing("ThrottlingException", 429)
    assert isinstance(proposed(Double(throttled, throttled, edits(ENCRYPTED)), monkeypatch), Patch)


def test_an_answer_that_does_not_come_in_time_is_not_paid_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double(edits(ENCRYPTED)._replace(delay=3.0))
    assert reason(double, monkeypatch, QUICK._replace(timeout_seconds=1)).startswith("the model did not answer in time")
    assert len(double.requests) == 1


@pytest.mark.parametrize(
    "raw", [b"", b"<html>", b"[]", b"{}", b'{"output": 3}', b"\xff\xfe", b'{"stopReason": "end_turn"}']
)
def test_a_response_that_is_none_is_told(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reason(Double(Answer(raw=raw)), monkeypatch)


def test_a_page_of_a_proxy_is_no_answer_of_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "Bedrock answered with something that cannot be read"
    assert reason(Double(Answer(raw=b"<html>")), monkeypatch) == words


def test_without_credentials_there_is_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    double = Double(edits(ENCRYPTED))
    assert reason(double, monkeypatch).startswith("there are no valid credentials for AWS. Sign in: OIDC")
    assert double.requests == []


def test_without_a_region_there_is_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    words = reason(Double(edits(ENCRYPTED)), monkeypatch, QUICK._replace(region=""))
    assert words == "no AWS region is named. Set AWS_REGION, or `bedrock: region`."


def test_where_nobody_listens_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    code, double = kit({"main.tf": VOLUME}), Double(edits(ENCRYPTED))
    with running(double):
        pass  # the port is free again
    answer = remedy_of(code, double, monkeypatch).propose(finding(), code.match("aws_ebs_volume.data"), code.sources)
    assert answer == NoPatch("Bedrock could not be reached (EndpointConnectionError). Look at network and proxy.")


def test_the_same_question_is_not_paid_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code, double = kit({"main.tf": VOLUME}), Double(edits(WRONG), edits(ENCRYPTED))
    with running(double):
        answers = [
            remedy_of(code, double, monkeypatch, folder=tmp_path / "kept").propose(
                finding(), code.match("aws_ebs_volume.data"), code.sources
            )
            for _ in range(2)
        ]
    assert isinstance(answers[0], Patch)
    assert isinstance(answers[1], Patch)
    assert answers[0]._replace(cost=None) == answers[1]._replace(cost=None)
    assert len(double.requests) == 2


def test_another_question_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    double = Double(edits(ENCRYPTED))
    with running(double):
        for title in ("one", "another"):
            code = kit({"main.tf": VOLUME})
            remedy = remedy_of(code, double, monkeypatch, folder=tmp_path / "kept")
            remedy.propose(finding(title=title), code.match("aws_ebs_volume.data"), code.sources)
    assert len(double.requests) == 2


def test_once_access_is_denied_nobody_else_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    code, double = kit({"main.tf": VOLUME}), Double(failing("AccessDeniedException", 403))
    with running(double):
        remedy = remedy_of(code, double, monkeypatch)
        for title in ("one", "another", "a third"):
            answer = remedy.propose(finding(title=title), code.match("aws_ebs_volume.data"), code.sources)
            assert isinstance(answer, NoPatch)
            assert answer.reason.startswith("Bedrock denied access")
    assert len(double.requests) == 1


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"calls": 1}, "not tried: the run's limit of 1 calls is reached"),
        ({"tokens": 4000}, "not tried: the run's limit of 4,000 tokens is reached"),
        ({"dollars": 0.02}, "not tried: the run's limit of 0.02 dollars is reached"),
        ({"seconds": 0}, "not tried: the run's limit of 0 seconds is reached"),
    ],
)
def test_a_limit_stops_the_asking_and_says_so(
    limits: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, double = kit({"main.tf": VOLUME}), Double(edits(WRONG))
    with running(double):
        remedy = remedy_of(code, double, monkeypatch, QUICK._replace(**limits))
        answer = remedy.propose(finding(), code.match("aws_ebs_volume.data"), code.sources)
    assert isinstance(answer, NoPatch)
    assert answer.reason.startswith(words)
    assert len(double.requests) <= 1
    assert remedy.notes()[-1].message == "1 finding not tried, or not to the end, for lack of budget"


def test_each_patch_tells_what_it_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    code, double = kit({"main.tf": VOLUME}), Double(edits(ENCRYPTED))
    with running(double):
        remedy = remedy_of(code, double, monkeypatch)
        patch = remedy.propose(finding(), code.match("aws_ebs_volume.data"), code.sources)
    assert isinstance(patch, Patch)
    basis = "prices of 2026-11, price file of litellm 1.109.1, unverified"
    assert patch.cost == Cost(1, 0, 1000, 100, 0, 0, pytest.approx(0.0033), basis)  # type: ignore[arg-type]
    assert [note.message for note in remedy.notes()] == [f"1 call, 1,100 tokens, about $0.0033 ({basis})"]
    assert [(attempt.came, attempt.model, attempt.patch) for attempt in remedy.attempts] == [
        ("proven", "eu.anthropic.claude-sonnet-5-5", patch.id)
    ]
