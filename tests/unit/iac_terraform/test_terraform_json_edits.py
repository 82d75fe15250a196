"""Edits of `.tf.json` files: the same operations, the same care."""

from __future__ import annotations

import json

import pytest

from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import AddItem, AddResource, Operation, Raw, Ref, RemoveValue, SetValue, Table
from remedy_gate.iac.schema import Argument
from remedy_gate.iac.terraform import Terraform

INNER = {"enabled": Argument("enabled", "bool")}


class Schemas:
    def arguments(self, type_name: str) -> dict[str, Argument] | None:
        if type_name != "aws_x":
            return None
        return {"rule": Argument("rule", "block", arguments=INNER), "tags": Argument("tags", "map")}


LANGUAGE = Terraform(Schemas())
ADDRESS = "aws_x.y"


def edited(text: str, operation: Operation) -> str | CannotEdit:
    module = LANGUAGE.read({"main.tf.json": text.encode()})
    assert module.errors == ()
    result = LANGUAGE.edit(module, operation)
    if isinstance(result, CannotEdit):
        return result
    changed = result.files["main.tf.json"].decode()
    json.loads(changed)
    return changed


def resource(body: str) -> str:
    """A file around the body of one resource, whose lines stand eight spaces in."""
    return f'{{\n  "resource": {{\n    "aws_x": {{\n      "y": {{{body}}}\n    }}\n  }}\n}}\n'


M = "\n        "
E = "\n      "

CHANGES: dict[str, tuple[str, Operation, str]] = {
    "a scalar is replaced": (f'{M}"a": 1,{M}"b": 2{E}', SetValue(ADDRESS, ("a",), "x"), f'{M}"a": "x",{M}"b": 2{E}'),
    "a key is added": (f'{M}"a": 1{E}', SetValue(ADDRESS, ("b",), True), f'{M}"a": 1,{M}"b": true{E}'),
    "a key is added to an empty body": ("", SetValue(ADDRESS, ("b",), None), f'{M}"b": null{E}'),
    "a template in a text is escaped": ("", SetValue(ADDRESS, ("b",), '${x} "é"'), f'{M}"b": "$${{x}} \\"é\\""{E}'),
    "an expression is a template": ("", SetValue(ADDRESS, ("b",), Raw("var.x")), f'{M}"b": "${{var.x}}"{E}'),
    "a reference is a template": (
        "",
        SetValue(ADDRESS, ("b",), Ref("aws_k.k", "arn")),
        f'{M}"b": "${{aws_k.k.arn}}"{E}',
    ),
    "a bare reference stays bare": (
        "",
        SetValue(ADDRESS, ("depends_on",), (Ref("aws_k.k"),)),
        f'{M}"depends_on": ["aws_k.k"]{E}',
    ),
    "a nested block is made": (
        f'{M}"a": 1{E}',
        SetValue(ADDRESS, ("rule", "enabled"), True),
        f'{M}"a": 1,{M}"rule": {{{M}  "enabled": true{M}}}{E}',
    ),
    "a value is set in the only block of a list": (
        f'{M}"rule": [{{"enabled": false}}]{E}',
        SetValue(ADDRESS, ("rule", "enabled"), True),
        f'{M}"rule": [{{"enabled": true}}]{E}',
    ),
    "a number picks the block": (
        f'{M}"rule": [{{"a": 1}}, {{"a": 2}}]{E}',
        SetValue(ADDRESS, ("rule", 1, "a"), 3),
        f'{M}"rule": [{{"a": 1}}, {{"a": 3}}]{E}',
    ),
    "the next block is made by its number": (
        f'{M}"rule": [{{"a": 1}}]{E}',
        SetValue(ADDRESS, ("rule", 1, "a"), 2),
        f'{M}"rule": [{{"a": 1}}, {{"a": 2}}]{E}',
    ),
    "a key is added on one line": (
        f'{M}"tags": {{"a": 1}}{E}',
        SetValue(ADDRESS, ("tags", "b"), 2),
        f'{M}"tags": {{"a": 1, "b": 2}}{E}',
    ),
    "an item is added": (f'{M}"l": [1]{E}', AddItem(ADDRESS, ("l",), 2), f'{M}"l": [1, 2]{E}'),
    "an item is added over lines": (
        f'{M}"l": [{M}  1{M}]{E}',
        AddItem(ADDRESS, ("l",), 2),
        f'{M}"l": [{M}  1,{M}  2{M}]{E}',
    ),
    "a list is made": ("", AddItem(ADDRESS, ("l",), 2), f'{M}"l": [2]{E}'),
    "one block becomes two": (
        f'{M}"rule": {{"a": 1}}{E}',
        AddItem(ADDRESS, ("rule",), Table((("a", 2),))),
        f'{M}"rule": [{{"a": 1}}, {{"a": 2}}]{E}',
    ),
    "the first key is removed": (f'{M}"a": 1,{M}"b": 2{E}', RemoveValue(ADDRESS, ("a",)), f'{M}"b": 2{E}'),
    "the last key is removed": (f'{M}"a": 1,{M}"b": 2{E}', RemoveValue(ADDRESS, ("b",)), f'{M}"a": 1{E}'),
    "the only key is removed": (f'{M}"a": 1{E}', RemoveValue(ADDRESS, ("a",)), ""),
    "an item is removed": (f'{M}"l": [1, 2, 3]{E}', RemoveValue(ADDRESS, ("l", 1)), f'{M}"l": [1, 3]{E}'),
}


