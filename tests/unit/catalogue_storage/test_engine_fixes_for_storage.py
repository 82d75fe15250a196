"""Where the engine and the checks went wrong on databases and storage, and no longer do."""

from __future__ import annotations

from typing import Any

import pytest

from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.declaring import read_control
from remedy_gate.catalogue.judging import applies
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.repairing import repair
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import CheckName, Status
from remedy_gate.domain.source import Resource
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.operations import SetValue, Table
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.verification.check import Depth
from remedy_gate.verification.prover import FullProver, Ground

SCHEMAS = load()
READER = Reader((Terraform(SCHEMAS), CloudFormation(SCHEMAS)))


def control(language: str, type_name: str, *requirements: Any, name: str = "c") -> Control:
    words = {"id": name, "title": "t", "risk": "r", "severity": "low", language: {type_name: list(requirements)}}
    return read_control(words)


def subject(path: str, text: str, address: str) -> Subject:
    module = READER.module(path, {path: text.encode()})
    assert module is not None
    return Subject(module, address, {})


ENCRYPTED = {
    "path": "BucketEncryption.Rules.Algorithm",
    "equals": "kms",
    "create": {"Rules": [{"Algorithm": "kms", "BucketKey": True}]},
}
WHOLE = Table((("Rules", (Table((("Algorithm", "kms"), ("BucketKey", True))),)),))


@pytest.mark.parametrize("properties", ["", "\n    Properties:\n      Name: x"])
def test_a_whole_block_is_created_below_the_properties_even_where_there_are_none(properties: str) -> None:
    it = subject("t.yaml", f"Resources:\n  B:\n    Type: AWS::S3::Bucket{properties}\n", "B")
    edits = repair(control("cloudformation", "AWS::S3::Bucket", ENCRYPTED), it)
    assert edits == (SetValue("B", ("Properties", "BucketEncryption"), WHOLE),)


def test_a_block_that_is_there_is_not_created_a_second_time_inside_itself() -> None:
    text = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketEncryption:\n        Other: 1\n"
    edits = repair(control("cloudformation", "AWS::S3::Bucket", ENCRYPTED), subject("t.yaml", text, "B"))
    assert edits == (SetValue("B", ("Properties", "BucketEncryption", "Rules", "Algorithm"), "kms"),)


ON = {"path": "insights", "equals": True, "default": False}
KEY = {"path": "insights_key", "present": True, "set": "k"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [("  insights = true", True), ("  insights = false", False), ("", False), ("  insights = var.x", True)],
)
def test_a_control_whose_condition_surely_fails_does_not_apply(body: str, expected: bool) -> None:
    guarded = control("terraform", "aws_thing", {"when": [ON], "then": [KEY]})
    code = f'resource "aws_thing" "t" {{\n{body}\n}}\nvariable "x" {{}}\n'
    assert applies(guarded, subject("main.tf", code, "aws_thing.t")) is expected


def proof_of(own: tuple[Control, ...], before: str, after: str, address: str) -> dict[CheckName, Status]:
    ground = Ground(READER, Catalogue(own), SCHEMAS, {}, Depth.QUICK)
    path = "main.tf" if before.startswith("resource") else "t.yaml"
    module = READER.module(path, {path: before.encode()})
    assert module is not None
    block = module.blocks[address]
    match = Match(MatchState.MATCHED, Resource(address, block.type, path, block.lines), 1.0)
    patch = Patch(Origin(OriginKind.CATALOGUE, "c", ""), (FilePatch(path, before.encode(), after.encode()),))
    finding = Finding("test", "c", "", control="c")
    checks = FullProver(ground).prove(finding, match, patch, {path: before.encode()}).checks
    return {check.name: check.status for check in checks}


def test_turning_something_on_loses_no_control_that_began_to_apply_with_it() -> None:
    own = (
        control("terraform", "aws_thing", ON),
        control("terraform", "aws_thing", {"when": [ON], "then": [KEY]}, name="d"),
    )
    before = 'resource "aws_thing" "t" {\n  insights = false\n}\n'
    statuses = proof_of(own, before, before.replace("false", "true"), "aws_thing.t")
    assert statuses[CheckName.NO_WEAKENING] is Status.PASS


def test_a_control_that_applied_and_held_is_still_not_to_be_lost() -> None:
    own = (
        control("terraform", "aws_thing", {"path": "other", "equals": 1}),
        control("terraform", "aws_thing", {"when": [ON], "then": [KEY]}, name="d"),
    )
    before = 'resource "aws_thing" "t" {\n  insights     = true\n  insights_key = "k"\n}\n'
    after = 'resource "aws_thing" "t" {\n  insights = true\n  other    = 1\n}\n'
    assert proof_of(own, before, after, "aws_thing.t")[CheckName.NO_WEAKENING] is Status.FAIL


DOMAIN = """\
Resources:
  Search:
    Type: AWS::OpenSearchService::Domain
    Properties:
      LogPublishingOptions:
        ES_APPLICATION_LOGS:
          Enabled: %s
"""


def test_the_keys_of_a_map_are_free_in_a_template() -> None:
    own = (control("cloudformation", "AWS::OpenSearchService::Domain", {"path": "Name", "absent": True}),)
    statuses = proof_of(own, DOMAIN % "false", DOMAIN % "true", "Search")
    assert statuses[CheckName.SCHEMA] is Status.PASS


def test_what_stands_in_the_values_of_a_map_is_checked() -> None:
    own = (control("cloudformation", "AWS::OpenSearchService::Domain", {"path": "Name", "absent": True}),)
    statuses = proof_of(own, DOMAIN % "false", DOMAIN % "maybe", "Search")
    assert statuses[CheckName.SCHEMA] is Status.FAIL
