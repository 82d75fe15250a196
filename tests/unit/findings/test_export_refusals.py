"""What is not findings is refused by name, without repeating what stands in it."""

from __future__ import annotations

import json

import pytest

from remedy_gate.domain.source import Problem
from remedy_gate.errors import FAILED, FindingsError
from remedy_gate.findings.reading import Export, read_export

SECRET = "hunter2"
NOT_FINDINGS = {
    "a Terraform plan": {"format_version": "1.2", "planned_values": {}, "resource_changes": [{"password": SECRET}]},
    "a Terraform state": {"format_version": "1.0", "values": {"outputs": {"x": {"value": SECRET}}}},
    "a raw Terraform state": {"version": 4, "terraform_version": "1.1.6", "serial": 7, "resources": [SECRET]},
    "a list of stack resources": {"StackResources": [{"LogicalResourceId": SECRET}]},
    "a CloudFormation change set": {"Changes": [], "ChangeSetName": SECRET},
    "a Pulumi stack export": {"version": 3, "deployment": {"manifest": {}, "resources": [SECRET]}},
    "a CloudFormation template": {"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"x": SECRET}}}},
    "Terraform code": {"resource": {"aws_s3_bucket": {"b": {"bucket": SECRET}}}},
    "a summary of AWS Config rules": {"ComplianceByConfigRules": [{"ConfigRuleName": SECRET}]},
    "a summary of AWS Config resources": {"ComplianceByResources": [{"ResourceId": SECRET}]},
    "a report on tests of cfn-guard rules": [{"rule_file": SECRET, "test_cases": []}],
    "a software bill of materials": {"bomFormat": "CycloneDX", "vulnerabilities": [], "version": 1},
}
TEXTS = {
    "a CloudFormation template": "# a comment\nAWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n",
    "Terraform code": 'resource "aws_s3_bucket" "b" {\n  bucket = "hunter2"\n}\n',
    "a web page": "<!DOCTYPE html>\n<html><body>hunter2</body></html>",
    "XML": "<?xml version='1.0'?><testsuites/>",
    "a ZIP archive": "PK\x03\x04hunter2",
    "a patch": "diff --git a/x b/x\n",
    "an export of Microsoft Defender for Cloud": "\ufeffsubscriptionId,recommendationId,recommendationDisplayName\n",
}


@pytest.mark.parametrize("what", NOT_FINDINGS)
def test_an_object_that_is_not_findings_is_refused_by_name(what: str) -> None:
    with pytest.raises(FindingsError) as caught:
        read_export("in.json", json.dumps(NOT_FINDINGS[what], indent=2).encode())
    assert caught.value.message == f"in.json is {what}, not an export of findings."
    assert caught.value.hint
    assert caught.value.status == FAILED
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("what", TEXTS)
def test_text_that_is_not_findings_is_refused_by_name(what: str) -> None:
    with pytest.raises(FindingsError) as caught:
        read_export("in.txt", TEXTS[what].encode())
    assert caught.value.message == f"in.txt is {what}, not an export of findings."
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        {"errors": [{"message": "Access denied\x1b[2J: missing scope"}], "data": None},
        {"errors": [{"message": "Access denied: missing scope"}], "data": {"issues": None}},
    ],
)
def test_an_error_answer_is_not_an_empty_list(answer: object) -> None:
    with pytest.raises(FindingsError) as caught:
        read_export("wiz.json", json.dumps(answer).encode())
    assert str(caught.value) == (
        "wiz.json is an error answer, not an export of findings. It says: Access denied: missing scope. "
        "An error is not an empty list of findings: repeat the export."
    )


@pytest.mark.parametrize("answer", [{"message": "Not Found", "status": "404"}, {"ok": False, "error": "no key"}])
def test_other_error_answers_are_told_too(answer: object) -> None:
    with pytest.raises(FindingsError, match="is an error answer"):
        read_export("a.json", json.dumps(answer).encode())


def test_an_error_beside_data_is_noted_and_the_data_is_used() -> None:
    node = {"sourceRule": {"id": "r"}, "entity": {"name": "n"}, "status": "OPEN"}
    answer = {"errors": [{"message": "timed out"}], "data": {"issues": {"nodes": [node]}}}
    read = read_export("wiz.json", json.dumps(answer).encode())
    assert len(read.findings) == 1
    assert read.notes == (Problem("wiz.json", "the answer came with an error: timed out"),)


@pytest.mark.parametrize("data", [b"", b"   \n\t", b"\xef\xbb\xbf"])
def test_an_empty_file_is_not_an_empty_list(data: bytes) -> None:
    with pytest.raises(FindingsError, match=r"in\.json is empty\."):
        read_export("in.json", data)


@pytest.mark.parametrize("data", [b"{}", b"[{}]", b'{"a": 1}', b'[{"title": "x", "type": "object"}]'])
def test_an_unknown_object_is_refused_with_the_formats_that_are_known(data: bytes) -> None:
    with pytest.raises(FindingsError) as caught:
        read_export("in.json", data)
    assert caught.value.message == "in.json is not in a format of findings that is known here."
    assert "Checkov" in caught.value.hint


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", b"just words", b"7", b"null", b"\x00\x01\x02", b'"text"', b"[1, 2]"])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(FindingsError, match=r"^in is|^in holds no findings"):
        read_export("in", data)


def test_a_state_among_findings_is_named_and_costs_nothing_else() -> None:
    finding = {"GeneratorId": "x", "Resources": []}
    state = {"version": 4, "terraform_version": "1.1.6", "serial": 7, "resources": [SECRET]}
    read = read_export("in.json", json.dumps([finding, state]).encode())
    assert len(read.findings) == 1
    assert read.problems == (Problem("in.json record 2", "is a raw Terraform state"),)


def test_records_of_an_envelope_that_nobody_knows_are_named() -> None:
    read = read_export("in.json", b'{"findings": [{}]}')
    assert read == Export(
        "an empty list", (), problems=(Problem("in.json record 1", "is not a finding of a known format"),)
    )
