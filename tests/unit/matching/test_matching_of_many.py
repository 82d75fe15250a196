"""What is shared among many findings changes none of them: each is matched as if it stood alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import CloudResource, Finding, Location
from remedy_gate.domain.match import MatchState
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching.index import CodeIndex
from remedy_gate.matching.match import Matched, match_all

FILES = {
    "a/main.tf": b"""
resource "aws_s3_bucket" "here" {
  bucket = "here"
}

resource "aws_s3_bucket" "part" {
  bucket = "${var.stage}-part"
}

resource "aws_sqs_queue" "twice" {
  name = "twice"
}
""",
    "b/main.tf": b"""
resource "aws_sqs_queue" "twice" {
  name = "twice"
}

data "aws_s3_bucket" "read" {
  bucket = "read"
}

resource "aws_s3_bucket" "off" {
  count  = 0
  bucket = "off"
}
""",
}
CATALOGUE = Catalogue()
MODULES = tuple(Reader((Terraform(load()),)).modules(FILES))
IDS = (
    *(f"arn:aws:s3:::{name}" for name in ("here", "dev-part", "prod-part", "off", "nobody")),
    "arn:aws:sqs:eu-west-1:111122223333:twice",
    "arn:aws:sqs:eu-west-1:111122223333:nobody",
)
RESOURCES = st.lists(st.builds(CloudResource, st.sampled_from(IDS)), max_size=2).map(tuple)
PLACES = st.none() | st.builds(
    Location,
    st.sampled_from(["a/main.tf", "b/main.tf", "main.tf", ""]),
    st.sampled_from([None, 2, 6, 10]),
    st.none(),
    st.sampled_from([None, "aws_s3_bucket.here", "aws_sqs_queue.twice", "aws_s3_bucket.read", "aws_s3_bucket.gone"]),
)
FINDINGS = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["security-hub", "checkov"]),
        st.sampled_from(["S3.1", "SQS.1", "CKV_AWS_18", "X.1"]),
        st.just("a problem"),
        resources=RESOURCES,
        location=PLACES,
    ),
    max_size=20,
)


def matched(*findings: Finding) -> list[Matched]:
    return list(match_all(findings, CodeIndex(MODULES), CATALOGUE, {}))


@settings(deadline=None)
@given(FINDINGS)
def test_a_finding_among_many_is_matched_as_it_is_alone(findings: list[Finding]) -> None:
    assert matched(*findings) == [one for finding in findings for one in matched(finding)]


def test_a_guess_that_others_refute_is_taken_back_wherever_it_stands_among_them() -> None:
    def about(ident: str) -> Finding:
        return Finding("security-hub", "X.1", "a problem", resources=(CloudResource(ident),))

    red, here, blue = about("arn:aws:s3:::red-part"), about("arn:aws:s3:::here"), about("arn:aws:s3:::blue-part")
    assert [one.match.state for one in matched(red, here, blue, red)] == [
        MatchState.AMBIGUOUS,
        MatchState.MATCHED,
        MatchState.AMBIGUOUS,
        MatchState.AMBIGUOUS,
    ]
    assert [one.match.state for one in matched(red, here, red)] == [MatchState.MATCHED] * 3
