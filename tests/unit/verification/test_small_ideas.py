"""The parts of the checks, one idea each: policies, marks, versions, extent, and what follows from a change."""

from __future__ import annotations

import pytest
from sides_of import CATALOGUE, comparison_of, module_of

from remedy_gate.iac.values import Fields, Items, Known
from remedy_gate.verification.advice import before_replacing, restarts
from remedy_gate.verification.attached import attached
from remedy_gate.verification.changed import changes_of, compared
from remedy_gate.verification.consequences import affected, needed
from remedy_gate.verification.extent import Extent
from remedy_gate.verification.grants import excess
from remedy_gate.verification.independent import disagreement
from remedy_gate.verification.newcomers import Newcomers
from remedy_gate.verification.no_weakening import NoWeakening
from remedy_gate.verification.pinned import pinned_provider
from remedy_gate.verification.scope import Scope
from remedy_gate.verification.standing import Standing
from remedy_gate.verification.statements import policies
from remedy_gate.verification.suppressions import new_suppression

NOBODY = Standing(())
VOLUME = 'resource "aws_ebs_volume" "v" {\n  availability_zone = "eu-west-1a"\n  size              = 20\n}\n'


def objected(policy: str, *, of_key: bool = False) -> list[str]:
    [(_, statements)] = policies(Known(policy))
    return [one.why for one in excess(statements, known=NOBODY, of_key=of_key)]


def statement(**parts: str) -> str:
    inner = ", ".join(f'"{name}": {value}' for name, value in {"Effect": '"Allow"', **parts}.items())
    return f'{{"Version": "2012-10-17", "Statement": [{{{inner}}}]}}'


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        (statement(Action='"s3:*"', Resource='"*"'), "a new policy allows s3:*"),
        (statement(Action='"*"', Resource='"arn:aws:s3:::a"'), "a new policy allows *"),
        (statement(Action='"s3:GetObject"', Resource='"*"'), "a new policy allows s3:getobject on every resource"),
        (statement(NotAction='"iam:*"', Resource='"*"'), "a new policy allows all but what it names"),
        (
            statement(Principal='"*"', Action='"sqs:SendMessage"', Resource='"x"'),
            "a new policy allows sqs:sendmessage to everybody",
        ),
        (
            statement(Principal='{"AWS": "999988887777"}', Action='"sqs:SendMessage"', Resource='"x"'),
            "a new policy lets in arn:aws:iam::999988887777:root, whom the code names nowhere else",
        ),
    ],
)
def test_a_new_policy_that_allows_more_than_a_repair_needs_is_named(policy: str, why: str) -> None:
    assert why in objected(policy)


@pytest.mark.parametrize(
    "policy",
    [
        statement(Action='"logs:PutLogEvents"', Resource='"arn:aws:logs:eu-west-1:111122223333:log-group:a:*"'),
        statement(Action='"xray:PutTraceSegments"', Resource='"*"'),
        statement(Principal='{"Service": "logs.amazonaws.com"}', Action='"sts:AssumeRole"'),
        statement(Effect='"Deny"', Principal='"*"', Action='"s3:*"', Resource='"*"'),
    ],
)
def test_a_new_policy_of_what_a_repair_needs_is_left_alone(policy: str) -> None:
    assert objected(policy) == []


def test_a_managed_policy_of_everything_is_too_much_and_a_small_one_is_not() -> None:
    arn = "arn:aws:iam::aws:policy/{}"
    wide = Fields((("managed_policy_arns", Items((Known(arn.format("AdministratorAccess")),))),))
    small = Fields((("managed_policy_arns", Items((Known(arn.format("AWSXRayDaemonWriteAccess")),))),))
    module = module_of(VOLUME)
    assert [one.why for one in attached(module, wide, NOBODY)] == [
        "AdministratorAccess would be attached to a new role"
    ]
    assert list(attached(module, small, NOBODY)) == []


@pytest.mark.parametrize(
    ("mark", "found"),
    [
        ("# checkov:skip=CKV_AWS_3:fine", "checkov:skip=ckv_aws_3:fine"),
        ("#tfsec:ignore:aws-ebs-encrypt", "tfsec:ignore:aws-ebs-encrypt"),
        ("# nosec", "nosec"),
        ("# kics-scan ignore-block", "kics-scan ignore-block"),
        ("# checkov asks for this (CKV_AWS_3)", ""),
        ("# do not ignore this", ""),
    ],
)
def test_a_mark_that_silences_a_scanner_is_told_from_a_comment_that_speaks_of_one(mark: str, found: str) -> None:
    assert new_suppression(module_of(VOLUME), module_of(f"{mark}\n{VOLUME}"), "main.tf") == found


