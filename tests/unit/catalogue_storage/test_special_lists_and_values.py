"""The special rules over lists, maps and texts: some item, no item, an entry with dots in its key, a prefix."""

from __future__ import annotations

from typing import Any

import pytest

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.special import SPECIALS
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.operations import AddItem, RemoveValue, SetValue, Table
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform

SCHEMAS = load()
MINE = "aws_thing.mine"
UNKNOWN = 'variable "x" {}\n'
SOME_ITEM: dict[str, Any] = {
    "path": "parameter",
    "some": [{"path": "name", "equals": "ssl"}, {"path": "value", "one_of": ["on", "1"]}],
    "same": "name",
    "add": {"name": "ssl", "value": "on"},
}
DYNAMIC = """\
  dynamic "parameter" {
    for_each = var.x

    content {
      name  = "a"
      value = "b"
    }
  }
"""
NO_ITEM: dict[str, Any] = {"path": "grant", "such": [{"path": "uri", "equals": "everybody"}]}


def terraform(body: str, rest: str = "", **parameters: Any) -> Subject:
    code = f'resource "aws_thing" "mine" {{\n{body}\n}}\n{rest}'.encode()
    return Subject(Terraform(SCHEMAS).read({"main.tf": code}), MINE, parameters)


def template(properties: str) -> Subject:
    text = f"Resources:\n  Mine:\n    Type: AWS::Thing::Thing\n    Properties:\n{properties}\n"
    return Subject(CloudFormation(SCHEMAS).read({"t.yaml": text.encode()}), "Mine", {})


def verdict(name: str, arguments: dict[str, Any], subject: Subject) -> Verdict:
    return SPECIALS[name].judge(subject, arguments)


def parameter(name: str, value: str) -> str:
    return f'  parameter {{\n    name  = "{name}"\n    value = {value}\n  }}\n'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (parameter("ssl", '"on"'), Verdict(Holds.YES, 'name is "ssl"; value is "on"')),
        (parameter("x", '"y"') + parameter("ssl", "1"), Verdict(Holds.YES, 'name is "ssl"; value is 1')),
        (parameter("ssl", '"off"'), Verdict(Holds.NO, 'value is "off"')),
        (parameter("x", '"on"'), Verdict(Holds.NO, "no parameter with name ssl, value on or 1")),
        ("", Verdict(Holds.NO, "no parameter with name ssl, value on or 1")),
    ],
)
def test_one_item_has_to_meet_every_requirement(body: str, expected: Verdict) -> None:
    assert verdict("some_item", SOME_ITEM, terraform(body)) == expected


@pytest.mark.parametrize(
    "body",
    [
        parameter("ssl", "var.x"),
        DYNAMIC,
    ],
)
def test_an_item_that_may_be_the_one_makes_it_unknown_and_the_remedy_abstains(body: str) -> None:
    subject = terraform(body, UNKNOWN)
    assert verdict("some_item", SOME_ITEM, subject).holds is Holds.UNKNOWN
    assert isinstance(SPECIALS["some_item"].repair(subject, SOME_ITEM), NoPatch)


def test_a_default_of_aws_holds_until_an_item_says_otherwise() -> None:
    arguments = {**SOME_ITEM, "default": True}
    assert verdict("some_item", arguments, terraform("")) == Verdict(Holds.YES, "name ssl, value on or 1 by default")
    assert verdict("some_item", arguments, terraform(parameter("ssl", '"off"'))).holds is Holds.NO


def test_the_item_in_question_is_amended_where_it_stands() -> None:
    subject = terraform(parameter("x", '"y"') + parameter("ssl", '"off"'))
    assert SPECIALS["some_item"].repair(subject, SOME_ITEM) == (SetValue(MINE, ("parameter", 1, "value"), "on"),)


def test_an_item_is_added_where_none_is_the_one_in_question() -> None:
    body = Table((("name", "ssl"), ("value", "on")))
    assert SPECIALS["some_item"].repair(terraform(""), SOME_ITEM) == (AddItem(MINE, ("parameter",), body),)


def test_a_list_of_a_template_is_below_its_properties() -> None:
    arguments = {**SOME_ITEM, "path": "parameter"}
    subject = template("      parameter:\n        - name: ssl\n          value: 'off'")
    assert SPECIALS["some_item"].repair(subject, arguments) == (
        SetValue("Mine", ("Properties", "parameter", 0, "value"), "on"),
    )


