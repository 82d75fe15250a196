"""What is read as Terraform code and what is refused, with the place and the reason."""

from __future__ import annotations

import time

import pytest

from remedy_gate.iac.module import SourceError
from remedy_gate.iac.terraform import TERRAFORM

VALID = {
    "an empty file": "",
    "a comment alone": "# nothing",
    "a comment in latin-1": b"# caf\xe9\na = 1\n",
    "a byte order mark": b"\xef\xbb\xbfa = 1\n",
    "windows line ends": "a {\r\n  b = 1\r\n}\r\n",
    "no final newline": "a = 1",
    "an exponent without a point": "a = 1e10\n",
    "an exponent in a large file": "a = 1e10\n" + "# filler\n" * 2000,
    "a block on one line": "a { b = 1 }\n",
    "an empty block": "a {}\n",
    "an empty block over two lines": "a {\n}\n",
    "a bare label": "a b c {}\n",
    "names with dashes and other scripts": "a-b = 1\n\u00e9t\u00e9 = 2\n",
    "a list over lines": "a = [\n  1,\n  2\n]\n",
    "a list with a comma first": "a = [1\n, 2]\n",
    "a call over lines": "a = f(\n  1,\n  2,\n)\n",
    "an operator at a line end within parentheses": "a = (\n  1 +\n  2\n)\n",
    "object items parted by commas or lines": "a = { b = 1, c = 2 }\nd = {\n  e = 1\n  f : 2,\n}\n",
    "keys of every form": 'a = { b = 1, "c" = 2, (d) = 3, "${e}" = 4, 5 = 6 }\n',
    "keywords as keys": "a = { if = 1, for = 2, in = 3, null = 4 }\n",
    "a heredoc": "a = <<EOT\n  text\nEOT\n",
    "an indented heredoc with an indented end": "a = <<-EOT\n  text\n  EOT\n",
    "a heredoc in a call": "a = f(<<EOT\nx\nEOT\n)\n",
    "dollars and percents that are no template": 'a = "$ % $$ %% a$b"\n',
    "escaped templates": 'a = "$${x} %%{y}"\n',
    "escaped templates that are empty": 'a = "$${} %%{ }"\n',
    "an interpolation with a comment beside its value": 'a = "${ /* c */ x }"\n',
    "strip markers": 'a = "${~ x ~}"\n',
    "an interpolation over lines": 'a = "${\n  x\n}"\n',
    "comments between items": "a = 1 /* x */ # y\n/* z */ b = 2 // w\n",
    "a block comment over lines before an item": "/*\n*/ a = 1\n",
    "functions of providers": "a = provider::aws::arn_parse(x)\n",
    "a version in quotes": 'a = "10.11.12.13/32"\n',
    "splats": "a = x[*].y\nb = x.*.y\nc = x.0.y\n",
}

INVALID = {
    "a number with two dots": ("a = 1\nb = 10.11.12.13/32\n", 2, "no number"),
    "another base": ("a = 0x10\n", 1, "no number"),
    "two arguments on a line": ("a = 1 b = 2\n", 1, ""),
    "two blocks on a line": ("a {} b {}\n", 1, "new line"),
    "an argument behind a block comment over lines": ("a = 1 /*\n*/ b = 2\n", 2, "new line"),
    "a duplicate argument": ("r {\n  a = 1\n  a = 2\n}\n", 3, "`a` is set twice"),
    "a duplicate argument at the top": ("a = 1\na = 2\n", 2, "twice"),
    "a line end before the brace": ("a\n{\n}\n", 1, "one line"),
    "a line end between labels": ('a "b"\n"c" {\n}\n', 1, "one line"),
    "a template in a label": ('a "${b}" {\n}\n', 1, "label"),
    "two arguments in a block on one line": ("a { b = 1, c = 2 }\n", 1, ""),
    "two arguments in a block that starts on one line": ("a { b = 1\n  c = 2 }\n", 2, "one argument at most"),
    "a function name that ends in colons": ("a = f::(x)\n", 1, "function"),
    "a block in a block on one line": ("a { b {} }\n", 1, "no block"),
    "a block that ends on another line": ("a { b = 1\n}\n", 2, "end on it"),
    "a brace behind an argument": ("a {\n  b = 1 }\n", 2, "new line"),
    "a brace behind a block": ("a {\n  b {\n  } }\n", 3, "new line"),
    "a line end before the equals sign": ("a\n= 1\n", 1, "one line"),
    "a line end behind the equals sign": ("a =\n1\n", 1, "one line"),
    "an operator at a line end": ("a = 1 +\n2\n", 1, "within brackets"),
    "a conditional over lines": ("a = x ? 1\n: 2\n", 1, "within brackets"),
    "an operator at a line end in an object": ("a = { b = 1 +\n2 }\n", 1, "within brackets"),
    "object items without a separator": ("a = { b = 1 c = 2 }\n", 1, "comma or a new line"),
    "a comma on the next line in an object": ("a = {\n  b = 1\n  , c = 2\n}\n", 3, "comma"),
    "list items without a separator": ("a = [1 2]\n", 1, ""),
    "a text over two lines": ('a = "x\ny"\n', 1, "quoted text"),
    "a text over two lines in a list": ('a = [\n  "x\ny"\n]\n', 2, "quoted text"),
    "an unknown escape": ('a = "\\q"\n', 1, ""),
    "an unclosed text": ('a = "x\n', 1, ""),
    "an unclosed interpolation": ('a = "${x"\n', 1, ""),
    "an unclosed heredoc": ("a = <<EOT\nx\n", 1, ""),
    "text behind the mark of a heredoc": ("a = <<EOT x\ny\nEOT\n", 1, "heredoc"),
    "an unclosed block": ("a {\n", 1, ""),
    "an unclosed comment": ("/* x", 1, ""),
    "a missing value": ("a = \n", 1, ""),
    "an empty interpolation": ('a = 1\nb = "x${ }"\n', 2, "must hold an expression"),
    "an interpolation of strip markers alone": ('a = "${~ ~}"\n', 1, "must hold an expression"),
    "an interpolation of a comment alone": ('a = "${ /* c */ }"\n', 1, "must hold an expression"),
    "an empty interpolation in a heredoc": ("a = <<EOT\n${}\nEOT\n", 2, "must hold an expression"),
    "single quotes": ("a = 'x'\n", 1, ""),
    "a semicolon": ("a = 1;\n", 1, ""),
    "a quoted argument name": ('"a" = 1\n', 1, ""),
    "colons in a name that is no function": ("a::b = 1\n", 1, "function"),
    "a form feed": ("a = 1\x0c\n", 1, "0x0c"),
    "a lone carriage return": ("a = 1\rb = 2\n", 1, "0x0d"),
    "a text that is not UTF-8": (b'a = "\xff"\n', 1, "UTF-8"),
    "a markdown fence": ("```hcl\na = 1\n```\n", 1, ""),
    "stray prose": ("Here is the code:\na = 1\n", 1, ""),
    "an ellipsis for code left out": ("a {\n  ...\n}\n", 1, ""),
    "an object instead of code": ('{ "a": 1 }\n', 1, ""),
    "a NUL byte": (b"a = 1\n\0\n", 2, "NUL"),
    "UTF-16": ("a = 1\n".encode("utf-16"), 1, "UTF-16"),
    "UTF-16 without a mark": ("a = 1\n".encode("utf-16-le"), 1, "NUL"),
}


