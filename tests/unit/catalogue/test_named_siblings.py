"""A sibling that the resource itself names: its parameter group, the web ACL in front of it."""

from __future__ import annotations

import pytest

from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.declaring import read_control
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.reach import reach
from remedy_gate.catalogue.repairing import repair
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import SetValue
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Fields, Items, Known
from remedy_gate.verification.dangers import only_made_first

TERRAFORM = Terraform(load())
GROUP = 'resource "aws_group" "mine" {\n  name = "shared"\n  on   = false\n}\n'


def control() -> Control:
    rule = {"sibling": "aws_group", "named_by": "group_name", "require": [{"path": "on", "equals": True}]}
    words = {"id": "c", "title": "t", "risk": "r", "severity": "low", "terraform": {"aws_thing": [rule]}}
    return read_control(words)


def subject(named: str) -> Subject:
    module = TERRAFORM.read({"main.tf": f'resource "aws_thing" "mine" {{\n{named}\n}}\n\n{GROUP}'.encode()})
    return Subject(module, "aws_thing.mine", {})


@pytest.mark.parametrize("named", ["  group_name = aws_group.mine.name", '  group_name = "shared"'])
def test_what_the_resource_names_is_judged_and_repaired_where_it_stands(named: str) -> None:
    assert judge(control(), subject(named)) == (Holds.NO, "aws_group.mine: on is false")
    assert repair(control(), subject(named)) == (SetValue("aws_group.mine", ("on",), True),)


def test_what_is_not_in_the_module_is_neither_right_nor_wrong() -> None:
    elsewhere = subject('  group_name = "of-others"')
    assert judge(control(), elsewhere).holds is Holds.UNKNOWN
    assert isinstance(repair(control(), elsewhere), NoPatch)


def test_where_nothing_is_named_none_is_added() -> None:
    assert judge(control(), subject("")) == (Holds.NO, "there is no aws_group for it")
    assert isinstance(repair(control(), subject("")), NoPatch)


def test_the_reach_says_that_it_is_the_resource_that_points() -> None:
    assert reach(control(), "aws_thing").named == {"aws_group"}


def lifecycle(**words: object) -> Items:
    return Items((Fields(tuple((name, Known(value)) for name, value in words.items())),))  # type: ignore[arg-type]


def test_a_lifecycle_may_only_come_to_make_the_new_one_first() -> None:
    assert only_made_first(Items(()), lifecycle(create_before_destroy=True))
    assert only_made_first(lifecycle(create_before_destroy=False), lifecycle(create_before_destroy=True))
    assert not only_made_first(lifecycle(create_before_destroy=True), lifecycle(create_before_destroy=False))
    assert not only_made_first(Items(()), lifecycle(create_before_destroy=True, ignore_changes="all"))
    assert not only_made_first(lifecycle(prevent_destroy=True), lifecycle(create_before_destroy=True))