@pytest.mark.parametrize(("body", "operation", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_only_the_named_bytes_change(body: str, operation: Operation, expected: str) -> None:
    assert edited(resource(body), operation) == resource(expected)


@pytest.mark.parametrize(("body", "operation", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_windows_line_ends_stay(body: str, operation: Operation, expected: str) -> None:
    assert edited(resource(body).replace("\n", "\r\n"), operation) == resource(expected).replace("\n", "\r\n")


def test_a_resource_goes_beside_those_of_its_type() -> None:
    assert edited(resource(f'{M}"a": 1{E}'), AddResource(ADDRESS, "aws_x", "new", Table((("b", 2),)))) == (
        '{\n  "resource": {\n    "aws_x": {\n      "y": {\n        "a": 1\n      },\n'
        '      "new": {\n        "b": 2\n      }\n    }\n  }\n}\n'
    )


def test_a_resource_of_a_new_type_goes_behind_the_types() -> None:
    assert edited(resource(""), AddResource(ADDRESS, "aws_q", "new", Table(()))) == (
        '{\n  "resource": {\n    "aws_x": {\n      "y": {}\n    },\n    "aws_q": {\n      "new": {}\n    }\n  }\n}\n'
    )


def test_a_file_on_one_line_stays_on_one_line() -> None:
    text = '{"resource": {"aws_x": {"y": {}}}}'
    assert edited(text, SetValue(ADDRESS, ("rule", "enabled"), True)) == (
        '{"resource": {"aws_x": {"y": {"rule": {"enabled": true}}}}}'
    )


def test_a_local_is_set_by_its_value() -> None:
    text = '{"locals": {"a": {"b": 1}, "c": 2}}'
    assert edited(text, SetValue("local.a", ("value", "b"), 3)) == '{"locals": {"a": {"b": 3}, "c": 2}}'
    assert edited(text, SetValue("local.c", ("value",), 3)) == '{"locals": {"a": {"b": 1}, "c": 3}}'


REFUSED: dict[str, tuple[str, Operation, str]] = {
    "a map given by an expression": (
        '"tags": "${var.t}"',
        SetValue(ADDRESS, ("tags", "a"), 1),
        "tags is not written out",
    ),
    "several blocks": (
        '"rule": [{}, {}]',
        SetValue(ADDRESS, ("rule", "enabled"), 1),
        "list of 2; the path must say which",
    ),
    "a scalar for a block": ("", SetValue(ADDRESS, ("rule",), 1), "`rule` is a nested block"),
    "a scalar for a block that a number picks": (
        '"rule": [{}]',
        SetValue(ADDRESS, ("rule", 0), 1),
        "`rule` is a nested block",
    ),
    "several blocks for one": (
        '"rule": [{}]',
        SetValue(ADDRESS, ("rule", 0), (Table(()), Table(()))),
        "`rule` is a nested block",
    ),
    "a scalar among blocks": ('"rule": [{}]', AddItem(ADDRESS, ("rule",), 1), "rule is not written out as a list"),
    "an item beyond the list": ('"l": [1]', SetValue(ADDRESS, ("l", 1), 1), "the list has no item 1"),
    "what a dynamic block makes": ('"dynamic": {"rule": {}}', SetValue(ADDRESS, ("rule", "a"), 1), "dynamic block"),
    "what is not there": ("", RemoveValue(ADDRESS, ("a",)), "there is no a"),
    "an item of no list": ('"a": 1', AddItem(ADDRESS, ("a",), 1), "a is not written out as a list"),
    "an address that exists": ("", AddResource(ADDRESS, "aws_x", "y", Table(())), "exists already"),
}


@pytest.mark.parametrize(("body", "operation", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_would_not_be_safe_is_refused_with_the_reason(body: str, operation: Operation, reason: str) -> None:
    result = edited(resource(body), operation)
    assert isinstance(result, CannotEdit)
    assert reason in result.reason
