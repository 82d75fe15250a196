"""What each form of a requirement means: when it holds, fails or is unknown, and what its remedy edits."""

from __future__ import annotations

from typing import Any

import pytest

from remedy_gate.catalogue.compiling import compiled
from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.declaring import read_control
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.reach import reach
from remedy_gate.catalogue.repairing import repair
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.patch import NoPatch
from remedy_gate.errors import SettingsError
from remedy_gate.iac.module import Module
from remedy_gate.iac.operations import AddItem, AddResource, Raw, Ref, RemoveValue, SetValue, Table
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform

TERRAFORM = Terraform(load())
MINE = "aws_thing.mine"


def module(body: str, rest: str = "") -> Module:
    return TERRAFORM.read({"main.tf": f'resource "aws_thing" "mine" {{\n{body}\n}}\n{rest}'.encode()})


def control(*requirements: Any, **more: Any) -> Control:
    words = {"id": "c", "title": "t", "risk": "r", "severity": "low", "terraform": {"aws_thing": list(requirements)}}
    return read_control({**words, **more})


def verdict(requirement: Any, body: str, rest: str = "") -> tuple[Holds, str]:
    return judge(control(requirement), Subject(module(body, rest), MINE, {}))


def edits(requirement: Any, body: str, rest: str = "", **parameters: Any) -> Any:
    return repair(control(requirement), Subject(module(body, rest), MINE, parameters))


EQUALS = {"path": "on", "equals": True}
DEFAULTED = {"path": "on", "equals": True, "default": True}
UNKNOWN_REST = 'variable "x" {}\n'


@pytest.mark.parametrize(
    ("requirement", "body", "holds", "reason"),
    [
        (EQUALS, "  on = true", Holds.YES, "on is true"),
        (EQUALS, '  on = "true"', Holds.YES, 'on is "true"'),
        (EQUALS, "  on = false", Holds.NO, "on is false"),
        (EQUALS, "  on = 1", Holds.NO, "on is 1"),
        (EQUALS, '  on = ""', Holds.NO, 'on is ""'),
        (EQUALS, "", Holds.NO, "on is not set"),
        (EQUALS, "  on = null", Holds.NO, "on is not set"),
        (EQUALS, "  on = [true]", Holds.UNKNOWN, "on is a list"),
        (DEFAULTED, "", Holds.YES, "on is not set, and true by default"),
        ({**EQUALS, "default": False}, "", Holds.NO, "on is not set, and false by default"),
        ({"path": "days", "at_least": 7}, "  days = 7", Holds.YES, "days is 7"),
        ({"path": "days", "at_least": 7}, '  days = "10"', Holds.YES, 'days is "10"'),
        ({"path": "days", "at_least": 7}, "  days = 6", Holds.NO, "days is 6"),
        ({"path": "days", "at_least": 7}, '  days = "many"', Holds.NO, 'days is "many"'),
        ({"path": "days", "at_most": 7}, "  days = 8", Holds.NO, "days is 8"),
        ({"path": "days", "at_most": 7}, "", Holds.YES, "days is not set"),
        ({"path": "mode", "one_of": ["a", "b"]}, '  mode = "b"', Holds.YES, 'mode is "b"'),
        ({"path": "mode", "one_of": ["a", "b"]}, '  mode = "c"', Holds.NO, 'mode is "c"'),
        ({"path": "mode", "none_of": ["public"], "set": "private"}, '  mode = "public"', Holds.NO, 'mode is "public"'),
        ({"path": "mode", "none_of": ["public"], "set": "private"}, "", Holds.YES, "mode is not set"),
        ({"path": "key", "present": True, "set": "k"}, '  key = "k"', Holds.YES, 'key is "k"'),
        ({"path": "key", "present": True, "set": "k"}, '  key = ""', Holds.NO, 'key is ""'),
        ({"path": "key", "absent": True}, "", Holds.YES, "key is not set"),
        ({"path": "key", "absent": True}, '  key = "k"', Holds.NO, 'key is "k"'),
        ({"path": "logs", "contains": ["a", "b"]}, '  logs = ["b", "a", "c"]', Holds.YES, 'logs is ["b", "a", "c"]'),
        ({"path": "logs", "contains": ["a", "b"]}, '  logs = ["a"]', Holds.NO, 'logs lacks "b"'),
        ({"path": "logs", "excludes": ["*"]}, '  logs = ["a", "*"]', Holds.NO, 'logs has "*"'),
        ({"path": "logs", "excludes": ["*"]}, '  logs = ["a"]', Holds.YES, 'logs is ["a"]'),
        ({"path": "a.b", "equals": 1}, "  a {\n    b = 1\n  }", Holds.YES, "a[0].b is 1"),
        ({"path": "a.b", "equals": 1}, "  a {\n    b = 1\n  }\n\n  a {\n    b = 2\n  }", Holds.NO, "a[1].b is 2"),
        ({"path": "a.b", "equals": 1}, "", Holds.NO, "a.b is not set"),
        ({"path": "a.*.b", "equals": 1}, "", Holds.NO, "a.*.b is not set"),
    ],
)
def test_a_value_is_held_against_the_test(requirement: Any, body: str, holds: Holds, reason: str) -> None:
    assert verdict(requirement, body) == (holds, reason)


