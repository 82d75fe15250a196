"""Adding items, nested blocks and resources."""

from __future__ import annotations

import pytest

from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Raw, Ref, Table
from remedy_gate.iac.schema import Argument
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Path

TYPES = {
    "aws_x": {
        "rule": Argument("rule", "block", arguments={"inner": Argument("inner", "block", arguments={})}),
        "names": Argument("names", "list"),
        "tags": Argument("tags", "map"),
    }
}


class Schemas:
    def arguments(self, type_name: str) -> dict[str, Argument] | None:
        return TYPES.get(type_name)


LANGUAGE = Terraform(Schemas())


def edited(text: str, operation: Operation) -> str | CannotEdit:
    module = LANGUAGE.read({"main.tf": text.encode()})
    assert module.errors == ()
    result = LANGUAGE.edit(module, operation)
    return result if isinstance(result, CannotEdit) else result.files["main.tf"].decode()


def block(body: str) -> str:
    return f'resource "aws_x" "y" {{\n{body}}}\n'


ITEMS: dict[str, tuple[str, Path, Data, str]] = {
    "to a list on one line": ("  names = [1, 2] # c\n", ("names",), 3, "  names = [1, 2, 3] # c\n"),
    "to a list with a comma at its end": ("  names = [1, ]\n", ("names",), 2, "  names = [1, 2 ]\n"),
    "to an empty list": ("  names = []\n", ("names",), "a", '  names = ["a"]\n'),
    "to a list over lines with commas": (
        "  names = [\n    1, # one\n    2,\n  ]\n",
        ("names",),
        3,
        "  names = [\n    1, # one\n    2,\n    3,\n  ]\n",
    ),
    "to a list over lines without the last comma": (
        "  names = [\n    1,\n    2 # two\n  ]\n",
        ("names",),
        3,
        "  names = [\n    1,\n    2, # two\n    3\n  ]\n",
    ),
    "to an empty list over lines": ("  names = [\n  ]\n", ("names",), 1, "  names = [\n    1,\n  ]\n"),
    "an object to objects over lines": (
        "  names = [\n    {\n      a = 1\n    },\n  ]\n",
        ("names",),
        Table((("a", 2), ("bc", 3))),
        "  names = [\n    {\n      a = 1\n    },\n    {\n      a  = 2\n      bc = 3\n    },\n  ]\n",
    ),
    "an object to objects on one line each": (
        "  names = [\n    { a = 1 },\n  ]\n",
        ("names",),
        Table((("a", 2), ("bc", 3))),
        "  names = [\n    { a = 1 },\n    { a = 2, bc = 3 },\n  ]\n",
    ),
    "to a list that is absent": ("  a = 1\n", ("names",), "x", '  a     = 1\n  names = ["x"]\n'),
    "to a list within an object": ("  tags = { l = [1] }\n", ("tags", "l"), 2, "  tags = { l = [1, 2] }\n"),
    "a nested block behind those of its name": (
        "  rule {\n    a = 1\n  }\n\n  other {\n  }\n",
        ("rule",),
        Table((("a", 2),)),
        "  rule {\n    a = 1\n  }\n\n  rule {\n    a = 2\n  }\n\n  other {\n  }\n",
    ),
    "the first nested block of its name": (
        "  a = 1\n",
        ("rule",),
        Table((("a", 2),)),
        "  a = 1\n\n  rule {\n    a = 2\n  }\n",
    ),
    "a nested block to a nested block": (
        "  rule {\n    a = 1\n  }\n",
        ("rule", 0, "inner"),
        Table((("b", 1),)),
        "  rule {\n    a = 1\n\n    inner {\n      b = 1\n    }\n  }\n",
    ),
    "a nested block beside a dynamic one": (
        '  dynamic "rule" {\n    for_each = []\n    content {}\n  }\n',
        ("rule",),
        Table((("a", 1),)),
        '  dynamic "rule" {\n    for_each = []\n    content {}\n  }\n\n  rule {\n    a = 1\n  }\n',
    ),
}


@pytest.mark.parametrize(("body", "path", "value", "expected"), ITEMS.values(), ids=ITEMS.keys())
def test_an_item_goes_to_the_end_in_the_style_of_the_others(body: str, path: Path, value: Data, expected: str) -> None:
    assert edited(block(body), AddItem("aws_x.y", path, value)) == block(expected)