def test_a_mark_that_was_there_is_left_alone_and_one_on_another_block_is_not() -> None:
    other = VOLUME.replace('"v"', '"w"')
    marked = f"# nosec\n{VOLUME}{other}"
    assert new_suppression(module_of(marked), module_of(marked), "main.tf") == ""
    assert new_suppression(module_of(marked), module_of(f"{VOLUME}# nosec\n{other}"), "main.tf") == "nosec"


def required(constraint: str) -> str:
    return (
        'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n'
        f'      version = "{constraint}"\n    }}\n  }}\n}}\n'
    )


@pytest.mark.parametrize(
    ("constraint", "said"),
    [
        ("~> 5.60", "version 5.x of the provider (required: ~> 5.60)"),
        ("~> 5.60.1", "version 5.60.x of the provider (required: ~> 5.60.1)"),
        (">= 4.0, < 5.0", "version 4.x of the provider (required: >= 4.0, < 5.0)"),
        ("5.31.0", "version 5.31.0 of the provider (required: 5.31.0)"),
    ],
)
def test_the_newest_version_that_a_constraint_lets_in_is_the_one_to_hold_to(constraint: str, said: str) -> None:
    assert str(pinned_provider(module_of(required(constraint)), lambda _: None)) == said


def test_a_lock_file_says_more_than_a_constraint_and_without_either_nothing_is_pinned() -> None:
    lock = b'provider "registry.terraform.io/hashicorp/aws" {\n  version = "5.31.0"\n}\n'
    locked = pinned_provider(module_of(required("~> 5.60")), {".terraform.lock.hcl": lock}.get)
    assert str(locked) == "version 5.31.0 of the provider (.terraform.lock.hcl)"
    assert pinned_provider(module_of(required(">= 5.0")), lambda _: None) is None
    assert pinned_provider(module_of(VOLUME), lambda _: None) is None


def test_an_independent_reader_agrees_about_code_and_about_a_template() -> None:
    template = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"
    assert disagreement(module_of(VOLUME), {"main.tf"}) == ""
    assert disagreement(module_of(template, "t.yaml"), {"t.yaml"}) == ""


def test_an_independent_reader_that_finds_other_blocks_or_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    hcl2 = pytest.importorskip("hcl2")
    monkeypatch.setattr(hcl2, "loads", lambda _: {"resource": [{"aws_ebs_volume": {"w": {}}}]})
    said = disagreement(module_of(VOLUME), {"main.tf"})
    assert said == "an independent reader finds other blocks in main.tf: aws_ebs_volume.v, aws_ebs_volume.w"

    def refuse(_: str) -> None:
        raise ValueError

    monkeypatch.setattr(hcl2, "loads", refuse)
    assert disagreement(module_of(VOLUME), {"main.tf"}) == "an independent reader refuses main.tf: ValueError"


CHAIN = """variable "size" {
  default = 20
}

locals {
  size = var.size
}

resource "aws_ebs_volume" "v" {
  availability_zone = "eu-west-1a"
  size              = local.size
}

resource "aws_ebs_volume" "w" {
  availability_zone = "eu-west-1a"
  size              = 5
}
"""


def test_what_takes_a_value_from_a_block_over_others_is_found_both_ways() -> None:
    module = module_of(CHAIN)
    assert needed(module, "aws_ebs_volume.v") == {"local.size", "var.size"}
    sides = compared(module, module_of(CHAIN.replace("default = 20", "default = 30")))
    assert affected(sides) == {"var.size", "local.size", "aws_ebs_volume.v"}


@pytest.mark.parametrize("nameless", ['resource "aws_ebs_volume" "" {\n}\n', 'variable "" {\n}\n', "terraform {\n}\n"])
def test_a_block_without_a_name_is_followed_to_an_end(nameless: str) -> None:
    module = module_of(CHAIN + nameless)
    changed = module_of(CHAIN.replace("= 20", "= 30") + nameless.replace("{\n", "{\n  # changed\n"))
    reached = affected(compared(module, changed))
    assert "aws_ebs_volume.v" in reached
    assert "aws_ebs_volume.w" not in reached