@pytest.mark.parametrize(
    "requirement",
    [
        EQUALS,
        DEFAULTED,
        {"path": "on", "at_least": 7},
        {"path": "on", "one_of": ["a"]},
        {"path": "on", "none_of": ["a"]},
        {"path": "on", "present": True, "set": "x"},
        {"path": "on", "absent": True},
        {"path": "on", "contains": ["a"]},
        {"path": "on", "excludes": ["a"]},
    ],
)
def test_what_nobody_knows_is_neither_safe_nor_unsafe_and_its_remedy_abstains(requirement: Any) -> None:
    assert verdict(requirement, "  on = var.x", UNKNOWN_REST)[0] is Holds.UNKNOWN
    assert isinstance(edits(requirement, "  on = var.x", UNKNOWN_REST), NoPatch)


def test_one_of_several_possible_values_fails_only_if_all_do() -> None:
    known = 'variable "x" {}\n'
    assert verdict(EQUALS, "  on = var.x ? true : false", known)[0] is Holds.UNKNOWN
    assert verdict(EQUALS, '  on = var.x ? false : "off"', known)[0] is Holds.NO
    assert verdict(EQUALS, '  on = var.x ? true : "true"', known)[0] is Holds.YES


SIBLING = {
    "sibling": "aws_lock",
    "by": "thing",
    "refers_to": "id",
    "require": [{"path": "closed", "equals": True}],
    "add": {"closed": True},
}


def lock(thing: str, closed: str = "true", name: str = "l") -> str:
    return f'\nresource "aws_lock" "{name}" {{\n  thing  = {thing}\n  closed = {closed}\n}}\n'


@pytest.mark.parametrize(
    ("rest", "holds"),
    [
        ("", Holds.NO),
        (lock("aws_thing.mine.id"), Holds.YES),
        (lock("aws_thing.mine.arn"), Holds.YES),
        (lock("aws_thing.mine[0].id"), Holds.YES),
        (lock('"named"'), Holds.YES),
        (lock('"other"'), Holds.NO),
        (lock("aws_thing.mine.id", "false"), Holds.NO),
        (lock("var.x") + UNKNOWN_REST, Holds.UNKNOWN),
        (lock("aws_thing.mine.id", "false", "a") + lock("aws_thing.mine.id", "true", "b"), Holds.YES),
        (lock("aws_thing.other.id") + '\nresource "aws_thing" "other" {\n}\n', Holds.NO),
    ],
)
def test_a_sibling_counts_if_it_surely_belongs_to_the_resource(rest: str, holds: Holds) -> None:
    assert verdict(SIBLING, '  name = "named"', rest)[0] is holds


def test_a_missing_sibling_is_added_and_refers_to_the_resource() -> None:
    body = Table((("thing", Ref(MINE, "id")), ("closed", True)))
    assert edits(SIBLING, "") == (AddResource(MINE, "aws_lock", "mine", body),)


def test_a_sibling_of_a_repeated_resource_is_repeated_alike() -> None:
    (added,) = edits(SIBLING, "  for_each = toset(var.x)", UNKNOWN_REST)
    assert added.body.entries[:2] == (("for_each", Raw("toset(var.x)")), ("thing", Raw("aws_thing.mine[each.key].id")))


