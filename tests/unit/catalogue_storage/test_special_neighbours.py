"""The special rules that look at other resources: nothing points here, a bucket's policy refuses plain HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.special import SPECIALS
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.operations import AddItem, AddResource, Raw, Ref, Table
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform

SCHEMAS = load()
BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n\n'
NO_LOGGING: dict[str, Any] = {"type": "aws_s3_bucket_logging", "by": "target_bucket"}
DENY = """\
      Statement = [{
        Effect    = "Deny"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }]
"""
ALLOW = '      Statement = [{ Effect = "Allow", Condition = { Bool = { "aws:SecureTransport" = "false" } } }]\n'


def terraform(code: str, address: str = "aws_s3_bucket.b") -> Subject:
    return Subject(Terraform(SCHEMAS).read({"main.tf": code.encode()}), address, {})


def template(text: str, address: str) -> Subject:
    return Subject(CloudFormation(SCHEMAS).read({"t.yaml": text.encode()}), address, {})


def logging(target: str) -> str:
    return f'resource "aws_s3_bucket_logging" "l" {{\n  bucket        = "other"\n  target_bucket = {target}\n}}\n'


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", Verdict(Holds.YES, "no aws_s3_bucket_logging points at it")),
        (logging('"another"'), Verdict(Holds.YES, "no aws_s3_bucket_logging points at it")),
        (logging("aws_s3_bucket.b.id"), Verdict(Holds.NO, "aws_s3_bucket_logging.l points at it")),
        (logging('"example"'), Verdict(Holds.NO, "aws_s3_bucket_logging.l points at it")),
    ],
)
def test_nothing_of_that_type_points_here(rest: str, expected: Verdict) -> None:
    assert SPECIALS["no_sibling"].judge(terraform(BUCKET + rest), NO_LOGGING) == expected


def test_what_may_point_here_makes_it_unknown() -> None:
    subject = terraform(BUCKET + logging("var.x") + 'variable "x" {}\n')
    assert SPECIALS["no_sibling"].judge(subject, NO_LOGGING).holds is Holds.UNKNOWN


OWNERSHIP = 'resource "aws_s3_bucket_ownership_controls" "o" {\n  bucket = %s\n}\n\n'
NO_ACL: dict[str, Any] = {"type": "aws_s3_bucket_acl", "by": "bucket", "through": "bucket"}


@pytest.mark.parametrize(
    ("bucket", "acl", "holds"),
    [
        ("aws_s3_bucket.b.id", "aws_s3_bucket.b.id", Holds.NO),
        ("aws_s3_bucket.b.id", '"other"', Holds.YES),
        ('"example"', '"other"', Holds.UNKNOWN),
        ('"example"', None, Holds.YES),
    ],
)
def test_through_an_attribute_it_is_about_what_that_points_at(bucket: str, acl: str | None, holds: Holds) -> None:
    rest = f'resource "aws_s3_bucket_acl" "a" {{\n  bucket = {acl}\n}}\n' if acl else ""
    subject = terraform(BUCKET + OWNERSHIP % bucket + rest, "aws_s3_bucket_ownership_controls.o")
    assert SPECIALS["no_sibling"].judge(subject, NO_ACL).holds is holds


def policy(statements: str, bucket: str = "aws_s3_bucket.b.id") -> str:
    return (
        f'resource "aws_s3_bucket_policy" "p" {{\n  bucket = {bucket}\n'
        f"  policy = jsonencode({{\n{statements}    }})\n}}\n"
    )


@pytest.mark.parametrize(
    ("rest", "holds"),
    [
        ("", Holds.NO),
        (policy(DENY), Holds.YES),
        (policy(ALLOW), Holds.NO),
        (policy(DENY, '"other"'), Holds.NO),
        ('resource "aws_s3_bucket_policy" "p" {\n  bucket = aws_s3_bucket.b.id\n  policy = var.x\n}\n', Holds.UNKNOWN),
        ('resource "aws_s3_bucket_policy" "p" {\n  bucket = var.x\n  policy = "{}"\n}\n', Holds.UNKNOWN),
        ('resource "aws_s3_bucket_policy" "p" {\n  bucket = aws_s3_bucket.b.id\n  policy = "no"\n}\n', Holds.UNKNOWN),
    ],
)
def test_a_statement_of_the_buckets_policy_denies_plain_http(rest: str, holds: Holds) -> None:
    subject = terraform(BUCKET + rest + 'variable "x" {}\n')
    assert SPECIALS["denies_plain_http"].judge(subject, {}).holds is holds


def test_a_bucket_without_a_policy_gets_one_that_says_nothing_else() -> None:
    (edit,) = SPECIALS["denies_plain_http"].repair(terraform(BUCKET), {})
    assert isinstance(edit, AddResource)
    assert (edit.after, edit.type, edit.name) == ("aws_s3_bucket.b", "aws_s3_bucket_policy", "b")
    (bucket, written) = edit.body.entries
    assert bucket == ("bucket", Ref("aws_s3_bucket.b", "id"))
    assert isinstance(written[1], Raw)
    assert 'Resource  = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]' in written[1].text


def test_a_policy_that_is_added_has_the_line_ends_of_its_file() -> None:
    (edit,) = SPECIALS["denies_plain_http"].repair(terraform(BUCKET.replace("\n", "\r\n")), {})
    assert isinstance(edit, AddResource)
    written = dict(edit.body.entries)["policy"]
    assert isinstance(written, Raw)
    assert written.text.count("\r\n") == written.text.count("\n") > 0


@pytest.mark.parametrize("repetition", ["count  = 2", "provider = aws.other"])
def test_a_bucket_that_stands_for_several_or_elsewhere_gets_no_policy(repetition: str) -> None:
    code = f'resource "aws_s3_bucket" "b" {{\n  {repetition}\n}}\n'
    assert isinstance(SPECIALS["denies_plain_http"].repair(terraform(code), {}), NoPatch)


def test_a_policy_of_the_bucket_gets_the_statement_too() -> None:
    (edit,) = SPECIALS["denies_plain_http"].repair(terraform(BUCKET + policy(ALLOW)), {})
    assert isinstance(edit, AddItem)
    assert (edit.address, edit.path) == ("aws_s3_bucket_policy.p", ("policy", "Statement"))
    arns = (Ref("aws_s3_bucket.b", "arn"), Raw('"${aws_s3_bucket.b.arn}/*"'))
    assert isinstance(edit.value, Table)
    assert ("Resource", arns) in edit.value.entries


TEMPLATE = """\
Resources:
  Data:
    Type: AWS::S3::Bucket
  Rules:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument:
        Statement:
          - Effect: Allow
"""


@pytest.mark.parametrize("address", ["Data", "Rules"])
def test_a_policy_of_a_template_gets_one_more_statement(address: str) -> None:
    subject = template(TEMPLATE, address)
    assert SPECIALS["denies_plain_http"].judge(subject, {}).holds is Holds.NO
    (edit,) = SPECIALS["denies_plain_http"].repair(subject, {})
    assert isinstance(edit, AddItem)
    assert (edit.address, edit.path) == ("Rules", ("Properties", "PolicyDocument", "Statement"))
    assert isinstance(edit.value, Table)
    assert dict(edit.value.entries)["Resource"] == (Ref("Data", "Arn"), Table((("Fn::Sub", "${Data.Arn}/*"),)))
