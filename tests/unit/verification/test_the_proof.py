"""What the checks say of patches that repair, that only seem to, and that do harm."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import CheckName, Outcome, Proof, Status
from remedy_gate.domain.source import LineRange, Resource
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.verification.check import Depth
from remedy_gate.verification.prover import FullProver, Ground

SCHEMAS = load()
BUCKET = """variable "flag" {}

variable "off" {
  default = false
}

resource "aws_s3_bucket" "b" {
  bucket = "example"
}

resource "aws_s3_bucket_public_access_block" "b" {
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = false
}

resource "aws_s3_bucket" "other" {
  bucket = "other"
}
"""
VERSIONING = """
resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id

  versioning_configuration {
    status = "Enabled"
  }
}
"""
TEMPLATE = """Parameters:
  Status:
    Type: String
Conditions:
  Never: !Equals [a, b]
Resources:
  B:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Properties:
      BucketName: example
  Other:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
"""
FIXED = "restrict_public_buckets = true"
OPEN = "restrict_public_buckets = false"
BLOCKS = ("aws_s3_bucket", "aws_s3_bucket_public_access_block")


class Trial(NamedTuple):
    """A text, the resource that the finding is about, and its control."""

    text: str
    path: str
    address: str
    type: str
    control: str


TERRAFORM = Trial(BUCKET, "main.tf", "aws_s3_bucket.b", "aws_s3_bucket", "s3-public-access-block")
CLOUDFORMATION = Trial(TEMPLATE, "t.yaml", "B", "AWS::S3::Bucket", "s3-versioning")


def prove(trial: Trial, after: str, *, depth: Depth = Depth.QUICK, base: str | None = None, path: str = "") -> Proof:
    reader = Reader((Terraform(SCHEMAS), CloudFormation(SCHEMAS)))
    match = Match(MatchState.MATCHED, Resource(trial.address, trial.type, trial.path, LineRange(1, 99)), 1.0)
    finding = Finding("checkov", "R", "t", control=trial.control)
    file = FilePatch(path or trial.path, (base or trial.text).encode(), after.encode())
    patch = Patch(Origin(OriginKind.GIVEN, "test", "1"), (file,))
    ground = Ground(reader, Catalogue(), SCHEMAS, {}, depth)
    return FullProver(ground).prove(finding, match, patch, {trial.path: trial.text.encode()})


def said(proof: Proof, name: CheckName) -> tuple[Status, str]:
    return next((check.status, check.detail) for check in proof.checks if check.name is name)


@pytest.mark.parametrize("depth", Depth)
def test_a_repair_is_proven_and_every_check_says_why(depth: Depth) -> None:
    proof = prove(TERRAFORM, BUCKET.replace(OPEN, FIXED), depth=depth)
    assert proof.outcome is Outcome.PROVEN
    assert [check.name for check in proof.checks] == list(CheckName)
    assert said(proof, CheckName.SCOPE) == (
        Status.PASS,
        "changes only aws_s3_bucket_public_access_block.b (restrict_public_buckets)",
    )
    assert said(proof, CheckName.INTENT)[1].startswith("s3-public-access-block holds: ")


@pytest.mark.parametrize("depth", Depth)
def test_a_repair_of_a_template_is_proven(depth: Depth) -> None:
    fixed = TEMPLATE.replace("example\n", "example\n      VersioningConfiguration: {Status: Enabled}\n", 1)
    assert prove(CLOUDFORMATION, fixed, depth=depth).outcome is Outcome.PROVEN


def test_a_sibling_of_the_named_type_may_be_added() -> None:
    alone = TERRAFORM._replace(text='resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n')
    added = (
        alone.text
        + BUCKET[BUCKET.index('\nresource "aws_s3_bucket_public') : BUCKET.index('\nresource "aws_s3_bucket" "other"')]
    )
    assert prove(alone, added.replace(OPEN, FIXED)).outcome is Outcome.PROVEN


@pytest.mark.parametrize(
    ("after", "check", "detail"),
    [
        (
            BUCKET.replace(OPEN, "restrict_public_buckets = var.off"),
            CheckName.INTENT,
            "restrict_public_buckets is false",
        ),
        (
            BUCKET.replace(OPEN, 'restrict_public_buckets = "false"'),
            CheckName.INTENT,
            'restrict_public_buckets is "false"',
        ),
        (
            BUCKET.replace(f"  {OPEN}\n", ""),
            CheckName.INTENT,
            "restrict_public_buckets is not set, and false by default",
        ),
        (
            BUCKET.replace(
                "  bucket                  = aws_s3_bucket.b.id", "  bucket                  = aws_s3_bucket.other.id"
            ).replace(OPEN, FIXED),
            CheckName.SCOPE,
            "",
        ),
        (
            BUCKET.replace(OPEN, f"{FIXED}\n  count                   = 0"),
            CheckName.SCOPE,
            "`count` would change how many instances there are",
        ),
        (
            BUCKET.replace(OPEN, f"{OPEN} # checkov:skip=CKV_AWS_56:fine"),
            CheckName.SCOPE,
            "main.tf would silence a scanner: checkov:skip",
        ),
        (
            BUCKET.replace(OPEN, f"{FIXED} # tfsec:ignore:x"),
            CheckName.SCOPE,
            "main.tf would silence a scanner: tfsec:ignore",
        ),
        (
            BUCKET.replace(OPEN, f"{FIXED}\n\n  lifecycle {{\n    ignore_changes = [restrict_public_buckets]\n  }}"),
            CheckName.SCOPE,
            "`lifecycle` would change, which changes what Terraform does with differences or destruction",
        ),
        (
            BUCKET.replace(OPEN, f'{FIXED}\n\n  provisioner "local-exec" {{\n    command = "true"\n  }}'),
            CheckName.SCOPE,
            "`provisioner` would change, which runs commands",
        ),
        (
            BUCKET.replace(OPEN, FIXED).replace('"other"\n}', '"renamed"\n}'),
            CheckName.SCOPE,
            "aws_s3_bucket.other: bucket would change, and s3-public-access-block does not name it",
        ),
        (
            BUCKET.replace(OPEN, FIXED).replace('bucket" "other"', 'bucket" "renamed"'),
            CheckName.SCOPE,
            "aws_s3_bucket.other would be lost",
        ),
        (
            BUCKET.replace(OPEN, FIXED) + '\nmodule "m" {\n  source = "./m"\n}\n',
            CheckName.SCOPE,
            "module.m would be added, and s3-public-access-block needs no such module",
        ),
        (
            BUCKET.replace(OPEN, FIXED) + '\ndata "external" "x" {\n  program = ["sh"]\n}\n',
            CheckName.SCOPE,
            "data.external.x would be added, and s3-public-access-block needs no such data",
        ),
        (
            BUCKET.replace(OPEN, FIXED) + '\nresource "aws_iam_user" "u" {\n  name = "u"\n}\n',
            CheckName.SCOPE,
            "aws_iam_user.u would be added, and s3-public-access-block does not name it",
        ),
        (BUCKET + "# all is well\n", CheckName.SCOPE, "nothing but comments or layout would change"),
        (BUCKET.replace(OPEN, f"{FIXED}\n  restrict_everything     = true"), CheckName.SCOPE, ""),
        (
            BUCKET.replace(OPEN, "restrict_public_buckets = true\n  restrict_public_buckets = true"),
            CheckName.PARSES,
            "",
        ),
        (BUCKET.replace(OPEN, "restrict_public_buckets = "), CheckName.PARSES, ""),
        (
            BUCKET.replace(OPEN, FIXED).replace("block_public_acls       = true", "block_public_acls       = false"),
            CheckName.INTENT,
            "",
        ),
    ],
)
def test_what_only_seems_to_repair_is_refuted_by_name(after: str, check: CheckName, detail: str) -> None:
    assert after != BUCKET
    proof = prove(TERRAFORM, after)
    assert proof.outcome is Outcome.REFUTED
    status, words = said(proof, check)
    assert status is Status.FAIL
    assert detail in words


@pytest.mark.parametrize("value", ["var.flag", "data.x.y.z", "module.m.flag"])
def test_a_value_that_nobody_knows_is_no_proof(value: str) -> None:
    proof = prove(TERRAFORM, BUCKET.replace(OPEN, f"restrict_public_buckets = {value}"))
    assert proof.outcome is not Outcome.PROVEN
    assert said(proof, CheckName.INTENT)[0] is (Status.NOT_RUN if value == "var.flag" else Status.FAIL)


PROPERTIES = "      BucketName: example\n"
ENABLED = "      VersioningConfiguration: {Status: Enabled}\n"


@pytest.mark.parametrize(
    ("after", "check"),
    [
        (
            TEMPLATE.replace(PROPERTIES, f"{PROPERTIES}      VersioningConfiguration: {{Status: Suspended}}\n"),
            CheckName.INTENT,
        ),
        (
            TEMPLATE.replace(PROPERTIES, PROPERTIES + ENABLED).replace(
                "    DeletionPolicy: Retain\n    Properties", "    Properties"
            ),
            CheckName.SCOPE,
        ),
        (
            TEMPLATE.replace(PROPERTIES, PROPERTIES + ENABLED).replace(
                "DeletionPolicy: Retain", "DeletionPolicy: Delete", 1
            ),
            CheckName.SCOPE,
        ),
        (
            TEMPLATE.replace(PROPERTIES, PROPERTIES + ENABLED).replace(
                "    Properties:", "    Condition: Never\n    Properties:"
            ),
            CheckName.SCOPE,
        ),
        (
            TEMPLATE.replace(PROPERTIES, PROPERTIES + ENABLED).replace(
                "    Properties:", "    Metadata: {cfn_nag: {rules_to_suppress: []}}\n    Properties:"
            ),
            CheckName.SCOPE,
        ),
        (
            TEMPLATE.replace(PROPERTIES, PROPERTIES + ENABLED).replace(
                "  Other:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n", ""
            ),
            CheckName.SCOPE,
        ),
        (
            TEMPLATE.replace(
                "    DeletionPolicy: Retain\n    Properties",
                f"    DeletionPolicy: Retain\n    Properties:\n{ENABLED}    Properties",
                1,
            ),
            CheckName.PARSES,
        ),
        (
            TEMPLATE.replace(
                "  Other:\n    Type: AWS::S3::Bucket\n",
                f"  Other:\n    Type: AWS::S3::Bucket\n    Properties:\n{ENABLED}",
            ),
            CheckName.SCOPE,
        ),
        (
            TEMPLATE.replace(PROPERTIES, PROPERTIES + ENABLED).replace(
                "Type: AWS::S3::Bucket", "Type: AWS::SQS::Queue", 1
            ),
            CheckName.SCOPE,
        ),
    ],
)
def test_what_only_seems_to_repair_a_template_is_refuted(after: str, check: CheckName) -> None:
    assert after != TEMPLATE
    proof = prove(CLOUDFORMATION, after)
    assert proof.outcome is Outcome.REFUTED
    assert said(proof, check)[0] is Status.FAIL


def test_a_parameter_without_a_default_is_no_proof() -> None:
    after = TEMPLATE.replace(PROPERTIES, f"{PROPERTIES}      VersioningConfiguration: {{Status: !Ref Status}}\n")
    proof = prove(CLOUDFORMATION, after)
    assert (proof.outcome, said(proof, CheckName.INTENT)[0]) == (Outcome.UNPROVEN, Status.NOT_RUN)


def test_a_patch_that_declares_a_block_a_second_time_is_refuted() -> None:
    proof = prove(TERRAFORM, BUCKET.replace(OPEN, FIXED) + 'resource "aws_s3_bucket" "other" {}\n')
    twice = "aws_s3_bucket.other is declared twice: main.tf, line 19, and main.tf, line 22"
    assert said(proof, CheckName.PARSES) == (Status.FAIL, twice)


def test_a_patch_for_or_of_a_block_that_is_declared_twice_is_refuted_and_one_beside_it_is_proven() -> None:
    bucket, block = (BUCKET + f'resource "{kind}" "b" {{}}\n' for kind in BLOCKS)
    elsewhere = BUCKET + 'resource "aws_s3_bucket" "other" {}\n'
    for text in (bucket, block):
        proof = prove(TERRAFORM._replace(text=text), text.replace(OPEN, FIXED))
        assert "is declared twice" in said(proof, CheckName.PARSES)[1]
        assert proof.outcome is Outcome.REFUTED
    assert prove(TERRAFORM._replace(text=elsewhere), elsewhere.replace(OPEN, FIXED)).outcome is Outcome.PROVEN


def test_a_patch_of_other_contents_does_not_apply() -> None:
    proof = prove(TERRAFORM, BUCKET.replace(OPEN, FIXED), base=BUCKET + "\n")
    assert said(proof, CheckName.APPLIES)[0] is Status.FAIL


@pytest.mark.parametrize(
    "path", ["../main.tf", "/etc/passwd", ".github/workflows/ci.yml", "a/../../b.tf", "a\\b.tf", "CODEOWNERS"]
)
def test_a_patch_of_what_it_must_not_touch_does_not_apply(path: str) -> None:
    assert said(prove(TERRAFORM, "x", path=path), CheckName.APPLIES)[0] is Status.FAIL


def test_an_argument_that_does_not_exist_fails_the_schema_and_one_that_stood_there_before_does_not() -> None:
    odd = BUCKET.replace(
        "restrict_public_buckets = false", "restrict_public_buckets = false\n  made_up                 = true"
    )
    before = TERRAFORM._replace(text=odd)
    assert said(prove(before, odd.replace(OPEN, FIXED)), CheckName.SCHEMA)[0] is Status.PASS
    assert said(prove(TERRAFORM, odd.replace(OPEN, FIXED)), CheckName.SCHEMA) == (
        Status.FAIL,
        "aws_s3_bucket_public_access_block.b: there is no argument made_up",
    )


def test_a_finding_without_a_control_is_never_proven_and_says_what_to_look_at() -> None:
    proof = prove(TERRAFORM._replace(control="nobody-knows"), BUCKET.replace(OPEN, FIXED))
    assert proof.outcome is not Outcome.PROVEN
    assert said(proof, CheckName.INTENT) == (
        Status.NOT_RUN,
        (
            "no control says what checkov R demands: a reviewer has to judge whether this repairs it: "
            "look at aws_s3_bucket_public_access_block.b (restrict_public_buckets)"
        ),
    )


def test_a_control_that_held_elsewhere_must_not_be_lost() -> None:
    text = BUCKET + VERSIONING
    proof = prove(TERRAFORM._replace(text=text), text.replace(OPEN, FIXED).replace('"Enabled"', '"Suspended"'))
    status, detail = said(proof, CheckName.NO_WEAKENING)
    assert status is Status.FAIL
    assert "s3-versioning held on" in detail
