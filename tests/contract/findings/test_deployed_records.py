"""States in S3 and stacks of CloudFormation, which a policy names: asked of AWS, kept without secrets, never by a hook."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_standin import CREDENTIALS
from live_standins import QUICK, FastClock
from moto import mock_aws

from remedy_gate.cli import main
from remedy_gate.commands.records import read_records
from remedy_gate.commands.remote_records import SECONDS, Remote
from remedy_gate.domain.finding import CloudResource
from remedy_gate.domain.source import Problem
from remedy_gate.findings.live import deployed
from remedy_gate.findings.live.cache import Cache
from remedy_gate.matching.identity import identify
from remedy_gate.matching.records import Records
from remedy_gate.policy.reading import read_policy

ADDRESS = "s3://acme-tf/prod/terraform.tfstate"
STACK = "cloudformation://eu-west-1/orders-prod"
BUCKET = CloudResource("arn:aws:s3:::acme-data-7f3a")
QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders"}}
CODE = 'resource "aws_s3_bucket" "data" {\n  bucket_prefix = var.prefix\n}\n\nvariable "prefix" {}\n'


def state(name: str = "acme-data-7f3a") -> bytes:
    attributes = {"arn": f"arn:aws:s3:::{name}", "id": name, "bucket": name, "secret": "hunter2"}
    bucket = {"mode": "managed", "type": "aws_s3_bucket", "name": "data", "instances": [{"attributes": attributes}]}
    return json.dumps({"version": 4, "resources": [bucket]}).encode()


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL", "HTTP_PROXY", "http_proxy", "CI", "GITHUB_BASE_REF"):
        monkeypatch.delenv(name, raising=False)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    with mock_aws():
        yield


@pytest.fixture
def s3() -> Any:
    found = boto3.client("s3", region_name="eu-west-1")
    found.create_bucket(Bucket="acme-tf", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    found.put_object(Bucket="acme-tf", Key="prod/terraform.tfstate", Body=state())
    return found


def read(folder: Path, clock: FastClock, *, only_cache: bool = False, fresh: bool = False, **named: object) -> Records:
    remote = Remote(Cache(str(folder)), clock.clock(), only_cache, fresh, QUICK)
    return read_records(read_policy({"version": 1, **named}), str(folder), lambda: remote)


def known(records: Records) -> list[tuple[str, str | None]]:
    return [(one.resource.address, one.origin.home) for one in records.of(BUCKET, identify(BUCKET))]


def test_a_state_in_s3_speaks_for_the_module_that_the_policy_says(s3: Any, tmp_path: Path) -> None:
    records = read(tmp_path, FastClock(), state={ADDRESS: "live/prod"})
    assert (known(records), records.problems) == ([("aws_s3_bucket.data", "live/prod")], ())
    assert known(read(tmp_path, FastClock(), state=ADDRESS)) == [("aws_s3_bucket.data", None)]


def test_what_is_kept_of_a_state_holds_no_secret_and_serves_a_hook_however_old_it_is(s3: Any, tmp_path: Path) -> None:
    clock = FastClock()
    read(tmp_path, clock, state=ADDRESS)
    kept = [path.read_bytes() for path in (tmp_path / "remedy-gate" / "cache").iterdir()]
    assert len(kept) == 1
    assert b"hunter2" not in kept[0]
    s3.delete_object(Bucket="acme-tf", Key="prod/terraform.tfstate")
    clock.ahead += 100 * SECONDS
    records = read(tmp_path, clock, only_cache=True, state={ADDRESS: "."})
    assert (known(records), records.problems) == ([("aws_s3_bucket.data", "")], ())


def test_a_hook_asks_nobody_and_says_what_fills_the_cache(
    s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployed, "client", lambda *_: pytest.fail("it asked"))
    records = read(tmp_path, FastClock(), only_cache=True, state=ADDRESS)
    said = "It is not in the cache, and a hook does not ask the network. `remedy-gate check` without --staged fills it."
    assert records.problems == (Problem(ADDRESS, said),)


def test_within_the_hour_the_cache_is_used_and_later_or_where_asked_to_aws_is_asked_anew(
    s3: Any, tmp_path: Path
) -> None:
    clock = FastClock()
    read(tmp_path, clock, state={ADDRESS: "."})
    s3.put_object(Bucket="acme-tf", Key="prod/terraform.tfstate", Body=state("another"))
    assert known(read(tmp_path, clock, state={ADDRESS: "."})) == [("aws_s3_bucket.data", "")]
    assert known(read(tmp_path, clock, fresh=True, state={ADDRESS: "."})) == []
    s3.put_object(Bucket="acme-tf", Key="prod/terraform.tfstate", Body=state())
    clock.ahead += SECONDS + 1
    assert known(read(tmp_path, clock, state={ADDRESS: "."})) == [("aws_s3_bucket.data", "")]


def test_where_aws_refuses_what_was_read_before_is_used_and_that_is_said(s3: Any, tmp_path: Path) -> None:
    clock = FastClock()
    read(tmp_path, clock, state={ADDRESS: "."})
    s3.delete_object(Bucket="acme-tf", Key="prod/terraform.tfstate")
    clock.ahead += 2 * SECONDS + 1
    records = read(tmp_path, clock, state={ADDRESS: "."})
    assert known(records) == [("aws_s3_bucket.data", "")]
    (problem,) = records.problems
    assert problem.where == ADDRESS
    assert "NoSuchKey" in problem.message
    assert problem.message.endswith("Used instead is what was read 2 hours ago.")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"hunter2", "it is not JSON."),
        (b'["hunter2"]', "It is not a Terraform state."),
        (b"[" * 99_999, "it is not JSON."),
    ],
)
def test_an_object_that_is_no_state_is_named_and_not_told(body: bytes, said: str, s3: Any, tmp_path: Path) -> None:
    s3.put_object(Bucket="acme-tf", Key="prod/terraform.tfstate", Body=body)
    assert read(tmp_path, FastClock(), state=ADDRESS).problems == (Problem(ADDRESS, said),)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"state": "s3://acme-tf"}, "s3://acme-tf names no object. Name s3://bucket/key."),
        ({"stacks": "cloudformation://x"}, "cloudformation://x names no stack. Name cloudformation://eu-west-1/STACK."),
        (
            {"stacks": "cloudformation://here/x"},
            "'here' is not the name of an AWS region. They look like eu-west-1.",
        ),
    ],
)
def test_an_address_that_names_nothing_is_told_with_the_way_out(
    named: dict[str, Any], said: str, tmp_path: Path
) -> None:
    assert [problem.message for problem in read(tmp_path, FastClock(), **named).problems] == [said]


def test_a_stack_tells_its_resources(tmp_path: Path) -> None:
    service = boto3.client("cloudformation", region_name="eu-west-1")
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Orders": QUEUE}}
    service.create_stack(StackName="orders-prod", TemplateBody=json.dumps(template))
    records = read(tmp_path, FastClock(), stacks={STACK: "orders.yaml"})
    assert records.problems == ()
    (record,) = records.of_logical_id("orders-prod", "Orders")
    assert (record.origin.home, record.resource.type) == ("orders.yaml", "AWS::SQS::Queue")
    assert any("orders" in ident for ident in record.resource.ids)


def test_a_stack_of_more_resources_than_one_answer_holds_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployed, "DESCRIBED", 2)
    service = boto3.client("cloudformation", region_name="eu-west-1")
    queues = {
        f"Q{number}": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"q{number}"}} for number in range(5)
    }
    service.create_stack(StackName="orders-prod", TemplateBody=json.dumps({"Resources": queues}))
    records = read(tmp_path, FastClock(), stacks=STACK)
    assert [len(records.of_logical_id("orders-prod", f"Q{number}")) for number in range(5)] == [1] * 5


def test_a_stack_that_there_is_not_is_named(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, FastClock(), stacks=STACK).problems
    assert problem.where == STACK
    assert "AWS refused" in problem.message


def test_a_finding_is_tied_by_the_state_in_s3_where_the_code_does_not_say_the_name(
    s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    (tmp_path / "main.tf").write_text(CODE)
    (tmp_path / ".remedy-gate.yml").write_text(f"version: 1\nstate: {{'{ADDRESS}': .}}\n")
    finding = {"GeneratorId": "g/S3.8", "ProductArn": "p", "Id": "1", "Resources": [{"Id": BUCKET.id}]}
    (tmp_path / "hub.json").write_text(json.dumps([finding | {"Compliance": {"SecurityControlId": "S3.8"}}]))
    subprocess.run(["git", "add", "main.tf", ".remedy-gate.yml"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    words = ["--findings", "hub.json", "--format", "json"]
    for how, state_of_match in ((["--staged"], "unmatched"), (["--all"], "matched"), (["--staged"], "matched")):
        main(["check", *how, *words])
        (only,) = json.loads(capsys.readouterr().out)["remediations"]
        assert only["match"]["state"] == state_of_match
    assert only["match"]["evidence"][0] == f"the state {ADDRESS} knows it as aws_s3_bucket.data"
