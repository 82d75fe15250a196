"""What expressions come to. The expected values are those of `terraform console`."""

from __future__ import annotations

from typing import TypeAlias

import pytest

from remedy_gate.iac.terraform import TERRAFORM
from remedy_gate.iac.values import Fields, Items, Known, OneOf, Scalar, Unknown, Value

Plain: TypeAlias = "Scalar | list[Plain] | dict[str, Plain]"


def value_of(data: Plain) -> Value:
    if isinstance(data, dict):
        return Fields(tuple((key, value_of(item)) for key, item in data.items()))
    if isinstance(data, list):
        return Items(tuple(map(value_of, data)))
    return Known(data)


def resolved(expression: str, more: str = "", **files: str) -> Value:
    text = f"locals {{\n  x = {expression}\n}}\n{more}"
    module = TERRAFORM.read(
        {"main.tf": text.encode(), **{name.replace("__", "."): body.encode() for name, body in files.items()}}
    )
    assert module.errors == ()
    return module.resolved("local.x").get("value")


EXPRESSIONS: dict[str, Plain] = {
    "1 + 2 * 3 - 4 / 2 % 3": 5,
    "-5 % 3": -2,
    "7 / 2": 3.5,
    "10 / 5": 2,
    "1.0 + 0.5": 1.5,
    "0.1 + 0.2": 0.3,
    "1e10": 10000000000,
    "2 * -3": -6,
    "-(1 + 2)": -3,
    "(1 + 2) * 3": 9,
    "!true || false && true": False,
    "1 < 2 == true": True,
    '"1" == 1': False,
    "1 == 1.0": True,
    "null == null": True,
    '"a" != null': True,
    "[1, 2] == [1, 2]": True,
    'true ? "x" : "y"': "x",
    "false ? 1 : true ? 2 : 3": 2,
    "true ? 1 : false ? 2 : 3": 1,
    "true ? false ? 1 : 2 : 3": 2,
    "(true ? false : true) ? 1 : 2": 2,
    r'"x\ty\"z\\ \u00e9 $${a} %%{b}"': 'x\ty"z\\ \u00e9 ${a} %{b}',
    '"a${1}b${true}c${1.5}d"': "a1btruec1.5d",
    '"${[1, 2]}"[1]': 2,
    '"%{ if true }yes%{ else }no%{ endif }"': "yes",
    '"%{ if false }yes%{ endif }|"': "|",
    '"%{ for x in ["a", "b"] }<${x}>%{ endfor }"': "<a><b>",
    '"a ${~ "b" ~} c"': "abc",
    "[for x in [1, 2, 3] : x if x != 2]": [1, 3],
    '[for i, x in ["a", "b"] : "${i}=${x}"]': ["0=a", "1=b"],
    "[for k, v in { b = 1, a = 2 } : k]": ["a", "b"],
    "{ for k, v in { a = 1, b = 2 } : upper(k) => v * 2 }": {"A": 2, "B": 4},
    '{ for x in [{ n = "a", v = 1 }, { n = "a", v = 2 }] : x.n => x.v... }': {"a": [1, 2]},
    "[{ a = 1 }, { a = 2 }][*].a": [1, 2],
    "[{ a = 1 }, { a = 2 }].*.a": [1, 2],
    "{ a = { b = [10, 20] } }.a.b[1]": 20,
    "{ a = { b = [10, 20] } }.a.b.1": 20,
    '{ "a-b" = 1, (upper("c")) = 2, d : 3 }': {"a-b": 1, "C": 2, "d": 3},
}

