"""Names are found without reading blocks, and a block in which that is not certain is left to be read."""

from __future__ import annotations

import pytest

from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching.literal_names import literal_names

TO_BE_READ = ""


def names(text: str, path: str = "main.tf") -> list[str]:
    modules = Reader((Terraform(load()),)).modules({path: text.encode()})
    return [name for module in modules for _, name in literal_names(module)]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{\n  name = "jobs"\n}', "jobs"),
        ('{ name = "jobs" }', "jobs"),
        ('{\n  name = "jobs" # the queue\n}', "jobs"),
        ('{\r\n  name = "jobs"\r\n}', "jobs"),
        ('{\n  fifo_queue = true\n  name = "jobs.fifo"\n}', "jobs.fifo"),
        ('{\n  name = "${var.stage}-jobs"\n}', "${var.stage}-jobs"),
        ('{\n  tags = {\n    name = "tag"\n  }\n  name = "jobs"\n}', "jobs"),
        ('{\n  name = "jobs"\n  tags = {\n    name = "tag"\n  }\n}', "jobs"),
        ('{\n  policy = "a/b"\n  name = "jobs"\n}', "jobs"),
    ],
)
def test_a_name_that_is_stated_is_found(body: str, name: str) -> None:
    assert names(f'resource "aws_sqs_queue" "q" {body}\n') == [name]


@pytest.mark.parametrize(
    "body",
    [
        '{\n  name = upper("jobs")\n}',
        '{\n  name = "jobs-${count.index}"\n}',
        '{\n  name = "jobs" == "" ? "a" : "b"\n}',
        '{\n  name_prefix = "jobs"\n}',
        '{\n  name = "jobs"\n  name_prefix = "jobs"\n}',
        '{\n  policy = <<EOT\n  name = "text"\n  EOT\n  name = "jobs"\n}',
        '{\n  /* {\n  name = "comment"\n  */\n  name = "jobs"\n}',
    ],
)
def test_what_is_not_certain_is_left_to_be_read(body: str) -> None:
    assert names(f'resource "aws_sqs_queue" "q" {body}\n') == [TO_BE_READ]


@pytest.mark.parametrize(
    "body",
    [
        "{\n}",
        '{\n  tags = {\n    name = "tag"\n  }\n}',
        '{\n  # name = "comment"\n}',
        '{\n  filename = "jobs"\n}',
    ],
)
def test_a_block_without_a_name_has_none(body: str) -> None:
    assert names(f'resource "aws_sqs_queue" "q" {body}\n') == []


def test_json_and_overridden_code_is_left_to_be_read() -> None:
    assert names('{"resource": {"aws_sqs_queue": {"q": {"name": "jobs"}}}}', "main.tf.json") == [TO_BE_READ]
    assert names('resource "aws_sqs_queue" "q" {\n  name = "jobs"\n}\n', "override.tf") == [TO_BE_READ]


def test_a_type_without_a_name_and_a_data_source_have_none() -> None:
    assert names('resource "aws_s3_bucket_versioning" "v" {\n  bucket = "logs"\n}\n') == []
    assert names('data "aws_sqs_queue" "q" {\n  name = "jobs"\n}\n') == []
