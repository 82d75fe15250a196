"""`batch submit|status|fetch`: held to botocore's own shapes by its Stubber."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.response import StreamingBody
from botocore.session import Session
from botocore.stub import ANY, Stubber
from contract.bedrock.runtime_double import beyond

from remedy_gate.cli import main
from remedy_gate.commands import batch_jobs
from remedy_gate.remedies.bedrock_jobs import Services

ARN = "arn:aws:bedrock:eu-west-1:123456789012:model-invocation-job/abcdef123456"
ROLE = "arn:aws:iam::123456789012:role/batch"
SUBMIT = ("batch", "submit", "requests.jsonl", "--s3", "s3://backlog/gate", "--role", ROLE)


class Stubs(NamedTuple):
    s3: Stubber
    bedrock: Stubber


@pytest.fixture
def stubs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubs]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    (tmp_path / "requests.jsonl").write_text('{"recordId": "AAAAAAAAAAA", "modelInput": {}}\n')
    s3_client, bedrock_client = (boto3.client(name, region_name="eu-west-1") for name in ("s3", "bedrock"))
    regions: list[str | None] = []

    def connected(region: str | None, _agent: str) -> Services:
        regions.append(region)
        return Services(s3_client, bedrock_client, (BotoCoreError, ClientError))

    monkeypatch.setattr(batch_jobs, "connected", connected)
    with Stubber(s3_client) as s3, Stubber(bedrock_client) as bedrock:
        yield Stubs(s3, bedrock)
        s3.assert_no_pending_responses()
        bedrock.assert_no_pending_responses()
    assert set(regions) <= {"eu-west-1"}


def job_of(word: str, **more: Any) -> dict[str, Any]:
    place = {"s3Uri": "s3://backlog/gate/remedy-gate-1/answers/"}
    return {
        "jobArn": ARN,
        "modelId": "eu.anthropic.claude-sonnet-5-5",
        "roleArn": ROLE,
        "status": word,
        "submitTime": datetime(2026, 11, 1, tzinfo=UTC),
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://backlog/gate/remedy-gate-1/requests.jsonl"}},
        "outputDataConfig": {"s3OutputDataConfig": place},
        **more,
    }


def test_submit_uploads_the_questions_and_starts_a_converse_job(
    stubs: Stubs, capsys: pytest.CaptureFixture[str]
) -> None:
    stubs.s3.add_response("put_object", {}, {"Bucket": "backlog", "Key": ANY, "Body": ANY})
    asked: dict[str, Any] = {}

    def keep(params: dict[str, Any], **_: Any) -> None:
        asked.update(params)

    stubs.bedrock.client.meta.events.register("provide-client-params.bedrock.CreateModelInvocationJob", keep)
    stubs.bedrock.add_response("create_model_invocation_job", {"jobArn": ARN})
    assert main(SUBMIT) == 0
    assert capsys.readouterr().out == f"{ARN}\n"
    name, token = asked.pop("jobName"), asked.pop("clientRequestToken")
    assert name == f"remedy-gate-{token[:16]}"
    assert asked == {
        "roleArn": ROLE,
        "modelId": "eu.anthropic.claude-sonnet-5-5",
        "modelInvocationType": "Converse",
        "inputDataConfig": {
            "s3InputDataConfig": {"s3InputFormat": "JSONL", "s3Uri": f"s3://backlog/gate/{name}/requests.jsonl"}
        },
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://backlog/gate/{name}/answers/"}},
        "timeoutDurationInHours": 24,
    }
    shape = Session().get_service_model("bedrock").operation_model("CreateModelInvocationJob").input_shape
    assert list(beyond({**asked, "jobName": name, "clientRequestToken": token}, shape, "request")) == []


def test_a_job_that_is_refused_says_what_aws_said(stubs: Stubs, capsys: pytest.CaptureFixture[str]) -> None:
    stubs.s3.add_response("put_object", {})
    stubs.bedrock.add_client_error(
        "create_model_invocation_job", "ValidationException", "Provided 1 record, fewer than the minimum of 100"
    )
    assert main(SUBMIT) == 3
    assert capsys.readouterr().err == (
        "remedy-gate: The job could not be started: ValidationException: Provided 1 record, fewer than the minimum of "
        "100. docs/bedrock.md says what the caller and the job's role have to be granted.\n"
    )


@pytest.mark.parametrize(
    ("word", "exit_status"), [("InProgress", 0), ("Scheduled", 0), ("Completed", 0), ("Failed", 3), ("Expired", 3)]
)
def test_status_says_how_far_it_is(
    word: str, exit_status: int, stubs: Stubs, capsys: pytest.CaptureFixture[str]
) -> None:
    counted = job_of(word, totalRecordCount=1200, processedRecordCount=900, message="as expected")
    stubs.bedrock.add_response("get_model_invocation_job", counted, {"jobIdentifier": ARN})
    assert main(["batch", "status", ARN]) == exit_status
    assert capsys.readouterr().out == f"{word}, 1,200 in all, 900 processed: as expected\n"


def test_fetch_joins_the_answers_and_leaves_the_manifest(stubs: Stubs, tmp_path: Path) -> None:
    stubs.bedrock.add_response("get_model_invocation_job", job_of("Completed"), {"jobIdentifier": ARN})
    folder = "gate/remedy-gate-1/answers/abcdef123456/"
    keys = [f"{folder}{name}" for name in ("requests.jsonl.out", "manifest.json.out", "more.jsonl.out")]
    listed = {"Contents": [{"Key": key} for key in keys], "IsTruncated": False}
    stubs.s3.add_response("list_objects_v2", listed, {"Bucket": "backlog", "Prefix": folder})
    for key, text in ((keys[2], b'{"recordId": "B"}'), (keys[0], b'{"recordId": "A"}\n')):
        body = StreamingBody(io.BytesIO(text), len(text))
        stubs.s3.add_response("get_object", {"Body": body}, {"Bucket": "backlog", "Key": key})
    assert main(["batch", "fetch", ARN, "--output", "answers.jsonl"]) == 0
    assert (tmp_path / "answers.jsonl").read_text() == '{"recordId": "B"}\n{"recordId": "A"}\n'


def test_fetch_writes_nothing_before_the_job_is_done(
    stubs: Stubs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stubs.bedrock.add_response("get_model_invocation_job", job_of("InProgress"))
    assert main(["batch", "fetch", ARN, "--output", "answers.jsonl"]) == 3
    assert capsys.readouterr().err == "remedy-gate: The job is InProgress. Come back later.\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["requests.jsonl"]


@pytest.mark.parametrize(
    "words",
    [
        ("batch", "submit", "requests.jsonl", "--s3", "backlog/gate", "--role", ROLE),
        (*SUBMIT, "--hours", "1"),
        ("batch", "submit", "requests.jsonl", "--role", ROLE),
    ],
)
def test_misuse_is_said_before_anything_is_uploaded(words: tuple[str, ...], stubs: Stubs) -> None:
    assert main(words) == 2


def test_the_clients_are_made_by_boto3_for_the_region(monkeypatch: pytest.MonkeyPatch) -> None:
    from remedy_gate.remedies.bedrock_jobs import connected

    services = connected("eu-west-1", "test")
    assert services.bedrock.meta.region_name == services.s3.meta.region_name == "eu-west-1"