def test_a_sibling_of_a_name_that_is_taken_gets_another() -> None:
    rest = lock('"other"', name="mine")
    (added,) = edits(SIBLING, "", rest)
    assert added.name == "mine_2"


def test_a_sibling_that_is_there_is_repaired_where_it_stands() -> None:
    assert edits(SIBLING, "", lock("aws_thing.mine.id", "false")) == (SetValue("aws_lock.l", ("closed",), True),)


def test_no_sibling_is_added_where_one_may_already_do_it() -> None:
    assert edits(SIBLING, "", lock("var.x") + UNKNOWN_REST) == NoPatch(
        "aws_lock.l may already do it: var.x has no default"
    )


ANY = {"any": [[SIBLING], [{"path": "lock.closed", "equals": True}]]}


def test_of_several_ways_the_one_that_the_code_has_begun_is_taken() -> None:
    assert edits(ANY, "  lock {\n    closed = false\n  }") == (SetValue(MINE, ("lock", 0, "closed"), True),)
    assert edits(ANY, "", lock("aws_thing.mine.id", "false")) == (SetValue("aws_lock.l", ("closed",), True),)


def test_of_several_ways_none_begun_the_first_is_taken() -> None:
    (added,) = edits(ANY, "")
    assert isinstance(added, AddResource)


def test_one_way_that_holds_is_enough() -> None:
    assert verdict(ANY, "  lock {\n    closed = true\n  }")[0] is Holds.YES


WHEN = {"when": {"path": "engine", "equals": "mysql"}, "then": {"path": "audit", "equals": True}}


@pytest.mark.parametrize(
    ("body", "holds"),
    [
        ('  engine = "mysql"', Holds.NO),
        ('  engine = "mysql"\n  audit  = true', Holds.YES),
        ('  engine = "postgres"', Holds.YES),
        ("  engine = var.x", Holds.UNKNOWN),
        ("  engine = var.x\n  audit  = true", Holds.YES),
    ],
)
def test_a_guarded_requirement_counts_only_where_its_condition_holds(body: str, holds: Holds) -> None:
    assert verdict(WHEN, body, UNKNOWN_REST)[0] is holds


@pytest.mark.parametrize(
    ("requirement", "body", "expected"),
    [
        (EQUALS, "", (SetValue(MINE, ("on",), True),)),
        (EQUALS, "  on = true", ()),
        ({"path": "a.b", "equals": 1}, "", (SetValue(MINE, ("a", "b"), 1),)),
        ({"path": "a.b", "equals": 1}, "  a {\n  }", (SetValue(MINE, ("a", 0, "b"), 1),)),
        (
            {"path": "a.b", "equals": 1, "create": {"b": 1, "c": 2}},
            "",
            (SetValue(MINE, ("a",), Table((("b", 1), ("c", 2)))),),
        ),
        ({"path": "a.b", "equals": 1, "create": {"b": 1, "c": 2}}, "  a {\n  }", (SetValue(MINE, ("a", 0, "b"), 1),)),
        ({"path": "mode", "one_of": ["a", "b"]}, "", (SetValue(MINE, ("mode",), "a"),)),
        ({"path": "key", "absent": True}, '  key = "k"', (RemoveValue(MINE, ("key",)),)),
        ({"path": "logs", "contains": ["a", "b"]}, '  logs = ["a"]', (AddItem(MINE, ("logs",), "b"),)),
        ({"path": "logs", "contains": ["a", "b"]}, "", (SetValue(MINE, ("logs",), ("a", "b")),)),
        (
            {"path": "logs", "excludes": ["*", "?"]},
            '  logs = ["*", "a", "?"]',
            (RemoveValue(MINE, ("logs", 2)), RemoveValue(MINE, ("logs", 0))),
        ),
        ({"path": "logs", "excludes": ["*"]}, '  logs = ["*"]', (RemoveValue(MINE, ("logs",)),)),
        (
            {"path": "mode", "none_of": ["public"]},
            '  mode = "public"',
            NoPatch("the right value depends on how this resource is used, which only its owner knows"),
        ),
    ],
)
def test_a_remedy_is_the_smallest_edit_that_makes_it_hold(requirement: Any, body: str, expected: object) -> None:
    assert edits(requirement, body) == expected