def test_what_an_added_item_needs_of_the_owner_is_asked() -> None:
    arguments = {**SOME_ITEM, "add": {"name": "ssl", "group": {"ask": "log_group", "question": "Which log group?"}}}
    refusal = SPECIALS["some_item"].repair(terraform(""), arguments)
    assert isinstance(refusal, NoPatch)
    assert refusal.reason.startswith("Which log group?")
    (edit,) = SPECIALS["some_item"].repair(terraform("", log_group="logs"), arguments)
    assert edit == AddItem(MINE, ("parameter",), Table((("name", "ssl"), ("group", "logs"))))


def grant(uri: str) -> str:
    return f"  grant {{\n    uri = {uri}\n  }}\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", Verdict(Holds.YES, "no such grant")),
        (grant('"me"'), Verdict(Holds.YES, "no such grant")),
        (grant('"me"') + grant('"everybody"'), Verdict(Holds.NO, 'grant: uri is "everybody"')),
        (grant("var.x") + grant('"everybody"'), Verdict(Holds.NO, 'grant: uri is "everybody"')),
    ],
)
def test_one_unwanted_item_is_enough_to_fail(body: str, expected: Verdict) -> None:
    assert verdict("no_item", NO_ITEM, terraform(body, UNKNOWN)) == expected


def test_an_item_that_may_be_unwanted_is_neither_there_nor_not() -> None:
    subject = terraform(grant("var.x"), UNKNOWN)
    assert verdict("no_item", NO_ITEM, subject).holds is Holds.UNKNOWN
    assert isinstance(SPECIALS["no_item"].repair(subject, NO_ITEM), NoPatch)


def test_unwanted_items_are_taken_away_the_last_first() -> None:
    subject = terraform(grant('"everybody"') + grant('"me"') + grant('"everybody"'))
    assert SPECIALS["no_item"].repair(subject, NO_ITEM) == (
        RemoveValue(MINE, ("grant", 2)),
        RemoveValue(MINE, ("grant", 0)),
    )


ENTRY: dict[str, Any] = {"path": "Parameters", "key": "rds.force_ssl", "one_of": ["1", "on"]}


@pytest.mark.parametrize(
    ("properties", "holds"),
    [
        ("      Parameters:\n        rds.force_ssl: 1", Holds.YES),
        ("      Parameters:\n        rds.force_ssl: '0'", Holds.NO),
        ("      Parameters:\n        rds: {force_ssl: 1}", Holds.NO),
        ("      Name: x", Holds.NO),
        ("      Parameters: !Ref Given", Holds.UNKNOWN),
    ],
)
def test_a_key_with_dots_is_one_key(properties: str, holds: Holds) -> None:
    assert verdict("entry", ENTRY, template(properties)).holds is holds


def test_an_entry_that_is_missing_is_judged_by_the_default() -> None:
    assert verdict("entry", {**ENTRY, "default": "1"}, template("      Name: x")).holds is Holds.YES


def test_an_entry_is_written_under_its_whole_key() -> None:
    assert SPECIALS["entry"].repair(template("      Name: x"), ENTRY) == (
        SetValue("Mine", ("Properties", "Parameters", "rds.force_ssl"), "1"),
    )


PREFIX: dict[str, Any] = {"path": "engine", "one_of": ["oracle-", "custom-oracle-"]}


@pytest.mark.parametrize(
    ("body", "holds"),
    [
        ('  engine = "oracle-se2"', Holds.YES),
        ('  engine = "Oracle-SE2"', Holds.YES),
        ('  engine = "mysql"', Holds.NO),
        ("", Holds.NO),
        ("  engine = var.x", Holds.UNKNOWN),
        ('  engine = ["oracle-se2"]', Holds.UNKNOWN),
    ],
)
def test_a_text_begins_with_one_of_the_prefixes(body: str, holds: Holds) -> None:
    assert verdict("starts_with", PREFIX, terraform(body, UNKNOWN)).holds is holds


def test_a_text_that_is_missing_is_taken_for_the_default() -> None:
    assert verdict("starts_with", {**PREFIX, "default": "oracle-ee"}, terraform("")).holds is Holds.YES


UNABLE: dict[str, Any] = {"path": "size", "one_of": ["t2.small"]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('  size = "t2.small"', Verdict(Holds.NO, 'size is "t2.small", which cannot')),
        ('  size = "m7g.large"', Verdict(Holds.YES, "")),
        ("  size = var.x", Verdict(Holds.YES, "")),
        ("", Verdict(Holds.YES, "")),
    ],
)
def test_only_a_value_that_surely_cannot_is_in_the_way(body: str, expected: Verdict) -> None:
    assert verdict("unable", UNABLE, terraform(body, UNKNOWN)) == expected


def test_what_cannot_has_to_be_chosen_anew_by_its_owner() -> None:
    refusal = SPECIALS["unable"].repair(terraform('  size = "t2.small"'), UNABLE)
    assert refusal == NoPatch('size is "t2.small", which cannot: choose another one first')
