from __future__ import annotations

import pytest

from remedy_gate.catalogue.control import Control
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.owned import control_of
from remedy_gate.domain.finding import CloudResource, Finding, Location, Severity
from remedy_gate.domain.match import InCode, MatchState
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching.addresses import address_of
from remedy_gate.matching.folding import fold
from remedy_gate.matching.index import CodeIndex
from remedy_gate.matching.match import Matched, match_all

BUCKETS = b"""resource "aws_s3_bucket" "logs" {
  bucket = "example-logs"
}

resource "aws_s3_bucket" "data" {
  bucket = "example-data"
}
"""
TABLE = b"""resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
"""
POLICY = b"""data "aws_iam_policy_document" "read" {
}
"""
TEMPLATE = b"""Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: jobs
"""
CODE = {
    "live/main.tf": BUCKETS,
    "live/table.tf": TABLE,
    "live/policy.tf": POLICY,
    "stacks/queue.yaml": TEMPLATE,
}


def matches(*findings: Finding, code: dict[str, bytes] = CODE) -> list[Matched]:
    reader = Reader((Terraform(load()), CloudFormation(load())))
    return list(match_all(findings, CodeIndex(reader.modules(code)), Catalogue(), {}))


def at(path: str, first: int | None = None, last: int | None = None, address: str | None = None) -> Finding:
    return Finding("checkov", "CKV_AWS_21", "no versioning", location=Location(path, first, last, address))


def cloud(identifier: str, kind: str | None = None) -> Finding:
    return Finding("security-hub", "S3.14", "no versioning", resources=(CloudResource(identifier, kind),))


def where(finding: Finding, code: dict[str, bytes] = CODE) -> tuple[str, str | None]:
    (only,) = matches(finding, code=code)
    return only.match.state, only.match.resource.address if only.match.resource else None


@pytest.mark.parametrize(
    ("finding", "address"),
    [
        (at("live/main.tf", 1, 3, "aws_s3_bucket.logs"), "aws_s3_bucket.logs"),
        (at("live/main.tf", 5, 7, "aws_s3_bucket.data"), "aws_s3_bucket.data"),
        (at("main.tf", 5, 7, "aws_s3_bucket.data"), "aws_s3_bucket.data"),
        (at("work/repo/live/main.tf", 5, 7, "aws_s3_bucket.data"), "aws_s3_bucket.data"),
        (at("live/main.tf", 5, 7, 'aws_s3_bucket.data["eu"]'), "aws_s3_bucket.data"),
        (at("live/main.tf", 5, 7, "module.storage[0].aws_s3_bucket.data"), "aws_s3_bucket.data"),
        (at("live/table.tf", 5, 7, "aws_s3_bucket.data"), "aws_s3_bucket.data"),
        (at("live/policy.tf", 1, 2, "aws_iam_policy_document.read"), "data.aws_iam_policy_document.read"),
        (at("live/policy.tf", 1, 2, "data.aws_iam_policy_document.read"), "data.aws_iam_policy_document.read"),
        (at("live/main.tf", 6), "aws_s3_bucket.data"),
        (at("live/main.tf", 1, 3), "aws_s3_bucket.logs"),
        (at("stacks/queue.yaml", 2, 5, "Queue"), "Queue"),
        (at("stacks/queue.yaml", 4, 4), "Queue"),
        (cloud("arn:aws:s3:::example-data"), "aws_s3_bucket.data"),
        (cloud("arn:aws:s3:::example-data/some/key"), "aws_s3_bucket.data"),
        (cloud("arn:aws:dynamodb:eu-west-1:111111111111:table/orders"), "aws_dynamodb_table.orders"),
        (cloud("arn:aws:sqs:eu-west-1:111111111111:jobs"), "Queue"),
        (cloud("orders", "AwsDynamoDbTable"), "aws_dynamodb_table.orders"),
        (cloud("orders", "AWS::DynamoDB::Table"), "aws_dynamodb_table.orders"),
    ],
)
def test_evidence_leads_to_the_block(finding: Finding, address: str) -> None:
    assert where(finding) == ("matched", address)


@pytest.mark.parametrize(
    "finding",
    [
        at("live/main.tf", 1, 3, "aws_s3_bucket.gone"),
        at("elsewhere/main.tf", 1, 3, "aws_s3_bucket.logs"),
        at("live/main.tf", 40, 44),
        at("live/main.tf"),
        cloud("arn:aws:s3:::nobodys-bucket"),
        cloud("arn:aws:sns:eu-west-1:111111111111:jobs"),
        cloud("arn:aws:logs:eu-west-1:111111111111:log-group:orders:*"),
        cloud("AWS::::Account:111111111111"),
        cloud("orders"),
        Finding("wiz", "x", "x"),
    ],
)
def test_without_evidence_there_is_no_match(finding: Finding) -> None:
    assert where(finding) == ("unmatched", None)