ASK = {
    "path": "target",
    "present": True,
    "set": {
        "ask": "log_bucket",
        "question": "Which bucket?",
        "candidate": "aws_s3_bucket",
        "like": "log",
        "attribute": "id",
    },
}
LOGS = '\nresource "aws_s3_bucket" "logs" {\n}\n'


def test_what_only_the_owner_knows_comes_from_the_policy_first() -> None:
    assert edits(ASK, "", LOGS, log_bucket="central") == (SetValue(MINE, ("target",), "central"),)


def test_then_from_the_only_candidate_of_the_module() -> None:
    assert edits(ASK, "", LOGS) == (SetValue(MINE, ("target",), Ref("aws_s3_bucket.logs", "id")),)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("", ""),
        (LOGS.replace("logs", "data"), ""),
        (LOGS.replace("{\n", "{\n  count = 2\n"), ""),
        (LOGS + LOGS.replace("logs", "old_logs"), " (in this module: aws_s3_bucket.logs, aws_s3_bucket.old_logs)"),
    ],
)
def test_else_the_owner_is_asked_and_nothing_is_made_up(rest: str, said: str) -> None:
    question = f"Which bucket?{said} Answer with `parameters: {{log_bucket: ...}}` in .remedy-gate.yml."
    assert edits(ASK, "", rest) == NoPatch(question)


def test_a_remedy_may_touch_what_its_rules_name_and_nothing_else() -> None:
    within = reach(control(SIBLING, {"path": "a.b.c", "equals": 1}, also=["d.e"]), "aws_thing")
    assert [within.covers(path) for path in (("a", 0, "b", 0, "c"), ("a", 0, "b", 0, "other"), ("d", "e"))] == [
        True
    ] * 3
    assert [within.covers(path) for path in (("a",), ("a", 0, "x"), ("closed",), ("d",))] == [False] * 4
    assert within.covers_sibling("aws_lock", ("closed",))
    assert not within.covers_sibling("aws_other", ("closed",))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"titel": "x"}, "control c: unknown word 'titel', perhaps 'title'."),
        (
            {"severity": "urgent"},
            "control c: severity 'urgent' is not one of critical, high, medium, low, info, unknown.",
        ),
        ({"risk": ""}, "control c: `risk` is missing."),
        ({"terraform": {}}, "control c: it has no rules: give a resource type under `terraform` or `cloudformation`."),
        ({"terraform": {"t": [{"path": "a"}]}}, "control c: a needs exactly one of equals"),
        (
            {"terraform": {"t": [{"path": "a", "equals": 1, "present": True}]}},
            "control c: a needs exactly one of equals",
        ),
        ({"terraform": {"t": [{"path": "a", "equal": 1}]}}, "control c: unknown word 'equal', perhaps 'equals'."),
        (
            {"terraform": {"t": [{"pfad": "a"}]}},
            "control c: a requirement has to have one of path, sibling, any, when, special.",
        ),
        ({"terraform": {"t": ["a"]}}, "control c: a requirement has to be a mapping, not 'a'."),
        (
            {"terraform": {"t": [{"sibling": "s", "by": "b"}]}},
            "control c: the sibling s needs `require`, and either",
        ),
        (
            {"terraform": {"t": [{"path": "a", "present": True, "set": {"ask": "x"}}]}},
            "control c: `ask: x` needs a `question` for the owner.",
        ),
    ],
)
def test_a_wrong_declaration_is_refused_by_name(words: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        control(EQUALS, **words)
    assert str(refusal.value).startswith(message)


def test_an_id_that_stands_twice_is_refused() -> None:
    item = {"id": "c", "title": "t", "risk": "r", "severity": "low", "terraform": {"t": [EQUALS]}}
    with pytest.raises(SettingsError, match="control c stands in a and again in b"):
        compiled({"a": [item], "b": [item]})


def test_the_version_changes_with_the_declaration_and_not_with_its_examples() -> None:
    def version(item: dict[str, Any]) -> str:
        return compiled({"a": [item]})["a"].rpartition('"version":"')[2][:12]

    item = {"id": "c", "title": "t", "risk": "r", "severity": "low", "terraform": {"t": [EQUALS]}}
    assert version(item) == version({**item, "examples": {"terraform": []}})
    assert version(item) != version({**item, "terraform": {"t": [DEFAULTED]}})
