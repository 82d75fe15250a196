"""What ids mean: facts by hand, and every row of the table held against itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import remedy_gate.matching
from remedy_gate.domain.finding import CloudResource
from remedy_gate.iac.schemas import load
from remedy_gate.matching.identity import identify, name_attribute, types_of

PLACE = "eu-west-1:111111111111"
FACTS = [
    line
    for line in Path(__file__).with_name("arn_facts.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: " ".join(fact.split()[:2]))
def test_an_arn_says_the_types_and_the_name(fact: str) -> None:
    resource, cloudformation, terraform, name = fact.split()
    found = identify(CloudResource(f"arn:aws:{resource}"))
    assert found is not None
    assert {cloudformation, terraform} <= found.types
    assert found.names[-1:] == (() if name == "-" else (name,)) or name in found.names


def test_there_are_types_enough() -> None:
    assert len({fact.split()[2] for fact in FACTS if not fact.endswith("-")}) >= 50
    named = [row for row in rows() if "*" in row[2] and row[3]]
    assert len(named) >= 150


@pytest.mark.parametrize(
    "ident",
    [
        "arn:aws:iam::aws:policy/AdministratorAccess",
        f"arn:aws:logs:{PLACE}:log-group:/x:log-stream:y",
        f"arn:aws:sns:{PLACE}:topic:1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:nothing:::x",
        "arn:aws",
        "AWS::::Account:111111111111",
        "orders",
        "",
        "arn:aws:rds:",
        "sg-nothex",
    ],
)
def test_what_is_no_resource_of_code_is_not_identified(ident: str) -> None:
    assert identify(CloudResource(ident)) is None


def test_account_and_region_come_from_the_arn_before_the_source() -> None:
    found = identify(CloudResource(f"arn:aws:sqs:{PLACE}:q", account="222222222222", region="us-east-1"))
    assert found is not None
    assert (found.account, found.region) == ("111111111111", "eu-west-1")


def test_a_global_service_has_no_region() -> None:
    found = identify(CloudResource("arn:aws:iam::111111111111:role/x", region="us-east-1"))
    assert found is not None
    assert found.region is None


@pytest.mark.parametrize(
    ("notation", "known"),
    [
        ("AWS::S3::Bucket", "aws_s3_bucket"),
        ("AwsS3Bucket", "aws_s3_bucket"),
        ("aws_s3_bucket", "AWS::S3::Bucket"),
        ("AWS_EC2_INSTANCE", "aws_instance"),
        ("AwsElbv2LoadBalancer", "aws_lb"),
        ("AwsIamPolicy", "aws_iam_policy"),
        ("AwsStepFunctionStateMachine", "aws_sfn_state_machine"),
        ("AwsLambdaFunction", "AWS::Serverless::Function"),
    ],
)
def test_a_cloud_type_is_known_in_every_notation(notation: str, known: str) -> None:
    assert known in types_of(notation)


def test_a_type_that_nobody_knows_is_none() -> None:
    assert types_of("Other") == frozenset()
    assert types_of(None) == frozenset()
    assert name_attribute("aws_nothing") is None


def rows() -> Iterator[list[str]]:
    path = Path(remedy_gate.matching.__file__).with_name("identities.tsv")
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def test_every_form_of_the_table_leads_back_to_its_row() -> None:
    for cloudformation, terraform, forms, _, _ in rows():
        for form in forms.split():
            rest = (
                form.partition(":")[2].replace("**", "name").replace("*", "name").replace("#", "1a2b").replace("?", "x")
            )
            found = identify(CloudResource(f"arn:aws:{form.partition(':')[0]}:{PLACE}:{rest}"))
            if found is not None:  # a form within another one's name is that one's
                assert {cloudformation, *terraform.split()} & found.types or "/" in rest, form


def test_every_attribute_of_the_table_is_an_argument_that_can_be_set() -> None:
    tables = load()
    for cloudformation, terraform, _, attribute, name_property in rows():
        for name, argument in ((terraform.partition(" ")[0], attribute), (cloudformation, name_property)):
            arguments = tables.arguments(name) if argument and "::Serverless::" not in name else None
            if arguments is not None:
                assert argument in arguments, name
                assert not arguments[argument].readable, name


def test_the_table_is_sorted_and_says_where_it_comes_from() -> None:
    path = Path(remedy_gate.matching.__file__).with_name("identities.tsv")
    heading, *lines = path.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"# Made by \.ci/make_identities\.py from arnmatch [\d.]+ and cfn-lint [\d.]+\.", heading)
    assert lines == sorted(lines)
