"""Setting values: the named bytes change, everything else stays."""

from __future__ import annotations

import pytest

from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import Data, Raw, Ref, RemoveValue, SetValue, Table
from remedy_gate.iac.schema import Argument
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Path

ENABLED = {"enabled": Argument("enabled", "bool")}
BUCKET = {
    "bucket": Argument("bucket", "string"),
    "force_destroy": Argument("force_destroy", "bool"),
    "tags": Argument("tags", "map"),
    "names": Argument("names", "list"),
    "versioning": Argument("versioning", "block", arguments=ENABLED),
    "rule": Argument("rule", "block", arguments={"inner": Argument("inner", "block", arguments=ENABLED)}),
}


class Schemas:
    def arguments(self, type_name: str) -> dict[str, Argument] | None:
        return BUCKET if type_name == "aws_s3_bucket" else None


LANGUAGE = Terraform(Schemas())
ADDRESS = "aws_s3_bucket.b"


def edited(text: str, path: Path, value: Data, address: str = ADDRESS) -> str | CannotEdit:
    module = LANGUAGE.read({"main.tf": text.encode()})
    assert module.errors == ()
    result = LANGUAGE.edit(module, SetValue(address, path, value))
    return result if isinstance(result, CannotEdit) else result.files["main.tf"].decode()


def bucket(body: str) -> str:
    return f'resource "aws_s3_bucket" "b" {{\n{body}}}\n'


ALIGNED = '  bucket = "x" # the name\n  acl    = "y" # the acl\n'

