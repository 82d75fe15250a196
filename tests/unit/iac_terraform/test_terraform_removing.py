"""Taking values away: with their own comments, and without leaving holes."""

from __future__ import annotations

import pytest

from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import RemoveValue
from remedy_gate.iac.terraform import TERRAFORM
from remedy_gate.iac.values import Path


def removed(body: str, path: Path) -> str | CannotEdit:
    text = f'resource "aws_x" "y" {{\n{body}}}\n\n# after\n'
    module = TERRAFORM.read({"main.tf": text.encode()})
    assert module.errors == ()
    result = TERRAFORM.edit(module, RemoveValue("aws_x.y", path))
    if isinstance(result, CannotEdit):
        return result
    changed = result.files["main.tf"].decode()
    start, end = text.index("{\n") + 2, len("}\n\n# after\n")
    assert (changed[:start], changed[-end:]) == (text[:start], text[-end:])
    return changed[start:-end]


CHANGES: dict[str, tuple[str, Path, str]] = {
    "an argument and the comment behind it": ("  a = 1 # one\n  b = 2 # two\n", ("a",), "  b = 2 # two\n"),
    "an argument and the comments right above it": (
        "  a = 1\n\n  # about b\n  # more\n  b = 2\n  c = 3\n",
        ("b",),
        "  a = 1\n\n  c = 3\n",
    ),
    "the first entry and the comments above it": ("  # about a\n  /* too */\n  a = 1\n  b = 2\n", ("a",), "  b = 2\n"),
    "not the comment behind the brace": (
        "  b { # x\n    c = 1\n    d = 2\n  }\n",
        ("b", "c"),
        "  b { # x\n    d = 2\n  }\n",
    ),
    "not the comment above a blank line": ("  # a heading\n\n  b = 2\n  c = 3\n", ("b",), "  # a heading\n\n  c = 3\n"),
    "not the comment behind the line above": ("  a = 1 # one\n  b = 2\n", ("b",), "  a = 1 # one\n"),
    "the longest name of a group": ("  a   = 1\n  bcd = 2\n  e   = 3\n", ("bcd",), "  a = 1\n  e = 3\n"),
    "the longest name at the head of a group": (
        "  # about it\n  bcd = 2\n  a   = 1\n\n  e = 3\n",
        ("bcd",),
        "  a = 1\n\n  e = 3\n",
    ),
    "not the columns of lines that were not aligned": ("  a  = 1\n  bcd = 2\n", ("bcd",), "  a  = 1\n"),
    "an argument over lines": ("  a = 1\n  t = {\n    b = 2\n  }\n  c = 3\n", ("t",), "  a = 1\n  c = 3\n"),
    "a heredoc": ("  a = <<EOT\nx\nEOT\n  c = 3\n", ("a",), "  c = 3\n"),
    "a nested block between blank lines": (
        "  a = 1\n\n  # about it\n  b {\n    c = 1\n  }\n\n  d {\n  }\n",
        ("b",),
        "  a = 1\n\n  d {\n  }\n",
    ),
    "the last nested block": ("  a = 1\n\n  b {\n    c = 1\n  }\n", ("b",), "  a = 1\n"),
    "the first nested block": ("  b {\n    c = 1\n  }\n\n  a = 1\n", ("b",), "  a = 1\n"),
    "the only entry": ("  a = 1\n", ("a",), ""),
    "a nested block by its number": (
        "  b {\n    c = 1\n  }\n\n  b {\n    c = 2\n  }\n",
        ("b", 1),
        "  b {\n    c = 1\n  }\n",
    ),
    "an argument of a nested block": ("  b {\n    c = 1\n    d = 2\n  }\n", ("b", "c"), "  b {\n    d = 2\n  }\n"),
    "the argument of a block on one line": ("  b { c = 1 } # x\n", ("b", "c"), "  b {} # x\n"),
    "a key of an object over lines": (
        "  t = {\n    a = 1 # one\n    b = 2\n  }\n",
        ("t", "a"),
        "  t = {\n    b = 2\n  }\n",
    ),
    "the last object of a list whose objects share lines": (
        "  l = [{\n    a = 1\n    }, {\n    a = 2\n    }, {\n    a = 3\n  }]\n",
        ("l", 2),
        "  l = [{\n    a = 1\n    }, {\n    a = 2\n  }]\n",
    ),
    "the first key on one line": ("  t = { a = 1, b = 2 }\n", ("t", "a"), "  t = { b = 2 }\n"),
    "the last key on one line": ("  t = { a = 1, b = 2 }\n", ("t", "b"), "  t = { a = 1 }\n"),
    "the only key": ("  t = { a = 1 }\n", ("t", "a"), "  t = {}\n"),
    "a quoted key": ('  t = { "a.b" = 1, c = 2 }\n', ("t", "a.b"), "  t = { c = 2 }\n"),
    "an item of a list on one line": ("  l = [1, 2, 3]\n", ("l", 1), "  l = [1, 3]\n"),
    "the last item of a list on one line": ("  l = [1, 2, 3]\n", ("l", 2), "  l = [1, 2]\n"),
    "the last item before a comma": ("  l = [1, 2, ]\n", ("l", 1), "  l = [1 ]\n"),
    "the only item": ("  l = [1]\n", ("l", 0), "  l = []\n"),
    "an item of a list over lines": (
        "  l = [\n    1, # one\n    # about two\n    2,\n    3\n  ]\n",
        ("l", 1),
        "  l = [\n    1, # one\n    3\n  ]\n",
    ),
    "the last item of a list over lines": ("  l = [\n    1,\n    2\n  ]\n", ("l", 1), "  l = [\n    1,\n  ]\n"),
    "one of two items on a line of many": (
        "  l = [\n    1, 2,\n    3,\n  ]\n",
        ("l", 0),
        "  l = [\n    2,\n    3,\n  ]\n",
    ),
}


