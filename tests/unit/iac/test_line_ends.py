"""A file with two ways of ending its lines is read, and never edited."""

from __future__ import annotations

import pytest

from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.line_ends import MIXED
from remedy_gate.iac.module import CannotEdit, IacLanguage
from remedy_gate.iac.operations import AddResource, Operation, RemoveValue, SetValue, Table
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Known

SCHEMAS = load()
TERRAFORM, TEMPLATES = Terraform(SCHEMAS), CloudFormation(SCHEMAS)
CODE = 'resource "a" "x" {\n  b = 1\n}\n'
TEMPLATE = "Resources:\n  X:\n    Type: AWS::SNS::Topic\n    Properties:\n      b: 1\n"
JSON = (
    '{\n  "Resources": {\n    "X": {\n      "Type": "AWS::SNS::Topic",\n      "Properties": {"b": 1}\n    }\n  }\n}\n'
)

CASES: tuple[tuple[IacLanguage, str, str, Operation], ...] = (
    (TERRAFORM, "main.tf", CODE, SetValue("a.x", ("b",), 2)),
    (TERRAFORM, "main.tf", CODE, RemoveValue("a.x", ("b",))),
    (TERRAFORM, "main.tf", CODE, AddResource("a.x", "c", "y", Table(()))),
    (TEMPLATES, "a.yaml", TEMPLATE, SetValue("X", ("Properties", "b"), 2)),
    (TEMPLATES, "a.yaml", TEMPLATE, AddResource("X", "AWS::SNS::Topic", "Y", Table(()))),
    (TEMPLATES, "a.json", JSON, SetValue("X", ("Properties", "b"), 2)),
)


@pytest.mark.parametrize(("language", "path", "text", "operation"), CASES)
def test_a_file_with_mixed_line_ends_is_read_and_not_edited(
    language: IacLanguage, path: str, text: str, operation: Operation
) -> None:
    module = language.read({path: text.replace("\n", "\r\n", 2).encode()})
    assert module.errors == ()
    assert language.edit(module, operation) == CannotEdit(MIXED)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("language", "path", "text", "operation"), CASES)
def test_a_file_with_one_of_them_is_edited_and_keeps_it(
    language: IacLanguage, path: str, text: str, operation: Operation, newline: str
) -> None:
    edited = language.edit(language.read({path: text.replace("\n", newline).encode()}), operation)
    assert not isinstance(edited, CannotEdit)
    after = edited.files[path].decode()
    assert after.count("\r\n") == (after.count("\n") if newline == "\r\n" else 0)


def test_a_neighbour_with_mixed_line_ends_costs_a_file_nothing() -> None:
    module = TERRAFORM.read({"main.tf": CODE.encode(), "o.tf": b'resource "a" "y" {\r\n  b = 1\n}\n'})
    edited = TERRAFORM.edit(module, SetValue("a.x", ("b",), 2))
    assert not isinstance(edited, CannotEdit)
    assert edited.resolved("a.x").get("b") == Known(2)
