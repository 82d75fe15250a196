"""A nested block that is written as an argument becomes a block when something in it is set."""

from __future__ import annotations

import pytest

from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import SetValue
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Path

LANGUAGE = Terraform(load())
ADDRESS = "aws_lb_target_group.web"


def put(body: str, path: Path, value: object) -> str:
    module = LANGUAGE.read({"main.tf": f'resource "aws_lb_target_group" "web" {{\n{body}}}\n'.encode()})
    result = LANGUAGE.edit(module, SetValue(ADDRESS, path, value))  # type: ignore[arg-type]
    if isinstance(result, CannotEdit):
        return f"cannot: {result.reason}"
    return result.files["main.tf"].decode().partition("\n")[2].removesuffix("}\n")


@pytest.mark.parametrize("empty", ["{}", "[{}]", "[]", "[null]", "null"])
def test_an_argument_that_says_nothing_becomes_a_block(empty: str) -> None:
    assert put(f"  port = 80\n  health_check = {empty}\n", ("health_check", "path"), "/") == (
        '  port = 80\n  health_check {\n    path = "/"\n  }\n'
    )


def test_what_the_argument_says_is_kept() -> None:
    assert put('  health_check = { path = var.path, port = "81" }\n', ("health_check", 0, "port"), 80) == (
        "  health_check {\n    path = var.path\n    port = 80\n  }\n"
    )


@pytest.mark.parametrize("given", ["var.check", "[{}, {}]", "{\n    # of the load balancer\n    port = 80\n  }"])
def test_what_is_not_written_out_or_has_a_comment_is_left_alone(given: str) -> None:
    assert put(f"  health_check = {given}\n", ("health_check", "path"), "/") == (
        "cannot: `health_check` is a nested block, and it is written as an argument here"
    )