@pytest.mark.parametrize(("body", "path", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_what_is_named_goes_with_its_comments_and_nothing_else(body: str, path: Path, expected: str) -> None:
    assert removed(body, path) == expected


def test_with_windows_line_ends_the_same_lines_go() -> None:
    text = b'resource "a" "b" {\r\n  a = 1\r\n\r\n  # c\r\n  b {\r\n  }\r\n\r\n  d {\r\n  }\r\n}\r\n'
    result = TERRAFORM.edit(TERRAFORM.read({"m.tf": text}), RemoveValue("a.b", ("b",)))
    assert not isinstance(result, CannotEdit)
    assert result.files["m.tf"] == b'resource "a" "b" {\r\n  a = 1\r\n\r\n  d {\r\n  }\r\n}\r\n'


REFUSED: dict[str, tuple[str, Path, str]] = {
    "what is not there": ("  a = 1\n", ("b", "c"), "there is no b.c"),
    "an item that is not there": ("  a = [1]\n", ("a", 3), "there is no a[3]"),
    "several blocks at once": ("  b {}\n  b {}\n", ("b",), "2 `b` blocks; the path must say which"),
    "what a dynamic block makes": (
        '  dynamic "b" {\n    for_each = []\n    content {}\n  }\n',
        ("b", 0),
        "dynamic block",
    ),
    "a key of an expression": ("  t = merge(x, y)\n", ("t", "a"), "given by an expression"),
}


@pytest.mark.parametrize(("body", "path", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_taken_away_is_refused_with_the_reason(body: str, path: Path, reason: str) -> None:
    result = removed(body, path)
    assert isinstance(result, CannotEdit)
    assert reason in result.reason


def test_a_local_cannot_be_without_its_value() -> None:
    module = TERRAFORM.read({"m.tf": b"locals {\n  a = 1\n}\n"})
    assert TERRAFORM.edit(module, RemoveValue("local.a", ("value",))) == CannotEdit(
        "a local cannot be without its value"
    )


def test_an_alias_that_gives_a_provider_its_address_stays() -> None:
    module = TERRAFORM.read({"m.tf": b'provider "aws" {\n  alias = "west"\n}\n'})
    result = TERRAFORM.edit(module, RemoveValue("provider.aws.west", ("alias",)))
    assert result == CannotEdit("the edit would rename provider.aws.west")
