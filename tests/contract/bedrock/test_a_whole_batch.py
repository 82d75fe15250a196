"""Export, submit, status, fetch, import: the five commands in turn, with real boto3 in front of a double over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract.bedrock.batch_double import ARN, BatchDouble, serving_batches
from contract.bedrock.runtime_double import Answer, edits, failing

from remedy_gate.cli import main

ROLE = "arn:aws:iam::123456789012:role/batch"
VOLUME = 'resource "aws_ebs_volume" "v{}" {{\n  availability_zone = "eu-west-1a"\n  size              = {}\n}}\n'
NUMBERS = range(10, 22)
LOOK = ("--all", "--findings", "catalogue", "--remedies", "bedrock")


def answer(body: dict[str, Any]) -> Answer:
    """A right edit for most volumes; an error for one, and a wrong one for another."""
    asked = body["messages"][0]["content"][0]["text"]
    number = int(asked.split("aws_ebs_volume.v", 1)[1].split("\n")[0])
    if number == 10:
        return failing("ModelErrorException", 424, "the model failed")
    size = f"  size              = {number}\n"
    new = "  size              = 1\n" if number == 11 else f"{size}  encrypted         = true\n"
    return edits((size, new), path="main.tf")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.tf").write_text("\n".join(VOLUME.format(number, number) for number in NUMBERS))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    return tmp_path


def test_a_backlog_goes_through_a_job_and_comes_back_as_proven_patches(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / ".remedy-gate.yml").write_text(
        "version: 1\nrules:\n- {name: other, action: ignore, when: {control: ebs-volume-customer-key}}\n"
    )
    with serving_batches(BatchDouble(answer)) as double:
        for name in ("S3", "BEDROCK"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{name}", double.url)
        assert main(["batch", "export", *LOOK, "--output", "requests.jsonl"]) == 0
        capsys.readouterr()
        assert main(["batch", "submit", "requests.jsonl", "--s3", "s3://backlog/gate", "--role", ROLE]) == 0
        assert capsys.readouterr().out == f"{ARN}\n"
        assert main(["batch", "fetch", ARN, "--output", "responses.jsonl"]) == 3  # not done yet
        assert not (repository / "responses.jsonl").exists()
        assert main(["batch", "status", ARN]) == 0
        records = len((repository / "requests.jsonl").read_text().splitlines())
        assert capsys.readouterr().out.startswith(f"Completed, {records} in all, ")
        assert main(["batch", "fetch", ARN, "--output", "responses.jsonl"]) == 0
    assert double.faults == []
    capsys.readouterr()
    main(["batch", "import", "responses.jsonl", "--fix", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    encrypted = [one for one in report["remediations"] if one["finding"]["control"] == "ebs-volume-encrypted"]
    proven = [one for one in encrypted if one["proof"] and one["proof"]["outcome"] == "proven"]
    assert len(proven) == len(NUMBERS) - 2
    assert sorted(one["no_patch"].split(":")[0] for one in encrypted if one["no_patch"]) == [
        "the batch has no answer",
        "the model's answer did not stand",
    ]
    assert (repository / "main.tf").read_text().count("encrypted         = true") == len(NUMBERS) - 2
    assert all(one["patch"]["cost"]["dollars"] == 0.00165 for one in proven)  # half of what single calls cost


def test_the_same_questions_start_no_second_job(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving_batches(BatchDouble(answer)) as double:
        for name in ("S3", "BEDROCK"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{name}", double.url)
        main(["batch", "export", *LOOK, "--output", "requests.jsonl"])
        for _ in range(2):
            assert main(["batch", "submit", "requests.jsonl", "--s3", "s3://backlog/gate", "--role", ROLE]) == 0
    assert len(double.objects) == 1