def test_a_bucket_named_by_its_id_instead_of_its_name_is_no_change_and_another_bucket_is() -> None:
    code = (
        'resource "aws_s3_bucket" "a" {\n  bucket = "one"\n}\n\nresource "aws_s3_bucket" "b" {\n  bucket = "two"\n}\n\n'
        'resource "aws_s3_bucket_versioning" "a" {\n  bucket = aws_s3_bucket.a.bucket\n}\n'
    )
    for after, changes in (("a.id", ()), ("b.id", (("bucket",),)), ("a.arn", (("bucket",),))):
        sides = compared(module_of(code), module_of(code.replace("a.bucket\n}", f"{after}\n}}")))
        assert changes_of(sides, "aws_s3_bucket_versioning.a") == changes


def test_the_extent_of_a_repair_is_what_the_control_names() -> None:
    after = VOLUME.replace("= 20\n", "= 30\n  encrypted         = true\n")
    comparison = comparison_of(VOLUME, after, "aws_ebs_volume.v", "ebs-volume-encrypted")
    extent = Extent(comparison, comparison.subject)
    assert comparison.subject.after is not None
    block = comparison.subject.after.blocks["aws_ebs_volume.v"]
    assert extent.changes(block.address) == (("size",), ("encrypted",))
    assert extent.problem(block, ("encrypted",)) == ""
    assert extent.problem(block, ("size",)) == (
        "aws_ebs_volume.v: size would change, and ebs-volume-encrypted does not name it"
    )


def new(text: str) -> list[str]:
    sides = compared(module_of(VOLUME), module_of(VOLUME + text))
    return [one.why for one in Newcomers(CATALOGUE, sides).objections()]


def test_a_new_resource_that_says_something_unsafe_is_named_and_a_safe_one_is_left_alone() -> None:
    group = (
        'resource "aws_vpc_security_group_ingress_rule" "r" {\n  security_group_id = "sg-1"\n'
        '  ip_protocol       = "tcp"\n  from_port         = 22\n  to_port           = 22\n  cidr_ipv4         = "%s"\n}\n'
    )
    assert "it is new, and security-group-no-open-ssh fails on it" in new(group % "0.0.0.0/0")[0]
    assert new(group % "10.0.0.0/8") == []


def test_advice_says_what_to_do_first_and_what_is_felt() -> None:
    assert before_replacing("aws_db_instance") == "restore it from an encrypted copy of a snapshot"
    assert before_replacing("AWS::EC2::Volume") == "copy a snapshot with encryption and make the volume of it"
    assert before_replacing("aws_lb") == "bring the new one up beside it and move over (blue/green)"
    assert restarts("aws_db_instance", ("multi_az",))
    assert restarts("AWS::RDS::DBInstance", ("Properties", "MultiAZ")) is False
    assert restarts("AWS::RDS::DBInstance", ("Properties", "DBInstanceClass"))


def test_a_comma_behind_the_last_statement_hides_none() -> None:
    policy = statement(Action='"s3:*"', Resource='"*"').replace("}]}", "},]}")
    assert objected(policy) == objected(statement(Action='"s3:*"', Resource='"*"'))


def test_what_is_declared_nowhere_is_the_same_before_and_after() -> None:
    code = 'resource "aws_sns_topic_policy" "p" {{\n  arn    = "a"\n  policy = <<E\n{}\nE\n}}\n'
    body = '{{"Statement": [{{"Effect": "Allow", "Principal": "{}", "Action": "sns:*", "Resource": "${{aws_sns_topic.{}.arn}}"}}]}}'

    def status(resource: str) -> str:
        before, after = code.format(body.format("*", "t")), code.format(body.format("111122223333", resource))
        comparison = comparison_of(before, after, "aws_sns_topic_policy.p", "sns-topic-own-account")
        return str(NoWeakening(CATALOGUE).examine(comparison).status)

    assert status("t") == "pass"
    assert status("other") == "fail"


def test_the_version_of_a_cluster_is_no_version_of_code() -> None:
    code = 'resource "aws_eks_cluster" "c" {\n  version = "1.25"\n}\n'
    address = "aws_eks_cluster.c"
    newer = code.replace("1.25", "1.32")
    assert Scope().examine(comparison_of(code, newer, address, "eks-supported-version")).status == "pass"
    assert Scope().examine(comparison_of(code, newer, address, "eks-secrets-encrypted")).status == "fail"