CHANGES: dict[str, tuple[str, Path, Data, str]] = {
    "a scalar keeps the comment behind it": (
        '  bucket = "x" # the name\n',
        ("bucket",),
        "z",
        '  bucket = "z" # the name\n',
    ),
    "the columns of comments move with the values": (
        ALIGNED,
        ("bucket",),
        "longer",
        '  bucket = "longer" # the name\n  acl    = "y"      # the acl\n',
    ),
    "any expression is replaced": ('  bucket = upper("x-${var.a}")\n', ("bucket",), "z", '  bucket = "z"\n'),
    "a value over lines is replaced": (
        "  tags = {\n    a = 1\n  }\n  b = 2\n",
        ("tags",),
        Raw("var.t"),
        "  tags = var.t\n  b    = 2\n",
    ),
    "a heredoc is replaced": ("  policy = <<EOT\nx\nEOT\n  b = 1\n", ("policy",), "z", '  policy = "z"\n  b = 1\n'),
    "a value becomes one over lines": (
        '  bucket = "x"\n  tags   = {}\n',
        ("tags",),
        Table((("a", 1), ("bcd", 2))),
        '  bucket = "x"\n  tags = {\n    a   = 1\n    bcd = 2\n  }\n',
    ),
    "a new argument goes behind the last one and aligns": (
        '  bucket = "x"\n  acl    = "y"\n',
        ("force_destroy",),
        False,
        '  bucket        = "x"\n  acl           = "y"\n  force_destroy = false\n',
    ),
    "a new argument goes before the nested blocks": (
        '  bucket = "x" # c\n\n  versioning {\n    enabled = true\n  }\n',
        ("force_destroy",),
        True,
        '  bucket        = "x" # c\n  force_destroy = true\n\n  versioning {\n    enabled = true\n  }\n',
    ),
    "a new argument goes before blocks that stand alone": (
        "  # about it\n  versioning {\n    enabled = true\n  }\n",
        ("bucket",),
        "x",
        '  bucket = "x"\n\n  # about it\n  versioning {\n    enabled = true\n  }\n',
    ),
    "a new argument follows those behind the blocks if there are no others": (
        "  versioning {\n    enabled = true\n  }\n\n  depends_on = [a.b]\n",
        ("bucket",),
        "x",
        '  versioning {\n    enabled = true\n  }\n\n  depends_on = [a.b]\n  bucket     = "x"\n',
    ),
    "a new argument follows comments in an empty body": (
        "  # nothing yet\n",
        ("bucket",),
        "x",
        '  # nothing yet\n  bucket = "x"\n',
    ),
    "lines that were not aligned are left alone": (
        '  bucket = "x"\n  a = 1\n',
        ("force_destroy",),
        True,
        '  bucket = "x"\n  a = 1\n  force_destroy = true\n',
    ),
    "a nested block is made with a blank line before it": (
        '  bucket = "x"\n',
        ("versioning", "enabled"),
        True,
        '  bucket = "x"\n\n  versioning {\n    enabled = true\n  }\n',
    ),
    "nested blocks are made within each other": (
        '  bucket = "x"\n',
        ("rule", "inner", "enabled"),
        True,
        '  bucket = "x"\n\n  rule {\n    inner {\n      enabled = true\n    }\n  }\n',
    ),
    "the next nested block is made by its number": (
        "  rule {\n  }\n",
        ("rule", 1, "inner"),
        Table(()),
        "  rule {\n  }\n\n  rule {\n    inner {}\n  }\n",
    ),
    "a value is set in the only nested block": (
        "  versioning {\n    enabled = false\n  }\n",
        ("versioning", "enabled"),
        True,
        "  versioning {\n    enabled = true\n  }\n",
    ),
    "a number picks the nested block": (
        "  rule {\n    a = 1\n  }\n\n  rule {\n    a = 2\n  }\n",
        ("rule", 1, "a"),
        3,
        "  rule {\n    a = 1\n  }\n\n  rule {\n    a = 3\n  }\n",
    ),
    "a block on one line is edited in place": (
        "  versioning { enabled = false }\n",
        ("versioning", "enabled"),
        True,
        "  versioning { enabled = true }\n",
    ),
    "a block on one line is opened for a second argument": (
        "  versioning { enabled = false } # c\n",
        ("versioning", "mfa_delete"),
        True,
        "  versioning {\n    enabled    = false\n    mfa_delete = true\n  } # c\n",
    ),
    "an empty nested block is opened": (
        "  versioning {}\n",
        ("versioning", "enabled"),
        True,
        "  versioning {\n    enabled = true\n  }\n",
    ),
    "a nested block is replaced as a whole": (
        "  versioning {\n    mfa_delete = true\n  }\n  # c\n",
        ("versioning",),
        Table((("enabled", True),)),
        "  versioning {\n    enabled = true\n  }\n  # c\n",
    ),
    "several nested blocks are replaced by several": (
        "  rule {\n    a = 1\n  }\n\n  rule {\n    a = 2\n  }\n",
        ("rule",),
        (Table((("a", 3),)), Table((("a", 4),)), Table((("a", 5),))),
        "  rule {\n    a = 3\n  }\n\n  rule {\n    a = 4\n  }\n\n  rule {\n    a = 5\n  }\n",
    ),
    "a key is added to an object over lines": (
        "  tags = {\n    a = 1 # one\n  }\n",
        ("tags", "Name"),
        "x",
        '  tags = {\n    a    = 1 # one\n    Name = "x"\n  }\n',
    ),
    "a key is added in the style of the others": (
        "  tags = {\n    a : 1,\n    b : 2,\n  }\n",
        ("tags", "c"),
        3,
        "  tags = {\n    a : 1,\n    b : 2,\n    c : 3,\n  }\n",
    ),
    "a key is added to an object on one line": (
        "  tags = { a = 1 }\n",
        ("tags", "b"),
        2,
        "  tags = { a = 1, b = 2 }\n",
    ),
    "a key is added to an empty object": ("  tags = {}\n", ("tags", "b"), 2, "  tags = { b = 2 }\n"),
    "a key that is no identifier is quoted": (
        "  tags = { a = 1 }\n",
        ("tags", "b.c"),
        2,
        '  tags = { a = 1, "b.c" = 2 }\n',
    ),
    "a key is set in an object": ('  tags = { a = 1, "b" = 2 }\n', ("tags", "b"), 3, '  tags = { a = 1, "b" = 3 }\n'),
    "a map is made where the schema has one": (
        '  bucket = "x"\n',
        ("tags", "a"),
        1,
        '  bucket = "x"\n  tags = {\n    a = 1\n  }\n',
    ),
    "an item of a list is set": ('  names = ["a", "b"]\n', ("names", 1), "c", '  names = ["a", "c"]\n'),
    "a list is written on one line": (
        '  bucket = "x"\n',
        ("names",),
        ("a", Raw("var.b"), 1),
        '  bucket = "x"\n  names  = ["a", var.b, 1]\n',
    ),
    "tabs stay tabs": (
        '\tbucket = "x"\n',
        ("versioning", "enabled"),
        True,
        '\tbucket = "x"\n\n\tversioning {\n\t\tenabled = true\n\t}\n',
    ),
    "four spaces stay four spaces": (
        '    bucket = "x"\n',
        ("versioning", "enabled"),
        True,
        '    bucket = "x"\n\n    versioning {\n        enabled = true\n    }\n',
    ),
    "lifecycle is a block without a schema": (
        '  bucket = "x"\n',
        ("lifecycle", "prevent_destroy"),
        True,
        '  bucket = "x"\n\n  lifecycle {\n    prevent_destroy = true\n  }\n',
    ),
}


