"""`.tf.json` files say the same things in another form."""

from __future__ import annotations

import pytest

from remedy_gate.domain.source import LineRange
from remedy_gate.iac.module import Module
from remedy_gate.iac.schema import Argument
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Fields, Items, Known, Reference, Unknown

SOURCE = """{
  "//": "generated",
  "variable": {"v": {"type": "string", "default": "d"}},
  "locals": {"l": "x-${var.v}"},
  "provider": {"aws": [{"region": "r"}, {"alias": "west"}]},
  "resource": {
    "aws_x": {
      "y": {
        "//": "a comment",
        "provider": "aws.west",
        "name": "${local.l}-\\u00e9",
        "plain": "$${x}",
        "list": [1, true, null, "${aws_x.z.id}"],
        "quotes": "${lookup({ a = \\"b\\" }, \\"a\\", \\"\\")}",
        "rule": [{"a": 1}, {"a": 2}],
        "single": {"b": "${upper(\\"c\\")}"},
        "depends_on": ["aws_x.z"],
        "dynamic": {"made": {"for_each": [1, 2], "content": {"n": "${made.value}"}}},
        "lifecycle": {"ignore_changes": ["tags"]}
      },
      "z": {}
    }
  }
}
"""


class Schemas:
    def arguments(self, type_name: str) -> dict[str, Argument] | None:
        if type_name != "aws_x":
            return None
        return {name: Argument(name, "block", arguments={}) for name in ("rule", "single", "made")}


def read(text: str) -> Module:
    return Terraform(Schemas()).read({"main.tf.json": text.encode()})


def test_blocks_have_the_addresses_that_they_have_in_hcl() -> None:
    module = read(SOURCE)
    assert module.errors == ()
    assert list(module.blocks) == ["var.v", "local.l", "provider.aws", "provider.aws.west", "aws_x.y", "aws_x.z"]


def test_spans_cover_the_key_and_its_value() -> None:
    block = read(SOURCE).blocks["aws_x.z"]
    assert SOURCE.encode()[block.span.start : block.span.end] == b'"z": {}'
    assert block.lines == LineRange(21, 21)


def test_texts_are_templates_and_are_worked_out() -> None:
    body = read(SOURCE).resolved("aws_x.y")
    assert body.get("name") == Known("x-d-\u00e9")
    assert body.get("plain") == Known("${x}")
    assert body.get("quotes") == Known("b")
    found = body.get("list")
    assert isinstance(found, Items)
    assert found.items[:3] == (Known(1), Known(True), Known(None))
    assert found.items[3] == Reference("aws_x.z", ("id",), Unknown("aws_x.z.id is known only after apply"))


def test_the_schema_tells_nested_blocks_from_objects() -> None:
    body = read(SOURCE).resolved("aws_x.y")
    assert body.get("rule") == Items((Fields((("a", Known(1)),)), Fields((("a", Known(2)),))))
    assert body.get("single") == Items((Fields((("b", Known("C")),)),))
    assert body.get("made") == Items((Fields((("n", Known(1)),)), Fields((("n", Known(2)),))))


def test_names_are_taken_as_names() -> None:
    module = read(SOURCE)
    body = module.resolved("aws_x.y")
    assert body.get("provider") == Reference("provider.aws.west", (), Known("aws.west"))
    assert body.get("lifecycle") == Items((Fields((("ignore_changes", Items((Known("tags"),))),)),))
    assert module.references("aws_x.y") == {"provider.aws.west", "local.l", "aws_x.z"}


def test_written_values_are_literals_or_the_text() -> None:
    written = read(SOURCE).written("aws_x.y")
    assert written.get("name") == Unknown("${local.l}-\u00e9")
    assert written.get("plain") == Known("${x}")


INVALID = {
    "a trailing comma": ('{\n  "a": 1,\n}', 3, "no JSON text"),
    "a comment": ("{} // x", 1, "follows the end"),
    "a list at the top": ("[]", 1, "one JSON object"),
    "a duplicate key": ('{"locals": {"a": 1,\n"a": 2}}', 2, "`a` is set twice"),
    "a bare word": ('{"a": yes}', 1, "value is missing"),
    "an unclosed object": ('{"a": 1', 1, "missing"),
    "nothing": ("", 1, "missing"),
    "deep nesting": ('{"a":' * 10_000, 1, "nested more than"),
}


@pytest.mark.parametrize(("text", "line", "reason"), INVALID.values(), ids=INVALID.keys())
def test_broken_json_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    module = read(text)
    (error,) = module.errors
    assert (error.line, module.blocks) == (line, {})
    assert reason in error.message


def test_json_and_hcl_files_make_one_module() -> None:
    module = Terraform(Schemas()).read(
        {"a.tf.json": SOURCE.encode(), "b.tf": b'resource "aws_q" "q" {\n  n = aws_x.y.name\n}\n'}
    )
    assert module.resolved("aws_q.q").get("n") == Reference("aws_x.y", ("name",), Known("x-d-\u00e9"))


def test_an_empty_interpolation_is_an_unknown_value_and_no_crash() -> None:
    module = read('{"locals": {"a": "${ }", "b": "x${}y"}}')
    assert module.resolved("local.a").get("value") == Unknown("there is nothing in this interpolation")
    assert isinstance(module.resolved("local.b").get("value"), Unknown)
