"""Which files make a module, and what its blocks are called."""

from __future__ import annotations

import pytest

from remedy_gate.domain.source import LineRange
from remedy_gate.iac.module import Module, Span
from remedy_gate.iac.terraform import TERRAFORM

SOURCE = b"""# head
terraform {
}

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias = "west"
}

# the bucket
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
} # end

data "aws_ami" "x" {}

module "m" {
  source = "./m"
}

variable "v" {}

locals {
  one = 1
  two = {
    a = 2
  }
}

output "o" {
  value = 1
}

moved {
  from = a.b
  to   = a.c
}

moved {
  from = a.d
  to   = a.e
}

check "health" {}
"""


def read(text: str) -> Module:
    return TERRAFORM.read({"main.tf": text.encode()})


def test_every_block_has_an_address_in_the_order_of_the_file() -> None:
    module = read(SOURCE.decode())
    assert module.errors == ()
    assert [(block.address, block.kind, block.type, block.name) for block in module.blocks.values()] == [
        ("terraform", "terraform", "", ""),
        ("provider.aws", "provider", "", "aws"),
        ("provider.aws.west", "provider", "", "west"),
        ("aws_s3_bucket.logs", "resource", "aws_s3_bucket", "logs"),
        ("data.aws_ami.x", "data", "aws_ami", "x"),
        ("module.m", "module", "", "m"),
        ("var.v", "variable", "", "v"),
        ("local.one", "local", "", "one"),
        ("local.two", "local", "", "two"),
        ("output.o", "output", "", "o"),
        ("moved", "moved", "", ""),
        ("moved#2", "moved", "", ""),
        ("check.health", "check", "", "health"),
    ]


def test_a_span_covers_the_block_without_the_comments_around_it() -> None:
    module = read(SOURCE.decode())
    block = module.blocks["aws_s3_bucket.logs"]
    assert SOURCE[block.span.start : block.span.end] == b'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}'
    assert block.lines == LineRange(14, 16)
    two = module.blocks["local.two"]
    assert SOURCE[two.span.start : two.span.end] == b"two = {\n    a = 2\n  }"


def test_spans_count_bytes_and_lines_count_line_ends_with_windows_ends_and_a_mark() -> None:
    text = b'\xef\xbb\xbf# \xc3\xa9\r\nresource "a" "b" {\r\n}\r\n'
    block = TERRAFORM.read({"main.tf": text}).blocks["a.b"]
    assert block.span == Span(9, 9 + len(b'resource "a" "b" {\r\n}'))
    assert block.lines == LineRange(2, 3)


def test_a_second_provider_of_one_name_is_no_error() -> None:
    module = read('provider "aws" {}\nprovider "aws" {}\n')
    assert (list(module.blocks), module.errors, dict(module.repeated)) == (["provider.aws", "provider.aws#2"], (), {})


def test_an_override_file_replaces_arguments_and_is_no_error() -> None:
    module = TERRAFORM.read(
        {
            "main.tf": b'resource "a" "x" {\n  p = 1\n  q = 2\n  b {\n    n = 1\n  }\n}\n',
            "x_override.tf": b'resource "a" "x" {\n  q = 3\n  b {\n    n = 9\n  }\n}\n',
        }
    )
    assert (module.errors, dict(module.repeated)) == ((), {})
    assert str(module.resolved("a.x").get("q")) == "Known(value=3)"
    assert "value=9" in str(module.resolved("a.x").get("b"))
    assert "value=1)" not in str(module.resolved("a.x").get("b"))


def test_opentofu_may_bring_its_own_version_of_a_block() -> None:
    module = TERRAFORM.read({"a.tf": b'resource "a" "x" {}\n', "a.tofu": b'resource "a" "x" {}\n'})
    assert (module.errors, dict(module.repeated)) == ((), {})


def test_a_resource_with_too_few_labels_keeps_the_file_readable() -> None:
    module = read('resource "a" {\n}\nresource "a" "b" {\n}\n')
    assert list(module.blocks) == ["resource.a", "a.b"]


@pytest.mark.parametrize("path", ["main.tf", "a/b/main.tofu", "x.tf.json", "x.tofu.json"])
def test_code_files_are_claimed_by_name(path: str) -> None:
    assert TERRAFORM.claims(path, b"anything")


@pytest.mark.parametrize(
    "path", ["main.tf.bak", "terraform.tfvars", ".main.tf.swp.tf", "main.hcl", "template.json", "tf"]
)
def test_other_files_are_not_claimed(path: str) -> None:
    assert not TERRAFORM.claims(path, b"")


def test_a_module_is_the_code_and_the_variable_files_of_its_directory() -> None:
    neighbours = (
        "d/main.tf",
        "d/x.tf.json",
        "d/y.tofu",
        "d/terraform.tfvars",
        "d/prod.auto.tfvars",
        "d/prod.tfvars",
        "d/README.md",
        "d/z.json",
    )
    assert TERRAFORM.module_of("d/main.tf", neighbours) == (
        "d/main.tf",
        "d/x.tf.json",
        "d/y.tofu",
        "d/terraform.tfvars",
        "d/prod.auto.tfvars",
    )