def errors_of(text: str | bytes, path: str = "main.tf") -> tuple[SourceError, ...]:
    return TERRAFORM.read({path: text.encode() if isinstance(text, str) else text}).errors


@pytest.mark.parametrize("text", VALID.values(), ids=VALID.keys())
def test_what_terraform_takes_is_read(text: str | bytes) -> None:
    assert errors_of(text) == ()


@pytest.mark.parametrize(("text", "line", "reason"), INVALID.values(), ids=INVALID.keys())
def test_what_terraform_refuses_is_refused_with_its_line(text: str | bytes, line: int, reason: str) -> None:
    (error,) = errors_of(text)
    assert (error.path, error.line) == ("main.tf", line)
    assert reason in error.message


def test_the_column_counts_characters_from_one() -> None:
    (error,) = errors_of('a = "\u00e9\u00e9\u00e9" + 10.11.12.13\n')
    assert (error.line, error.column) == (1, 15)


def test_a_byte_order_mark_is_no_column() -> None:
    (error,) = errors_of(b"\xef\xbb\xbfa = 'x'\n")
    assert (error.line, error.column) == (1, 1)


HOSTILE = {
    "10,000 lists in one another": b"a = " + b"[" * 10_000 + b"]" * 10_000 + b"\n",
    "10,000 blocks in one another": b"a {\n" * 10_000 + b"}\n" * 10_000,
    "20 MB of comments": b"# x\n" * 5_000_000,
    "20 MB of noise": b'\x01{"' * 7_000_000,
    "missing values in a row": b"a = \n" * 2_000,
    "quotes in a row": b'"' * 30_000,
    "a large text that is no code": b"This is some prose, it has (words) and such.\n" * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_in_good_time(text: bytes) -> None:
    before = time.process_time()
    (error,) = errors_of(text)
    assert error.message
    assert time.process_time() - before < 1


DEEP = {
    "a chain of operators": "1 + " * 5_000 + "1",
    "a chain of negations": "!" * 5_000 + "true",
    "a chain of conditionals": "var.a ? 1 : " * 5_000 + "1",
    "lists in lists": "[" * 200 + "]" * 200,
    "indexes in indexes": "a[" * 200 + "0" + "]" * 200,
    "steps in a row": "a" + ".b" * 5_000,
}


@pytest.mark.parametrize("expression", DEEP.values(), ids=DEEP.keys())
def test_a_deep_expression_never_overflows(expression: str) -> None:
    module = TERRAFORM.read({"main.tf": f"locals {{\n  x = {expression}\n}}\n".encode()})
    assert module.errors == ()
    module.resolved("local.x")
    module.written("local.x")
    assert module.references("local.x") == frozenset()


def test_a_broken_file_has_no_blocks_and_costs_the_others_nothing() -> None:
    module = TERRAFORM.read({"a.tf": b'resource "a" "x" {\n', "b.tf": b'resource "a" "y" {\n}\n'})
    assert list(module.blocks) == ["a.y"]
    assert [error.path for error in module.errors] == ["a.tf"]
    assert module.files["a.tf"] == b'resource "a" "x" {\n'
