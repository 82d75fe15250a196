"""An address that two blocks of a module have: it costs these two, and nothing else."""

from __future__ import annotations

import pytest

from remedy_gate.domain.source import Problem
from remedy_gate.iac.module import CannotEdit, Module
from remedy_gate.iac.operations import AddResource, Operation, RemoveValue, SetValue, Table
from remedy_gate.iac.problems import code_problems, undecided
from remedy_gate.iac.terraform import TERRAFORM
from remedy_gate.iac.terraform.module import TerraformModule
from remedy_gate.iac.values import Known, Reference, Unknown

MAIN = """variable "size" {
  default = 1
}

locals {
  one = "a"
}

resource "a" "x" {
  b = 1
}

resource "a" "y" {
  b    = 1
  size = var.size
  name = local.one
  from = a.x.b
}
"""
OTHER = """resource "a" "x" {
  b = 2
}

variable "size" {
  default = 2
}

locals {
  one = "b"
}
"""
TWICE = "a.x is declared twice: main.tf, line 9, and other.tf, line 1"


def twice() -> Module:
    return TERRAFORM.read({"main.tf": MAIN.encode(), "other.tf": OTHER.encode()})


def test_the_file_and_the_line_of_both_are_named_and_both_stay_among_the_blocks() -> None:
    module = twice()
    assert module.errors == ()
    assert [address for address in module.blocks if address.startswith("a.")] == ["a.x", "a.y", "a.x#2"]
    assert module.repeated["a.x"] == module.repeated["a.x#2"] == ("other.tf", 1, 1, TWICE)
    assert undecided(module, "a.x#2") == TWICE


def test_it_is_told_once_and_does_not_count_as_not_having_looked() -> None:
    unread, named = code_problems([twice()], {"main.tf", "other.tf"})
    assert unread == ()
    assert [problem.where for problem in named] == ["other.tf:1:1", "other.tf:5:1", "other.tf:10:3"]


@pytest.mark.parametrize("address", ["a.x", "a.x#2"])
@pytest.mark.parametrize("kind", [SetValue, RemoveValue, AddResource])
def test_neither_of_the_two_is_edited_nor_gets_a_sibling(address: str, kind: type) -> None:
    operations: dict[type, Operation] = {
        SetValue: SetValue(address, ("b",), 3),
        RemoveValue: RemoveValue(address, ("b",)),
        AddResource: AddResource(address, "c", "x", Table(())),
    }
    assert TERRAFORM.edit(twice(), operations[kind]) == CannotEdit(TWICE)


def test_every_other_block_of_the_module_is_edited_as_ever() -> None:
    edited = TERRAFORM.edit(twice(), SetValue("a.y", ("b",), 3))
    assert isinstance(edited, TerraformModule)
    assert edited.files["main.tf"].decode() == MAIN.replace("b    = 1", "b    = 3")
    assert edited.files["other.tf"].decode() == OTHER


def test_nothing_in_them_is_worked_out_and_what_takes_its_value_from_them_is_unknown() -> None:
    module = twice()
    assert module.resolved("a.x").get("b") == Unknown(TWICE)
    assert isinstance(module.resolved("a.x#2").get("not_written"), Unknown)
    assert module.written("a.x#2").get("b") == Known(2)
    body = module.resolved("a.y")
    assert body.get("b") == Known(1)
    assert body.get("from") == Reference("a.x", ("b",), Unknown(TWICE))
    assert body.get("size") == Unknown("var.size is declared twice: main.tf, line 1, and other.tf, line 5")
    assert body.get("name") == Unknown("local.one is declared twice: main.tf, line 6, and other.tf, line 10")


def test_of_three_of_one_address_the_first_two_are_named_and_none_is_edited() -> None:
    module = TERRAFORM.read({"main.tf": b'resource "a" "x" {}\n' * 3})
    (error,) = set(module.repeated.values())
    assert error.message == "a.x is declared twice: main.tf, line 1, and main.tf, line 2"
    assert list(module.repeated) == ["a.x", "a.x#2", "a.x#3"]


def test_a_name_that_looks_like_a_number_of_ours_is_not_lost() -> None:
    module = TERRAFORM.read({"main.tf": b'resource "a" "x#2" {}\nresource "a" "x" {}\nresource "a" "x" {}\n'})
    assert list(module.blocks) == ["a.x#2", "a.x", "a.x#3"]


def test_the_json_form_counts_as_well() -> None:
    text = b'{"resource": [{"a": {"x": {}}}, {"a": {"x": {}}}, {"a": {"y": {}}}]}'
    module = TERRAFORM.read({"main.tf.json": text})
    assert (list(module.blocks), list(module.repeated)) == (["a.x", "a.x#2", "a.y"], ["a.x", "a.x#2"])
    assert isinstance(TERRAFORM.edit(module, SetValue("a.x", ("b",), 1)), CannotEdit)
    assert isinstance(TERRAFORM.edit(module, SetValue("a.y", ("b",), 1)), TerraformModule)


def test_an_argument_that_is_set_twice_still_costs_the_file() -> None:
    module = TERRAFORM.read({"main.tf": b'resource "a" "x" {\n  b = 1\n  b = 2\n}\n', "o.tf": b'resource "a" "y" {}\n'})
    assert [(error.path, error.line) for error in module.errors] == [("main.tf", 3)]
    assert list(module.blocks) == ["a.y"]


def test_a_thousand_of_one_address_are_told_apart_by_number() -> None:
    module = TERRAFORM.read({"main.tf": b'resource "a" "x" {}\n' * 1000})
    assert list(module.blocks)[-1] == "a.x#1000"
    assert len(module.repeated) == 1000


@pytest.mark.parametrize("kind", ["resource", "data"])
def test_a_block_without_a_type_or_a_name_is_told_and_costs_the_others_nothing(kind: str) -> None:
    text = f'{kind} "aws_instance" {{\n  ami = "x"\n}}\n\nresource "a" "y" {{\n  b = 1\n}}\n'
    module = TERRAFORM.read({"main.tf": text.encode()})
    unread, named = code_problems([module], {"main.tf"})
    why = f"a `{kind}` block has two labels, a type and a name, and this one has not: no control looks at it"
    assert (unread, named) == ((), (Problem("main.tf:1", why),))
    assert isinstance(TERRAFORM.edit(module, SetValue("a.y", ("b",), 2)), TerraformModule)


def test_blocks_that_have_no_type_by_right_are_not_told() -> None:
    module = TERRAFORM.read(
        {"main.tf": b'module "m" {\n  source = "./m"\n}\n\nvariable "v" {}\n\nlocals {\n  a = 1\n}\n'}
    )
    assert code_problems([module], {"main.tf"}) == ((), ())