def test_lines_that_cover_two_blocks_are_ambiguous() -> None:
    (only,) = matches(at("live/main.tf", 2, 6))
    assert only.match.state is MatchState.AMBIGUOUS
    assert only.match.resource is None
    assert "aws_s3_bucket.logs (live/main.tf), aws_s3_bucket.data (live/main.tf)" in only.match.evidence[-1]


def test_one_name_in_two_modules_is_ambiguous() -> None:
    code = {"eu/main.tf": BUCKETS, "us/main.tf": BUCKETS}
    assert where(cloud("arn:aws:s3:::example-data"), code) == ("ambiguous", None)


def test_a_path_that_two_files_end_with_is_ambiguous_unless_it_names_one_exactly() -> None:
    code = {"eu/main.tf": BUCKETS, "us/main.tf": BUCKETS}
    assert where(at("main.tf", 1, 3, "aws_s3_bucket.logs"), code) == ("ambiguous", None)
    assert where(at("us/main.tf", 1, 3, "aws_s3_bucket.logs"), code) == ("matched", "aws_s3_bucket.logs")


def test_the_evidence_says_what_was_taken_off_the_address() -> None:
    address = address_of('module.a["x"].module.b.aws_db_instance.this[0]')
    assert (address.block, address.said) == (
        "aws_db_instance.this",
        ('called as module.a["x"].module.b', "instance [0]"),
    )
    (only,) = matches(at("live/main.tf", 5, 7, 'aws_s3_bucket.data["eu"]'))
    assert only.match.evidence == (
        'the scanner names aws_s3_bucket.data["eu"]',
        'instance ["eu"]',
        "in live/main.tf",
    )


def test_a_finding_of_several_resources_gives_a_match_for_each() -> None:
    both = Finding(
        "security-hub",
        "S3.14",
        "no versioning",
        resources=(CloudResource("arn:aws:s3:::example-data"), CloudResource("arn:aws:s3:::example-logs")),
    )
    found = [matched.match.resource.address for matched in matches(both) if matched.match.resource]
    assert found == ["aws_s3_bucket.data", "aws_s3_bucket.logs"]


def test_the_control_is_named_and_gives_its_severity_to_a_finding_without_one() -> None:
    (only,) = matches(at("live/main.tf", 1, 3, "aws_s3_bucket.logs"))
    assert (only.finding.control, only.finding.severity) == ("s3-versioning", Severity.MEDIUM)
    (critical,) = matches(at("live/main.tf", 1, 3, "aws_s3_bucket.logs")._replace(severity=Severity.CRITICAL))
    assert critical.finding.severity is Severity.CRITICAL


def test_the_match_says_whether_the_code_still_has_the_problem() -> None:
    versioned = b"""
resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}
"""
    finding = at("live/main.tf", 1, 3, "aws_s3_bucket.logs")
    (still,) = matches(finding)
    (fixed,) = matches(finding, code={"live/main.tf": BUCKETS + versioned})
    (unknown,) = matches(finding._replace(rule_id="CKV_NOBODY_KNOWS"))
    states = [matched.match.in_code for matched in (still, fixed, unknown)]
    assert states == [InCode.OPEN, InCode.FIXED, InCode.UNKNOWN]


def test_two_voices_on_one_problem_are_one_with_both_sources() -> None:
    mine = at("live/main.tf", 5, 7, "aws_s3_bucket.data")
    theirs = cloud("arn:aws:s3:::example-data")._replace(severity=Severity.HIGH, due="2026-12-01")
    (folded,) = fold(matches(mine, theirs))
    assert folded.finding.sources == ("checkov", "security-hub")
    assert (folded.finding.severity, folded.finding.due) == (Severity.HIGH, "2026-12-01")
    assert folded.match.evidence == (
        "the scanner names aws_s3_bucket.data",
        "in live/main.tf",
        'its name in the code is "example-data"',
    )


def test_different_controls_or_resources_stay_apart() -> None:
    one = at("live/main.tf", 5, 7, "aws_s3_bucket.data")
    other_resource = at("live/main.tf", 1, 3, "aws_s3_bucket.logs")
    other_control = one._replace(rule_id="CKV_AWS_53")
    assert len(fold(matches(one, other_resource, other_control))) == 3


PATTERN = {"main.tf": b'variable "env" {}\nresource "aws_s3_bucket" "logs" {\n  bucket = "${var.env}-logs"\n}\n'}