FUNCTIONS: dict[str, Plain] = {
    'upper("ab")': "AB",
    'title("hello world")': "Hello World",
    'replace("a-b-c", "-", "")': "abc",
    'split(",", "a,b,,c")': ["a", "b", "", "c"],
    'join("-", ["a", 1, true])': "a-1-true",
    'trimspace("  a \\n")': "a",
    'substr("hello", -3, -1)': "llo",
    'format("%s-%05d-%v-%q-%%", "a", 42, true, "x\\"y")': 'a-00042-true-"x\\"y"-%',
    'format("%5s|%-5s|%.2f|%x", "a", "b", 1.5, 255)': "    a|b    |1.50|ff",
    "merge({ a = 1, b = 2 }, { b = 3 }, null)": {"a": 1, "b": 3},
    "merge([{ a = 1 }, { b = 2 }]...)": {"a": 1, "b": 2},
    'concat(["a"], [], ["b"])': ["a", "b"],
    'lookup({ a = "x" }, "a", "d")': "x",
    'lookup({ a = "x" }, "b", "d")': "d",
    'try({ a = 1 }.b, "other")': "other",
    'try([][0], "none")': "none",
    "can({ a = 1 }.b)": False,
    "can(1)": True,
    'coalesce("", null, "x")': "x",
    'coalescelist([], ["a"])': ["a"],
    'toset(["b", "a", "b"])': ["a", "b"],
    "tostring(true)": "true",
    'tonumber("42")': 42,
    'tobool("true")': True,
    "length([1, 2, 3])": 3,
    'length("h\u00e9llo")': 5,
    'contains(["a", "b"], "a")': True,
    'contains([1, 2], "1")': False,
    "keys({ b = 1, a = 2 })": ["a", "b"],
    "values({ b = 1, a = 2 })": [2, 1],
    'element(["a", "b", "c"], 4)': "b",
    'flatten([["a", ["b"]], [], ["c"]])': ["a", "b", "c"],
    'distinct(["a", "b", "a"])': ["a", "b"],
    'compact(["a", "", null, "b"])': ["a", "b"],
    'one(["x"])': "x",
    "one([])": None,
    "min(3, 1, 2)": 1,
    "max([1, 5, 3]...)": 5,
    'jsonencode({ b = [1, "x", null, true], a = "<&>" })': '{"a":"\\u003c\\u0026\\u003e","b":[1,"x",null,true]}',
    'jsondecode("{\\"a\\": [1, 2.5, null]}")': {"a": [1, 2.5, None]},
    "range(1, 4)": [1, 2, 3],
    'zipmap(["a", "b"], [1, 2])': {"a": 1, "b": 2},
    'setsubtract(["a", "b"], ["a"])': ["b"],
    'startswith("abc", "ab")': True,
    'trimprefix("abc", "a")': "bc",
    "sensitive(1)": 1,
}

HEREDOCS = {
    "plain": ("<<EOT\n  a\n    b ${1 + 1}\nEOT\n", "  a\n    b 2\n"),
    "indented": ("<<-EOT\n    a\n      b ${1 + 1}\n\n    c\n  EOT\n", "a\n  b 2\n\nc\n"),
    "an interpolation first": ('<<-EOT\n    ${"x"} y\n      z\n  EOT\n', "x y\n  z\n"),
    "no escapes": ("<<EOT\n\\n $${x}\nEOT\n", "\\n ${x}\n"),
    "empty": ("<<EOT\nEOT\n", ""),
    "strip markers reach one line": (
        '<<-EOT\n    %{ for x in ["a", "b"] ~}\n    item ${x}\n    %{ endfor ~}\n    end\n  EOT\n',
        "    item a\n    item b\n    end\n",
    ),
}


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS.items(), ids=EXPRESSIONS.keys())
def test_an_expression_of_known_parts_is_known(expression: str, expected: Plain) -> None:
    assert resolved(expression) == value_of(expected)


@pytest.mark.parametrize(("expression", "expected"), FUNCTIONS.items(), ids=FUNCTIONS.keys())
def test_a_function_of_known_arguments_is_known(expression: str, expected: Plain) -> None:
    assert resolved(expression) == value_of(expected)


@pytest.mark.parametrize(("expression", "expected"), HEREDOCS.values(), ids=HEREDOCS.keys())
def test_a_heredoc_is_its_text(expression: str, expected: str) -> None:
    assert resolved(expression.rstrip("\n")) == Known(expected)


