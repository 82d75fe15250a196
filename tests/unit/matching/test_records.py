"""State, plan and stack files: what is taken out of them, what is refused, and that nothing else is kept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.domain.finding import CloudResource
from remedy_gate.errors import CodeError
from remedy_gate.matching.identity import identify
from remedy_gate.matching.plan import read_plan
from remedy_gate.matching.records import Origin, Record, Recorded, Records
from remedy_gate.matching.stacks import read_stack
from remedy_gate.matching.state import read_state

BUCKET = {"id": "acme", "bucket": "acme", "arn": "arn:aws:s3:::acme"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


def raw(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"version": 4, "resources": list(resources)}


def managed(attributes: Any, **more: Any) -> dict[str, Any]:
    instance = {"attributes": attributes, **({"index_key": more.pop("key")} if "key" in more else {})}
    return {"mode": "managed", "type": "aws_s3_bucket", "name": "b", "instances": [instance], **more}


@pytest.mark.parametrize(
    ("more", "address"),
    [
        ({}, "aws_s3_bucket.b"),
        ({"key": 0}, "aws_s3_bucket.b[0]"),
        ({"key": "eu"}, 'aws_s3_bucket.b["eu"]'),
        ({"module": "module.a[1].module.b"}, "module.a[1].module.b.aws_s3_bucket.b"),
    ],
)
def test_a_raw_state_gives_addresses(more: dict[str, Any], address: str) -> None:
    assert read_state(raw(managed(BUCKET, **more))) == (
        Recorded(address, "aws_s3_bucket", "arn:aws:s3:::acme", ("acme",)),
    )


def test_a_shown_state_gives_those_of_every_module() -> None:
    resource = {"address": "module.m.aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "values": BUCKET}
    child = {"address": "module.m", "resources": [resource]}
    (only,) = read_state({"format_version": "1.0", "values": {"root_module": {"child_modules": [child]}}})
    assert (only.address, only.arn) == ("module.m.aws_s3_bucket.b", "arn:aws:s3:::acme")


def test_nothing_but_ids_is_kept_of_a_state() -> None:
    secrets = {**BUCKET, "password": "hunter2", "tags": {"token": "hunter2"}, "policy": "hunter2"}
    random = {
        "mode": "managed",
        "type": "random_password",
        "name": "p",
        "instances": [{"attributes": {"id": "hunter2"}}],
    }
    assert "hunter2" not in repr(read_state({**raw(managed(secrets), random), "outputs": {"p": {"value": "hunter2"}}}))


def test_a_plan_gives_what_there_was_and_what_will_be_under_the_new_address() -> None:
    change = {"actions": ["update"], "before": BUCKET, "after": {"bucket": "renamed"}}
    moved = {"address": "aws_s3_bucket.new", "previous_address": "aws_s3_bucket.old", "type": "aws_s3_bucket"}
    prior = {"values": {"root_module": {"resources": [{"address": "aws_s3_bucket.old", "type": "aws_s3_bucket"}]}}}
    records = read_plan({"resource_changes": [{**moved, "mode": "managed", "change": change}], "prior_state": prior})
    assert set(records) == {Recorded("aws_s3_bucket.new", "aws_s3_bucket", "arn:aws:s3:::acme", ("acme", "renamed"))}


def test_a_stack_gives_logical_ids() -> None:
    entry = {"LogicalResourceId": "Logs", "PhysicalResourceId": "acme", "ResourceType": "AWS::S3::Bucket"}
    stack = {"StackId": "arn:aws:cloudformation:eu-west-1:111111111111:stack/storage/uuid"}
    assert read_stack({"StackResources": [{**entry, **stack}]}) == (
        Recorded("Logs", "AWS::S3::Bucket", None, ("acme",), "storage"),
    )
    assert read_stack([{"StackResourceDetail": entry}, {"StackResourceSummaries": []}]) == (
        Recorded("Logs", "AWS::S3::Bucket", None, ("acme",), ""),
    )


@pytest.mark.parametrize(
    "document",
    [
        [],
        None,
        "x",
        {},
        {"version": 3, "modules": []},
        {"encrypted_data": "abc"},
        {"planned_values": {}},
        {"version": 4},
    ],
)
def test_what_is_no_state_is_refused(document: Any) -> None:
    with pytest.raises(CodeError):
        read_state(document)


@pytest.mark.parametrize("document", [[], None, {}, {"version": 4, "resources": []}, {"resource_changes": {}}])
def test_what_is_no_plan_is_refused(document: Any) -> None:
    with pytest.raises(CodeError):
        read_plan(document)


@pytest.mark.parametrize("document", [[], None, {}, {"Stacks": []}, {"Changes": []}])
def test_what_lists_no_stack_is_refused(document: Any) -> None:
    with pytest.raises(CodeError):
        read_stack(document)


@given(JSON, st.sampled_from([read_state, read_plan, read_stack]))
def test_any_json_is_read_or_refused(document: Any, read: Any) -> None:
    shapes = [document, {"version": 4, "resources": [document]}, {"values": {"root_module": document}}]
    shapes += [{"resource_changes": [document]}, {"StackResources": [document]}, {"resource_changes": document}]
    shapes += [
        raw(managed(document)),
        {"resource_changes": [{"address": "a.b", "type": "aws_s3_bucket", "change": document}]},
    ]
    for shape in shapes:
        try:
            records = read(shape)
        except CodeError:
            continue
        assert all(isinstance(one, Recorded) for one in records)


def known(*recorded: Recorded) -> Records:
    origin = Origin("state", "terraform.tfstate", "")
    return Records(Record(origin, one) for one in recorded)


@pytest.mark.parametrize(
    ("ident", "kind", "found"),
    [
        ("arn:aws:sqs:eu-west-1:111111111111:jobs", None, True),
        ("https://sqs.eu-west-1.amazonaws.com/111111111111/jobs", None, True),
        ("jobs", "AwsSqsQueue", True),
        ("jobs", None, False),
        ("jobs", "AwsSnsTopic", False),
        ("arn:aws:sqs:us-east-1:111111111111:jobs", None, False),
        ("arn:aws:sqs:eu-west-1:222222222222:jobs", None, False),
        ("arn:aws:sqs:eu-west-1:111111111111:other", None, False),
    ],
)
def test_a_resource_is_found_by_any_of_its_ids_and_never_by_anothers(ident: str, kind: str | None, found: bool) -> None:
    resource = CloudResource(ident, kind)
    url, arn = "https://sqs.eu-west-1.amazonaws.com/111111111111/jobs", "arn:aws:sqs:eu-west-1:111111111111:jobs"
    records = known(Recorded("aws_sqs_queue.q", "aws_sqs_queue", arn, (url, "jobs")))
    assert bool(records.of(resource, identify(resource))) is found


def test_an_arn_that_nobody_knows_the_form_of_is_still_an_arn() -> None:
    resource = CloudResource("arn:aws:brandnew:eu-west-1:111111111111:thing/x")
    records = known(Recorded("aws_brandnew_thing.x", "aws_brandnew_thing", resource.id, ("x",)))
    assert [record.resource.address for record in records.of(resource, identify(resource))] == ["aws_brandnew_thing.x"]


def test_one_arn_of_two_addresses_that_nobody_knows_the_form_of_is_neither() -> None:
    resource = CloudResource("arn:aws:brandnew:eu-west-1:111111111111:thing/x")
    both = (Recorded(f"aws_brandnew_{name}.x", f"aws_brandnew_{name}", resource.id, ()) for name in ("thing", "policy"))
    assert known(*both).of(resource, identify(resource)) == ()