REFUSED: dict[str, tuple[str, Path, Data, str]] = {
    "a list given by an expression": ("  names = var.n\n", ("names",), 1, "names is not written out as a list"),
    "no list": ('  names = "x"\n', ("names",), 1, "names is not written out as a list"),
    "a list that ends in a heredoc": (
        "  names = [\n    <<EOT\nx\nEOT\n  ]\n",
        ("names",),
        1,
        "the list ends in a heredoc",
    ),
    "a scalar among blocks": ("  rule {}\n", ("rule",), 1, "`rule` is a nested block"),
    "an object that the schema does not know": (
        "",
        ("other",),
        Table((("a", 1),)),
        "whether `other` is a nested block",
    ),
}


@pytest.mark.parametrize(("body", "path", "value", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_added_to_is_refused_with_the_reason(body: str, path: Path, value: Data, reason: str) -> None:
    result = edited(block(body), AddItem("aws_x.y", path, value))
    assert isinstance(result, CannotEdit)
    assert reason in result.reason


BODY = Table(
    (
        ("bucket", Ref("aws_x.y", "id")),
        ("long_name", Raw("var.a")),
        ("tags", Table((("Name", "n"), ("b.c", 1)))),
        ("rule", (Table((("a", 1), ("inner", Table(())))), Table((("a", 2),)))),
    )
)
WRITTEN = """resource "aws_x" "new" {
  bucket    = aws_x.y.id
  long_name = var.a
  tags = {
    Name  = "n"
    "b.c" = 1
  }

  rule {
    a = 1

    inner {}
  }

  rule {
    a = 2
  }
}
"""


def test_a_resource_goes_behind_its_block_with_a_blank_line_on_either_side() -> None:
    operation = AddResource("aws_x.y", "aws_x", "new", BODY)
    assert edited(block("") + "# about z\n" + 'resource "aws_x" "z" {\n}\n', operation) == (
        block("") + "\n" + WRITTEN + "\n" + "# about z\n" + 'resource "aws_x" "z" {\n}\n'
    )
    assert edited(block("") + "\n" + 'resource "aws_x" "z" {\n}\n', operation) == (
        block("") + "\n" + WRITTEN + "\n" + 'resource "aws_x" "z" {\n}\n'
    )


def test_a_resource_at_the_end_keeps_the_end_of_the_file_as_it_was() -> None:
    operation = AddResource("aws_x.y", "aws_x", "new", BODY)
    assert edited(block(""), operation) == block("") + "\n" + WRITTEN
    assert edited(block("").rstrip("\n"), operation) == block("") + "\n" + WRITTEN.rstrip("\n")
    assert edited(block("").rstrip("\n") + " # end\n", operation) == block("").rstrip("\n") + " # end\n\n" + WRITTEN


def test_a_resource_takes_the_line_ends_and_the_indentation_of_the_file() -> None:
    text = 'resource "aws_x" "y" {\r\n\ta = 1\r\n}\r\n'
    body = Table((("a", 1), ("rule", Table((("b", 2),)))))
    assert edited(text, AddResource("aws_x.y", "aws_x", "new", body)) == text + (
        '\r\nresource "aws_x" "new" {\r\n\ta = 1\r\n\r\n\trule {\r\n\t\tb = 2\r\n\t}\r\n}\r\n'
    )


def test_a_resource_without_a_body_stands_on_one_line() -> None:
    assert edited(block(""), AddResource("aws_x.y", "aws_q", "new", Table(()))) == (
        block("") + '\nresource "aws_q" "new" {}\n'
    )


RESOURCES_REFUSED = {
    "an address that exists": (AddResource("aws_x.y", "aws_x", "y", Table(())), "aws_x.y exists already"),
    "a block that does not": (AddResource("aws_x.gone", "aws_x", "n", Table(())), "declared nowhere"),
    "a name that breaks out": (AddResource("aws_x.y", "aws_x", 'n" {}\n', Table(())), "cannot be the name"),
    "an unknown nested object": (
        AddResource("aws_x.y", "aws_unknown", "n", Table((("o", Table((("a", 1),))),))),
        "whether `o` is a nested block",
    ),
}


@pytest.mark.parametrize(("operation", "reason"), RESOURCES_REFUSED.values(), ids=RESOURCES_REFUSED.keys())
def test_a_resource_that_cannot_be_added_is_refused_with_the_reason(operation: Operation, reason: str) -> None:
    result = edited(block(""), operation)
    assert isinstance(result, CannotEdit)
    assert reason in result.reason
