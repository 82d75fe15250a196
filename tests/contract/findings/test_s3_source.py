"""Exports in S3: the same readers as for files, object by object, as they come in."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_standin import CREDENTIALS, Account, asff, aws
from live_standins import QUICK, FastClock
from loopback import Reply
from moto import mock_aws

from remedy_gate.errors import FindingsError, SettingsError
from remedy_gate.findings.live.access import Access
from remedy_gate.findings.live.cache import Cache
from remedy_gate.findings.live.findings import LiveFindings
from remedy_gate.findings.live.plan import Plan
from remedy_gate.findings.live.registry import connector
from remedy_gate.policy.sources import SourceOptions

EXPORT = json.dumps({"Findings": [asff(1), asff(2, RecordState="ARCHIVED")]}).encode()
SARIF = b'{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": []}]}'


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def bucket() -> Iterator[Any]:
    with mock_aws():
        s3 = boto3.client("s3", region_name="eu-west-1")
        s3.create_bucket(Bucket="acme", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield s3


def source(address: str, directory: Path, *, mode: str = "fail") -> LiveFindings:
    plan = Plan(Cache(str(directory)), "s3", FastClock().clock(), QUICK, on_unavailable=mode)
    return LiveFindings(address, connector(SourceOptions(address, "s3", regions=("eu-west-1",)), Access()), plan)


@pytest.mark.parametrize(
    "body", [EXPORT, gzip.compress(EXPORT), b"\xef\xbb\xbf" + EXPORT], ids=["plain", "gzip", "bom"]
)
def test_an_object_is_read_as_a_file_is(body: bytes, bucket: Any, tmp_path: Path) -> None:
    bucket.put_object(Bucket="acme", Key="hub/2026 11.json", Body=body)
    gathered = source("s3://acme/hub/2026 11.json", tmp_path).gather({})
    assert [finding.resources[0].id for finding in gathered.findings] == ["arn:aws:s3:::bucket-1"]
    assert gathered.left_out == (("not open in s3://acme/hub/2026 11.json", 1),)


def test_a_folder_means_all_that_lies_below_it(bucket: Any, tmp_path: Path) -> None:
    for number in (1, 2):
        bucket.put_object(Bucket="acme", Key=f"hub/part-{number}", Body=json.dumps({"Findings": [asff(number)]}))
    bucket.put_object(Bucket="acme", Key="hub/", Body=b"")
    bucket.put_object(Bucket="acme", Key="hub.json", Body=b"not asked for")
    gathered = source("s3://acme/hub/", tmp_path).gather({})
    assert [finding.resources[0].id for finding in gathered.findings] == [f"arn:aws:s3:::bucket-{n}" for n in (1, 2)]


@pytest.mark.parametrize(
    ("key", "words"),
    [("missing.json", "NoSuchKey"), ("missing/", "there is nothing below missing/"), ("plan.json", "Terraform plan")],
)
def test_what_holds_no_findings_is_no_empty_list(key: str, words: str, bucket: Any, tmp_path: Path) -> None:
    bucket.put_object(Bucket="acme", Key="plan.json", Body=b'{"planned_values": {}, "resource_changes": []}')
    with pytest.raises(FindingsError, match=words):
        source(f"s3://acme/{key}", tmp_path).gather({})


def test_an_export_without_findings_is_one(bucket: Any, tmp_path: Path) -> None:
    bucket.put_object(Bucket="acme", Key="empty.sarif", Body=SARIF)
    assert source("s3://acme/empty.sarif", tmp_path).gather({}).findings == ()


def test_an_object_that_breaks_off_is_used_as_far_as_it_goes_and_named(bucket: Any, tmp_path: Path) -> None:
    bucket.put_object(Bucket="acme", Key="cut.json", Body=EXPORT[:-40])
    gathered = source("s3://acme/cut.json", tmp_path).gather({})
    assert len(gathered.findings) == 1
    assert "breaks off in the middle" in gathered.problems[0].message


def test_a_bucket_that_is_not_there_is_told_in_words(bucket: Any, tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="NoSuchBucket"):
        source("s3://nowhere/a.json", tmp_path).gather({})


@pytest.mark.parametrize("address", ["s3://", "s3://acme", "s3://acme/", "s3:///key", "s3://acme/*.json"])
def test_what_names_no_object_is_misuse(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="names no object"):
        source(address, tmp_path).gather({})


def test_a_connection_that_ends_in_the_middle_leaves_a_part_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps({"Findings": [asff(n) for n in range(2_000)]}).encode()
    with aws(Account(objects={"acme/a.json": text})) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        server.faults = {1: Reply(200, text, cut=len(text) * 3 // 4)}
        gathered = source("s3://acme/a.json", tmp_path, mode="warn").gather({})
    assert 1_000 <= len(gathered.findings) < 2_000
    assert f"So only the first {len(gathered.findings):,} findings are here." in gathered.problems[0].message
    assert not list(tmp_path.rglob("s3"))
