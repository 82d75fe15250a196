"""A variable of a local module has the value that its callers give it."""

from __future__ import annotations

import pytest
from fakes import FakeTree

from remedy_gate.iac.module import Module
from remedy_gate.iac.operations import SetValue
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.terraform.module import TerraformModule
from remedy_gate.iac.values import Fields, Items, Known, OneOf, Unknown, Value
from remedy_gate.matching.arguments import CallersArguments
from remedy_gate.matching.around import Around
from remedy_gate.matching.calls import Calls

MODULE = 'variable "v" {}\n\nvariable "w" {\n  default = "own"\n}\n\nresource "a" "x" {\n  v = var.v\n  w = var.w\n}\n'


class Search:
    def __init__(self, files: dict[str, str]) -> None:
        self.files = files
        self.asked = 0

    def paths(self) -> tuple[str, ...]:
        return tuple(self.files)

    def holding(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        self.asked += 1
        return tuple(path for path, held in self.files.items() if any(text in held for text in texts))


class Repository:
    """Files of which the module of `m/main.tf` was read."""

    def __init__(self, files: dict[str, str]) -> None:
        self.search, callers = Search(files), CallersArguments()
        self.language = Terraform(load(), callers)
        self.reader, self.tree = Reader((self.language,)), FakeTree(files)
        around = Around(self.tree, self.reader, self.search)
        callers.look_into(lambda: Calls(self.reader.modules_read(), around))
        self.module = self.read("m/main.tf")

    def read(self, path: str) -> TerraformModule:
        module = self.reader.module(path, self.reader.sources((path,), self.tree))
        assert isinstance(module, TerraformModule)
        return module


def call(*lines: str, name: str = "m", source: str = "./m") -> str:
    return "\n".join((f'module "{name}" {{', f'  source = "{source}"', *(f"  {line}" for line in lines), "}", ""))


def value(module: Module, name: str = "v") -> Value:
    return module.resolved("a.x").get(name)


GIVEN: tuple[tuple[str, str, Value], ...] = (
    ("a literal", call("v = 1"), Known(1)),
    ("a local of the caller", "locals {\n  one = true\n}\n" + call("v = local.one"), Known(value=True)),
    ("a list", call('v = ["a", 2]'), Items((Known("a"), Known(2)))),
    ("an object", call("v = { b = 1 }"), Fields((("b", Known(1)),))),
    ("two callers that agree", call("v = 1") + call("v = 1", name="n"), Known(1)),
    ("two callers that do not", call("v = 1") + call("v = 2", name="n"), OneOf((Known(1), Known(2)))),
    (
        "something of the caller's own",
        call("v = aws_kms_key.k.arn"),
        Unknown("aws_kms_key.k is declared nowhere in this module"),
    ),
    ("null", call("v = null"), Unknown("module.m in main.tf passes null for it")),
    ("nothing", call(), Unknown("var.v has no default")),
)


@pytest.mark.parametrize(("caller", "expected"), [case[1:] for case in GIVEN], ids=[case[0] for case in GIVEN])
def test_a_variable_is_what_the_callers_give(caller: str, expected: Value) -> None:
    assert value(Repository({"main.tf": caller, "m/main.tf": MODULE}).module) == expected


def test_a_caller_that_leaves_it_out_gets_the_default_and_one_that_does_not_does_not() -> None:
    caller = call("v = 1") + call("v = 1", 'w = "given"', name="n")
    assert value(Repository({"main.tf": caller, "m/main.tf": MODULE}).module, "w") == OneOf(
        (Known("own"), Known("given"))
    )


def test_a_caller_of_a_caller_is_asked_as_well() -> None:
    files = {
        "main.tf": call("v = 7", source="./mid"),
        "mid/main.tf": 'variable "v" {}\n' + call("v = var.v", source="../m"),
        "m/main.tf": MODULE,
    }
    assert value(Repository(files).module) == Known(7)


def test_the_type_of_the_variable_makes_the_value_what_it_is() -> None:
    text = MODULE.replace('"v" {}', '"v" {\n  type = bool\n}')
    assert value(Repository({"main.tf": call('v = "true"'), "m/main.tf": text}).module) == Known(value=True)


def test_modules_that_call_one_another_in_a_circle_come_to_an_end() -> None:
    files = {
        "m/main.tf": MODULE + call("v = var.v", source="../n"),
        "n/main.tf": 'variable "v" {}\n' + call("v = var.v"),
    }
    files["n/main.tf"] = files["n/main.tf"].replace("./m", "../m")
    assert isinstance(value(Repository(files).module), Unknown)


def test_a_variable_file_of_the_module_says_more_than_its_callers() -> None:
    files = {"main.tf": call("v = 1"), "m/main.tf": MODULE, "m/terraform.tfvars": "v = 2\n"}
    assert value(Repository(files).module) == Known(2)


def test_a_module_that_nobody_calls_has_its_defaults() -> None:
    module = Repository({"main.tf": call("v = 1", source="./other"), "m/main.tf": MODULE}).module
    assert (value(module), value(module, "w")) == (Unknown("var.v has no default"), Known("own"))


def test_callers_are_not_looked_for_where_no_value_needs_them() -> None:
    repository = Repository({"main.tf": call("v = 1"), "m/main.tf": 'resource "a" "x" {\n  v = 1\n}\n'})
    assert (value(repository.module), repository.search.asked) == (Known(1), 0)


def test_an_edited_module_has_the_same_callers() -> None:
    repository = Repository({"main.tf": call("v = 1"), "m/main.tf": MODULE})
    edited = repository.language.edit(repository.module, SetValue("a.x", ("w",), "new"))
    assert isinstance(edited, TerraformModule)
    assert (value(edited), value(edited, "w")) == (Known(1), Known("new"))


def test_beside_changed_callers_the_module_has_what_those_give_and_itself_stays_as_it_was() -> None:
    repository = Repository({"main.tf": call("v = 1"), "m/main.tf": MODULE})
    caller = repository.language.edit(repository.read("main.tf"), SetValue("module.m", ("v",), 2))
    assert isinstance(caller, TerraformModule)
    assert value(repository.module.beside((caller,))) == Known(2)
    assert value(repository.module) == Known(1)


def test_a_caller_that_the_change_adds_counts() -> None:
    repository = Repository({"main.tf": call("v = 1"), "m/main.tf": MODULE})
    other = repository.language.read({"b/main.tf": call("v = 3", source="../m").encode()})
    assert value(repository.module.beside((other,))) == OneOf((Known(3), Known(1)))