@pytest.mark.parametrize(("body", "path", "value", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_only_the_named_bytes_change(body: str, path: Path, value: Data, expected: str) -> None:
    around = "# before\n\n", "\n# after\na = 1\n"
    assert edited(around[0] + bucket(body) + around[1], path, value) == around[0] + bucket(expected) + around[1]


@pytest.mark.parametrize(("body", "path", "value", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_windows_line_ends_a_mark_and_a_missing_final_newline_stay(
    body: str, path: Path, value: Data, expected: str
) -> None:
    def windows(text: str) -> str:
        return "\ufeff" + bucket(text).rstrip("\n").replace("\n", "\r\n")

    assert edited(windows(body), path, value) == windows(expected)


@pytest.mark.parametrize(("body", "path", "value", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_setting_a_value_again_changes_nothing(body: str, path: Path, value: Data, expected: str) -> None:
    if "made by its number" in body:
        return
    assert edited(bucket(expected), path, value) == bucket(expected)


def test_an_empty_resource_on_one_line_is_opened() -> None:
    assert edited('resource "aws_s3_bucket" "b" {}', ("bucket",), "x") == (
        'resource "aws_s3_bucket" "b" {\n  bucket = "x"\n}'
    )


LITERALS: dict[str, tuple[Data, str]] = {
    "quotes and backslashes": ('a "b" \\ c', r'"a \"b\" \\ c"'),
    "line ends": ("a\r\n\tb", r'"a\r\n\tb"'),
    "templates": ("${a} %{b} $${c} $ %", '"$${a} %%{b} $$${c} $ %"'),
    "control characters": ("\x00\x7f", '"\\u0000\\u007f"'),
    "other scripts": ("\u00e9\U0001f600", '"\u00e9\U0001f600"'),
    "an empty text": ("", '""'),
    "a truth value": (True, "true"),
    "null": (None, "null"),
    "a whole number": (-5, "-5"),
    "a fraction": (0.5, "0.5"),
    "an expression": (Raw("data.a.b.c"), "data.a.b.c"),
    "a reference": (Ref("aws_kms_key.k", "arn"), "aws_kms_key.k.arn"),
    "a reference to a whole block": (Ref("aws_kms_key.k"), "aws_kms_key.k"),
    "an empty list": ((), "[]"),
    "an empty object": (Table(()), "{}"),
}


@pytest.mark.parametrize(("value", "expected"), LITERALS.values(), ids=LITERALS.keys())
def test_a_value_is_written_as_terraform_reads_it(value: Data, expected: str) -> None:
    assert edited(bucket('  bucket = "x"\n'), ("bucket",), value) == bucket(f"  bucket = {expected}\n")


REFUSED: dict[str, tuple[str, Path, Data, str]] = {
    "a map given by a variable": ("  tags = var.t\n", ("tags", "a"), 1, "tags is given by an expression"),
    "a map given by a function": ("  tags = merge(a, b)\n", ("tags", "a"), 1, "tags is given by an expression"),
    "a name of several blocks": (
        "  rule {}\n  rule {}\n",
        ("rule", "a"),
        1,
        "2 `rule` blocks; the path must say which",
    ),
    "a block made by a dynamic block": (
        '  dynamic "rule" {\n    for_each = []\n    content {}\n  }\n',
        ("rule", "a"),
        1,
        "made by a dynamic block",
    ),
    "a name that the schema does not know": ("", ("other", "a"), 1, "whether `other` is a nested block"),
    "an object that the schema does not know": (
        "",
        ("other",),
        Table((("a", 1),)),
        "whether `other` is a nested block",
    ),
    "a scalar where a block belongs": ("", ("versioning",), True, "`versioning` is a nested block"),
    "a scalar over a block": ("  versioning {}\n", ("versioning",), True, "`versioning` is a nested block"),
    "an expression that is more than one": ("", ("bucket",), Raw("1\n  evil = 2"), "is not one expression"),
    "an expression that is a comment": ("", ("bucket",), Raw("1 # x"), "is not one expression"),
    "an expression that does not parse": ("", ("bucket",), Raw("${"), "is not one expression"),
    "an empty expression": ("", ("bucket",), Raw(" "), "is not one expression"),
    "an item beyond the list": ("  names = []\n", ("names", 1), "a", "the list has no item 1"),
    "a block beyond the next": ("", ("rule", 3, "a"), 1, "there are 0 `rule` blocks"),
    "a key of a list": ("  names = []\n", ("names", "a"), 1, "names is a list"),
    "a computed key": ("  tags = { (var.k) = 1 }\n", ("tags", "a"), 1, "a key that must be worked out"),
    "a name that cannot be written": ("", ("a b",), 1, "cannot be the name of an argument"),
    "nothing": ("", (), 1, "must name something"),
}


@pytest.mark.parametrize(("body", "path", "value", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_would_not_be_safe_is_refused_with_the_reason(body: str, path: Path, value: Data, reason: str) -> None:
    result = edited(bucket(body), path, value)
    assert isinstance(result, CannotEdit)
    assert reason in result.reason


def test_an_address_that_is_not_there_is_refused() -> None:
    assert edited(bucket(""), ("a",), 1, "aws_s3_bucket.gone") == CannotEdit(
        "aws_s3_bucket.gone is declared nowhere in this module"
    )


def test_a_plain_reference_to_one_of_several_instances_is_refused() -> None:
    text = bucket("") + 'resource "aws_kms_key" "k" {\n  count = 2\n}\n'
    result = edited(text, ("kms_key_id",), Ref("aws_kms_key.k", "arn"))
    assert isinstance(result, CannotEdit)
    assert "several instances" in result.reason


def test_a_local_is_set_by_its_value_and_its_neighbours_align() -> None:
    text = 'locals {\n  a    = "x"\n  long = { b = 1 }\n}\n'
    assert edited(text, ("value",), Table((("c", 1),)), "local.long") == (
        'locals {\n  a = "x"\n  long = {\n    c = 1\n  }\n}\n'
    )
    assert edited(text, ("value", "b"), 2, "local.long") == text.replace("b = 1", "b = 2")


def test_arguments_of_module_calls_are_values_without_a_schema() -> None:
    text = 'module "m" {\n  source = "./m"\n}\n'
    assert (
        edited(text, ("tags", "a"), 1, "module.m") == 'module "m" {\n  source = "./m"\n  tags = {\n    a = 1\n  }\n}\n'
    )


def test_the_files_that_an_edit_does_not_name_keep_their_parse() -> None:
    module = LANGUAGE.read({"a.tf": bucket("").encode(), "b.tf": b"locals {\n  x = 1\n}\n"})
    result = LANGUAGE.edit(module, SetValue(ADDRESS, ("bucket",), "x"))
    assert not isinstance(result, CannotEdit)
    assert result.files["b.tf"] is module.files["b.tf"]
    assert result.documents["b.tf"] is module.documents["b.tf"]  # type: ignore[attr-defined]
    assert module.files["a.tf"] == bucket("").encode()


def test_edits_compose() -> None:
    module = LANGUAGE.read({"a.tf": bucket("").encode()})
    once = LANGUAGE.edit(module, SetValue(ADDRESS, ("bucket",), "x"))
    assert not isinstance(once, CannotEdit)
    twice = LANGUAGE.edit(once, SetValue(ADDRESS, ("versioning", "enabled"), True))
    assert not isinstance(twice, CannotEdit)
    assert twice.files["a.tf"].decode() == bucket('  bucket = "x"\n\n  versioning {\n    enabled = true\n  }\n')


def test_nothing_is_taken_out_of_a_nested_block_that_is_written_as_an_argument() -> None:
    code = 'resource "aws_lb_target_group" "t" {\n  health_check = [{ path = "/" }]\n}\n'
    module = Terraform(load()).read({"main.tf": code.encode()})
    found = Terraform(load()).edit(module, RemoveValue("aws_lb_target_group.t", ("health_check", 0, "path")))
    assert found == CannotEdit("`health_check` is a nested block, and it is written as an argument here")


def test_a_block_that_may_be_written_as_an_argument_is_edited() -> None:
    code = 'resource "aws_security_group" "s" {\n  ingress = [{ description = "" }]\n}\n'
    module = Terraform(load()).read({"main.tf": code.encode()})
    found = Terraform(load()).edit(module, SetValue("aws_security_group.s", ("ingress", 0, "description"), "web"))
    assert not isinstance(found, CannotEdit)
    assert found.files["main.tf"].decode() == code.replace('""', '"web"')
