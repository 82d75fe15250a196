"""A policy that names a table: the command speaks to it, and its outage changes no verdict."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from remedy_gate.cli import main

POLICY = "version: 1\nledger: {table: audit, region: eu-west-1, name: o/r, bucket: sealed}\n"


@pytest.fixture(autouse=True)
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("CI", "GITHUB_BASE_REF", "GIT_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    (tmp_path / "main.tf").write_text('resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n')
    (tmp_path / ".remedy-gate.yml").write_text(POLICY)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    with mock_aws():
        yield boto3


def make(aws: Any) -> None:
    aws.client("dynamodb", region_name="eu-west-1").create_table(
        TableName="audit",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    place = {"LocationConstraint": "eu-west-1"}
    s3 = aws.client("s3", region_name="eu-west-1")
    s3.create_bucket(Bucket="sealed", ObjectLockEnabledForBucket=True, CreateBucketConfiguration=place)


def test_a_run_is_recorded_in_the_table_and_not_on_the_machine(
    aws: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(aws)
    assert main(["check", "--staged"]) == 1
    assert main(["ledger", "verify"]) == 0
    assert "The ledger holds: 0 records" not in capsys.readouterr().out
    assert not (tmp_path / ".git" / "remedy-gate").exists()


def test_a_table_that_is_not_there_changes_no_verdict_and_the_records_wait(
    aws: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--staged"]) == 1
    assert "There is no such table" in capsys.readouterr().err
    waiting = len(list((tmp_path / ".git" / "remedy-gate" / "waiting").iterdir()))
    make(aws)
    assert main(["check", "--staged"]) == 1
    assert main(["ledger", "export"]) == 0
    assert len(capsys.readouterr().out.split('{"entry"')) - 1 == 2 * waiting
    assert list((tmp_path / ".git" / "remedy-gate" / "waiting").iterdir()) == []
