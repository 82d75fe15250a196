"""What is tied without the ladder is tied as on it: the short ways save time and decide nothing."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from fakes import FakeTree

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import CloudResource, Finding, Location
from remedy_gate.domain.match import MatchState
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching.around import Around
from remedy_gate.matching.by_id import ById
from remedy_gate.matching.by_plain_address import tie_by_plain_address
from remedy_gate.matching.claim import Claim
from remedy_gate.matching.identity import identify
from remedy_gate.matching.index import Bearings, CodeIndex
from remedy_gate.matching.match import match_all
from remedy_gate.matching.tie import Tie, tie

FILES = {
    "plain/main.tf": b"""
resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_sqs_queue" "twice" {
  name = "twice"
}

data "aws_sqs_queue" "read" {
  name = "read"
}
""",
    "other/main.tf": b"""
resource "aws_sqs_queue" "twice" {
  name = "twice"
}

resource "aws_sns_topic" "jobs" {
  name = "jobs"
}
""",
    "abroad/main.tf": b"""
provider "aws" {
  region = "us-east-1"
}

resource "aws_sqs_queue" "abroad" {
  name = "abroad"
}
""",
    "mixed/main.tf": b"""
provider "aws" {
  region = "eu-west-1"
}

resource "aws_sqs_queue" "elsewhere" {
  name   = "elsewhere"
  region = "us-east-1"
}

resource "aws_sqs_queue" "here" {
  name = "here"
}

resource "aws_sqs_queue" "off" {
  count = 0
  name  = "off"
}
""",
    "app/main.tf": b"""
module "queues" {
  source = "../called"
}
""",
    "called/main.tf": b"""
resource "aws_sqs_queue" "called" {
  name = "called"
}
""",
    "template.yaml": b"""
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: made
""",
}
NAMES = ("jobs", "twice", "read", "abroad", "elsewhere", "here", "off", "called", "made", "nobody")


def code() -> CodeIndex:
    return CodeIndex(Reader((Terraform(load()), CloudFormation(load()))).modules(FILES))


def on_the_ladder(resource: CloudResource, code: CodeIndex) -> Tie:
    return tie(Claim(resource, None, frozenset(), False, identify(resource), dict(resource.tags)), code)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
@pytest.mark.parametrize("tags", [(), (("Name", "jobs"),), (("environment", "production"),)])
def test_a_resource_is_tied_as_on_the_ladder(name: str, region: str, tags: tuple[tuple[str, str], ...]) -> None:
    resource = CloudResource(f"arn:aws:sqs:{region}:111122223333:{name}", tags=tags)
    here = code()
    assert ById(here).tie(resource) == on_the_ladder(resource, here)


def test_a_name_that_stands_once_ties() -> None:
    found = ById(code()).tie(CloudResource("arn:aws:sqs:eu-west-1:111122223333:jobs")).match
    assert (found.state, found.resource and found.resource.address, found.confidence, found.evidence) == (
        MatchState.MATCHED,
        "aws_sqs_queue.jobs",
        0.85,
        ('its name in the code is "jobs"',),
    )


def test_a_name_in_another_region_does_not() -> None:
    assert (
        ById(code()).tie(CloudResource("arn:aws:sqs:eu-west-1:111122223333:abroad")).match.state is MatchState.UNMATCHED
    )
    assert (
        ById(code()).tie(CloudResource("arn:aws:sqs:us-east-1:111122223333:abroad")).match.state is MatchState.MATCHED
    )


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("plain/main.tf", "aws_sqs_queue.jobs"),
        ("called/main.tf", "aws_sqs_queue.called"),
        ("mixed/main.tf", "aws_sqs_queue.off"),
        ("template.yaml", "Queue"),
    ],
)
def test_a_plain_address_is_tied_as_on_the_ladder(path: str, address: str) -> None:
    here, location = code(), Location(path, 1, 1, address)
    found = tie_by_plain_address(location, here)
    assert found is not None
    assert found.match.state is MatchState.MATCHED
    assert found == tie(Claim(None, location), here)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/plain/main.tf", "aws_sqs_queue.jobs"),
        ("main.tf", "aws_sqs_queue.jobs"),
        ("plain/main.tf", "aws_sqs_queue.jobs[0]"),
        ("plain/main.tf", "module.queues.aws_sqs_queue.jobs"),
        ("plain/main.tf", "aws_sqs_queue.read"),
        ("plain/main.tf", "aws_sqs_queue.nobody"),
        ("other/main.tf", "aws_sqs_queue.jobs"),
        ("plain/main.tf", None),
        ("plain/gone.tf", "aws_sqs_queue.jobs"),
    ],
)
def test_what_is_not_plain_is_left_to_the_ladder(path: str, address: str | None) -> None:
    assert tie_by_plain_address(Location(path, 1, 1, address), code()) is None


class Counted(NamedTuple):
    """The seam `Search`, which notes that it was asked."""

    asked: list[str]

    def paths(self) -> tuple[str, ...]:
        self.asked.append("paths")
        return ("main.tf",)

    def holding(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return ()


@pytest.mark.parametrize(("source", "asked"), [("catalogue", []), ("checkov", ["paths"])])
def test_files_are_listed_for_others_paths_and_never_for_our_own(source: str, asked: list[str]) -> None:
    reader = Reader((Terraform(load()),))
    files = {"main.tf": 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'}
    search = Counted([])
    here = CodeIndex(
        reader.modules({path: text.encode() for path, text in files.items()}),
        Bearings(around=Around(FakeTree(files), reader, search)),
    )
    finding = Finding(source, "SQS.1", "a problem", location=Location("main.tf", 1, 3, "aws_sqs_queue.jobs"))
    (matched,) = match_all((finding,), here, Catalogue(), {})
    assert (matched.match.state, search.asked) == (MatchState.MATCHED, asked)
