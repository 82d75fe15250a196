"""Edits inside JSON that stands in other code: `jsonencode(...)` and heredocs. Every other byte stays."""

from __future__ import annotations

import pytest

from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import AddItem, Operation, Raw, Ref, RemoveValue, SetValue, Table
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Path

LANGUAGE = Terraform(load())
ADDRESS = "aws_sns_topic_policy.p"


def edited(policy: str, operation: Operation) -> str:
    code = f'resource "aws_sns_topic_policy" "p" {{\n  arn    = "a"\n  policy = {policy}\n}}\n'
    module = LANGUAGE.read({"main.tf": code.encode()})
    assert not module.errors
    result = LANGUAGE.edit(module, operation)
    if isinstance(result, CannotEdit):
        return f"cannot: {result.reason}"
    text = result.files["main.tf"].decode()
    return text.removeprefix('resource "aws_sns_topic_policy" "p" {\n  arn    = "a"\n  policy = ').removesuffix("\n}\n")


def put(policy: str, path: Path, value: object) -> str:
    return edited(policy, SetValue(ADDRESS, ("policy", *path), value))  # type: ignore[arg-type]


HEREDOC = """<<EOF
{
    "Version" : "2012-10-17",
    "Statement": [ { "Principal": {"AWS": "*"}, "Resource": "${aws_sns_topic.t["x"].arn}" }
    ]
}
EOF"""


def test_a_value_in_a_heredoc_is_replaced_and_its_layout_stays() -> None:
    assert put(HEREDOC, ("Statement", 0, "Principal", "AWS"), "1") == HEREDOC.replace('"*"', '"1"')


def test_a_reference_in_a_heredoc_is_an_interpolation() -> None:
    assert '{"AWS": "${data.a.b.id}"}' in put(HEREDOC, ("Statement", 0, "Principal", "AWS"), Ref("data.a.b", "id"))
    assert '{"AWS": "${x.y}/*"}' in put(HEREDOC, ("Statement", 0, "Principal", "AWS"), Raw('"${x.y}/*"'))


def test_a_text_that_looks_like_an_interpolation_stands_for_itself() -> None:
    assert '{"AWS": "$${x}"}' in put(HEREDOC, ("Statement", 0, "Principal", "AWS"), "${x}")


def test_an_expression_that_has_quotes_of_its_own_is_refused_in_a_heredoc() -> None:
    path = ("Statement", 0, "Principal", "AWS")
    assert put(HEREDOC, path, Raw('x["y"].arn')) == "cannot: the expression cannot stand in a text"


def test_an_indented_heredoc_is_edited_where_it_stands() -> None:
    code = '<<-EOT\n    {\n      "a": 1, "n": ${var.n}\n    }\n  EOT'
    assert put(code, ("a",), 2) == code.replace('"a": 1', '"a": 2')


def test_an_item_and_a_key_go_into_a_heredoc_and_out_of_it() -> None:
    assert (
        edited(HEREDOC, AddItem(ADDRESS, ("policy", "Statement"), Table((("Effect", "Deny"),))))
        == HEREDOC.replace('.arn}" }', '.arn}" }, {"Effect": "Deny"}')
    )  # fmt: skip
    assert edited(HEREDOC, RemoveValue(ADDRESS, ("policy", "Version"))) == HEREDOC.replace(
        '"Version" : "2012-10-17",\n    ', ""
    )


def test_a_list_at_the_top_of_the_text_is_edited() -> None:
    assert put("<<E\n[{}, {}]\nE", (1, "on"), True) == '<<E\n[{}, {"on": true}]\nE'


def test_what_jsonencode_is_given_is_edited_as_code() -> None:
    code = 'jsonencode({\n    Statement = [{ Principal = "*" }]\n  })'
    assert put(code, ("Statement", 0, "Principal"), Ref("data.a.b", "id")) == code.replace('"*"', "data.a.b.id")


def test_a_comma_behind_the_last_item_hides_nothing_and_stays_where_it_is() -> None:
    code = '<<E\n{"a": ["x,]", "é",], "b": {"c": "*",},}\nE'
    assert put(code, ("b", "c"), "me") == code.replace("*", "me")


@pytest.mark.parametrize(
    "policy",
    [
        '<<EOF\n{"a": [1,,]}\nEOF',
        '<<EOF\n{"a": 1, "a": 2}\nEOF',
        '<<EOF\n%{ if var.x }{"a": 1}%{ endif }\nEOF',
        "jsonencode(var.policy)",
        "jsonencode(merge({ a = 1 }, var.more))",
        'file("policy.json")',
        "data.aws_iam_policy_document.d.json",
        '"{\\"a\\": 1}"',
    ],
)
def test_what_is_no_plain_json_is_left_alone(policy: str) -> None:
    assert put(policy, ("a",), 1).startswith("cannot: ")