def test_resources_that_cannot_all_be_one_block_are_ambiguous() -> None:
    billing, website = matches(cloud("arn:aws:s3:::billing-logs"), cloud("arn:aws:s3:::website-logs"), code=PATTERN)
    assert (billing.match.state, website.match.state) == (MatchState.AMBIGUOUS, MatchState.AMBIGUOUS)
    assert billing.match.evidence[-1] == "the names of 2 resources fit this one block, which can be only one of them"


def test_one_block_in_two_environments_is_two_resources() -> None:
    both = matches(cloud("arn:aws:s3:::prod-logs"), cloud("arn:aws:s3:::dev-logs"), code=PATTERN)
    assert [one.match.state for one in both] == [MatchState.MATCHED, MatchState.MATCHED]


def test_a_block_with_instances_is_several_resources() -> None:
    code = {"main.tf": PATTERN["main.tf"].replace(b"bucket =", b"for_each = var.names\n  bucket =")}
    both = matches(cloud("arn:aws:s3:::billing-logs"), cloud("arn:aws:s3:::website-logs"), code=code)
    assert [one.match.state for one in both] == [MatchState.MATCHED, MatchState.MATCHED]


def test_one_resource_with_several_problems_is_still_one() -> None:
    finding = cloud("arn:aws:s3:::billing-logs")
    both = matches(finding, finding._replace(rule_id="S3.8"), code=PATTERN)
    assert [one.match.state for one in both] == [MatchState.MATCHED, MatchState.MATCHED]


def test_of_two_controls_that_one_rule_stands_for_the_one_that_fails_is_named() -> None:
    tls = b'resource "aws_msk_cluster" "main" {\n  encryption_info {\n    encryption_in_transit {\n'
    tls += b'      client_broker = "TLS"\n    }\n  }\n}\n'
    plain = tls.replace(b'"TLS"', b'"PLAINTEXT"')
    finding = Finding("checkov", "CKV_AWS_81", "encryption", location=Location("m.tf", 1, 7, "aws_msk_cluster.main"))

    (without_key,) = matches(finding, code={"m.tf": tls})
    (without_tls,) = matches(finding, code={"m.tf": plain})

    assert without_key.finding.control == "msk-cmk"
    assert without_tls.finding.control == "msk-encryption-in-transit"


def test_of_two_controls_that_fail_the_evidence_says_which_is_meant_and_why() -> None:
    code = b'resource "aws_workspaces_workspace" "w" {\n  directory_id = "d-1"\n}\n'
    place = Location("m.tf", 1, 3, "aws_workspaces_workspace.w")

    (alike,) = matches(Finding("trivy", "AWS-0109", "disks", location=place), code={"m.tf": code})

    assert alike.finding.control == "workspaces-user-volume-encrypted"
    assert alike.match.evidence[-1] == (
        "AWS-0109 stands for workspaces-user-volume-encrypted and workspaces-root-volume-encrypted, which all fail here; "
        "taken for workspaces-user-volume-encrypted, the first of them"
    )

    msk = b'resource "aws_msk_cluster" "main" {\n  encryption_info {\n    encryption_in_transit {\n'
    msk += b'      client_broker = "PLAINTEXT"\n    }\n  }\n}\n'
    finding = Finding("checkov", "CKV_AWS_81", "encryption", location=Location("m.tf", 1, 7, "aws_msk_cluster.main"))

    (first,) = matches(finding, code={"m.tf": msk})

    assert first.match.evidence[-1].startswith("CKV_AWS_81 stands for msk-encryption-in-transit and msk-cmk")


def test_the_control_that_has_the_fewest_other_rules_of_the_tool_is_meant_most_exactly() -> None:
    def own(name: str, rules: list[str]) -> Control:
        must = {"aws_sqs_queue": [{"path": "name", "equals": "good"}]}
        said = {"title": "t", "risk": "r", "severity": "low", "aliases": {"ours": rules}, "terraform": must}
        return control_of({"id": name, **said})

    catalogue = Catalogue((own("wide", ["R1", "R2"]), own("narrow", ["R2"])))
    code = CodeIndex(
        Reader((Terraform(load()),)).modules({"m.tf": b'resource "aws_sqs_queue" "q" {\n  name = "bad"\n}\n'})
    )
    finding = Finding("ours", "R2", "t", location=Location("m.tf", 1, 3, "aws_sqs_queue.q"))

    (matched,) = match_all([finding], code, catalogue, {})

    assert matched.finding.control == "narrow"
    assert matched.match.evidence[-1] == (
        "R2 stands for wide and narrow, which all fail here; taken for narrow, which it means most exactly"
    )