UNKNOWN = {
    "a variable without a default": ("var.a", "var.a has no default"),
    "an undeclared variable": ("var.nope", "var.nope is declared nowhere in this module"),
    "an undeclared local": ("local.nope", "local.nope is declared nowhere in this module"),
    "an undeclared resource": ("aws_kms_key.k.arn", "aws_kms_key.k is declared nowhere in this module"),
    "a function that reads the world": ('file("x")', "the function `file` is not worked out"),
    "a text with an unknown part": ('"x-${var.a}"', "var.a has no default"),
    "arithmetic with an unknown": ("var.a + 1", "var.a has no default"),
    "an attribute of an unknown": ("var.a.b[0].c", "var.a has no default"),
    "a path": ("path.module", "path.module is known only when Terraform runs"),
    "a key that is not there": ("{ a = 1 }.b", "there is no `b`"),
    "an item that is not there": ("[1][5]", "there is no item 5"),
    "a division by zero": ("1 / 0", "1 / 0 cannot be calculated"),
    "a regular expression": ('replace("a", "/b/", "")', "`replace` with a regular expression is not worked out"),
}


@pytest.mark.parametrize(("expression", "reason"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_the_code_does_not_say_is_unknown_with_the_reason(expression: str, reason: str) -> None:
    assert resolved(expression, 'variable "a" {}\n') == Unknown(reason)


def test_an_unknown_test_leaves_both_values_possible() -> None:
    assert resolved('var.a ? "x" : "y"', 'variable "a" {}\n') == OneOf((Known("x"), Known("y")))


def test_an_unknown_test_between_equal_values_is_that_value() -> None:
    assert resolved('var.a ? "x" : "x"', 'variable "a" {}\n') == Known("x")


def test_possible_values_go_through_texts_and_functions() -> None:
    expression = 'upper("${var.a ? "x" : "y"}-z")'
    assert resolved(expression, 'variable "a" {}\n') == OneOf((Known("X-Z"), Known("Y-Z")))


def test_a_known_side_decides_logic_with_an_unknown_one() -> None:
    assert resolved("var.a && false", 'variable "a" {}\n') == Known(False)
    assert resolved("var.a || true", 'variable "a" {}\n') == Known(True)
    assert resolved("var.a && true", 'variable "a" {}\n') == Unknown("var.a has no default")


def test_an_unknown_index_leaves_every_item_possible() -> None:
    assert resolved("{ a = 1, b = 2 }[var.a]", 'variable "a" {}\n') == OneOf((Known(1), Known(2)))


def test_what_an_unknown_map_may_overwrite_is_no_longer_certain() -> None:
    more = 'variable "a" {}\n'
    first = resolved("merge({ k = 1 }, var.a)", more)
    assert first == Fields((("k", OneOf((Known(1), Unknown("var.a has no default")))),), complete=False)
    assert resolved("merge(var.a, { k = 1 })", more) == Fields((("k", Known(1)),), complete=False)


def test_a_list_with_an_unknown_part_says_that_it_may_be_longer() -> None:
    assert resolved('concat(["x"], var.a)', 'variable "a" {}\n') == Items((Known("x"),), complete=False)
    assert resolved('contains(concat(["x"], var.a), "x")', 'variable "a" {}\n') == Known(True)
    assert resolved('contains(concat(["x"], var.a), "y")', 'variable "a" {}\n') == Unknown(
        "what the list holds is not known in full"
    )


def test_try_passes_over_failures_and_keeps_unknowns_in_view() -> None:
    assert resolved('try(local.y.b, "z")', "locals {\n  y = { a = 1 }\n}\n") == Known("z")
    assert resolved('try(var.a, "z")', 'variable "a" {}\n') == OneOf((Unknown("var.a has no default"), Known("z")))


def test_an_unknown_filter_makes_a_list_incomplete() -> None:
    assert resolved("[for x in [1, 2] : x if var.a == x]", 'variable "a" {}\n') == Items((), complete=False)


def test_locals_follow_locals_and_variables() -> None:
    more = 'locals {\n  y = "${var.v}-z"\n}\nvariable "v" {\n  default = "d"\n}\n'
    assert resolved("local.y", more) == Known("d-z")


def test_a_cycle_of_locals_is_unknown() -> None:
    assert resolved("local.y", "locals {\n  y = local.x\n}\n") == Unknown("local.y is defined by itself")


def test_the_default_of_a_variable_takes_its_type() -> None:
    more = 'variable "v" {\n  type    = bool\n  default = "true"\n}\n'
    assert resolved("var.v", more) == Known(True)


def test_optional_attributes_of_a_variable_take_their_defaults() -> None:
    more = """variable "v" {
  type = map(object({
    a = optional(string, "z")
    b = number
    c = optional(list(string))
  }))
  default = { k = { b = "3" } }
}
"""
    assert resolved("var.v", more) == value_of({"k": {"a": "z", "b": 3, "c": None}})


def test_variable_files_win_over_defaults_and_later_files_over_earlier_ones() -> None:
    module = TERRAFORM.read(
        {
            "main.tf": b'variable "a" { default = 0 }\nvariable "b" { default = 0 }\nvariable "c" {}\nvariable "d" {}\n'
            b"locals {\n  x = [var.a, var.b, var.c, var.d]\n}\n",
            "terraform.tfvars": b"b = 1\nc = 1\n",
            "x.auto.tfvars": b"c = 2\n",
            "y.auto.tfvars.json": b'{"d": "e"}',
        }
    )
    assert module.resolved("local.x").get("value") == value_of([0, 1, 2, "e"])


GROWING = {
    "a text that doubles": '"abc"|"${local.NAME}${local.NAME}"',
    "a list that doubles": "[1, 2]|[local.NAME, local.NAME]",
    "a chain of names": "1|local.NAME",
}


@pytest.mark.parametrize("pattern", GROWING.values(), ids=GROWING.keys())
def test_code_that_grows_on_purpose_ends_as_unknown(pattern: str) -> None:
    first, following = pattern.split("|")
    lines = [f"  l0 = {first}", *(f"  l{i + 1} = {following.replace('NAME', f'l{i}')}" for i in range(300))]
    module = TERRAFORM.read({"main.tf": "\n".join(["locals {", *lines, "}", ""]).encode()})
    assert isinstance(module.resolved("local.l300").get("value"), Unknown)
    assert not isinstance(module.resolved("local.l1").get("value"), Unknown)


def test_loops_within_loops_end_as_unknown() -> None:
    value = resolved("[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a * b * c]]]")
    assert "takes too long" in str(value)


@pytest.mark.parametrize("text", ["default = null", "type = string\n  default = null", "default = (null)"])
def test_a_variable_whose_default_is_null_is_not_given_rather_than_not_set(text: str) -> None:
    assert resolved("var.key", f'variable "key" {{\n  {text}\n}}\n') == Unknown(
        "var.key is not given: its default is null"
    )


def test_a_null_that_a_variable_file_or_the_code_itself_says_is_a_null() -> None:
    variable = 'variable "key" {\n  default = null\n}\n'
    assert resolved("var.key", variable, terraform__tfvars="key = null\n") == Known(None)
    assert resolved("var.key", variable, terraform__tfvars='key = "k"\n') == Known("k")
    assert resolved("null") == Known(None)


def test_a_default_of_null_leaves_open_what_is_chosen_by_it() -> None:
    variable = 'variable "key" {\n  default = null\n}\n'
    assert resolved('var.key == null ? "a" : "b"', variable) == OneOf((Known("a"), Known("b")))
    not_given = Unknown("var.key is not given: its default is null")
    assert resolved('coalesce(var.key, "a")', variable) == OneOf((not_given, Known("a")))


def test_the_json_form_of_a_default_of_null_is_not_given_either() -> None:
    module = TERRAFORM.read(
        {"main.tf.json": b'{"variable": {"key": {"default": null}}, "locals": {"x": "${var.key}"}}'}
    )
    assert module.resolved("local.x").get("value") == Unknown("var.key is not given: its default is null")


def test_true_and_false_that_are_written_as_python_has_them_are_taken_for_what_was_meant() -> None:
    assert resolved("[True, False]") == Items((Known(True), Known(False)))


def test_an_attribute_of_something_called_true_is_no_truth() -> None:
    assert isinstance(resolved("True.value"), Unknown)
