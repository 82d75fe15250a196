"""A large file that is nearly known is read in less time, and to the same end: tree, blocks and mistakes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remedy_gate.iac.terraform.document import Document, read_hcl
from remedy_gate.iac.terraform.nearly import Parsed, edited_tree
from remedy_gate.iac.terraform.strict import first_mistake

BLOCK = """\
resource "aws_s3_bucket" "b{}" {{
  bucket = "logs-${{var.name}}-{}"
  tags = {{
    Owner = "data" # the team
  }}
}}
"""
POLICY = """\
resource "aws_iam_policy" "p" {
  policy = <<-EOT
    { "Resource": "arn:aws:s3:::${var.name}/*", %{if var.more}"more": 1%{endif} }
  EOT
}

/* a comment with } and " in it */
locals {
  one = "}"
  two = [for name in var.names : "${name}-x" if name != ""]
}
"""
LARGE = "\n".join((*(BLOCK.format(number, number) for number in range(90)), POLICY, *map(BLOCK.format, "xyz", "xyz")))
PIECES = ('"', "${", "}", "{", "<<EOT\n", "EOT\n", "/*", "*/", "#", "\n", " ", "%{if x}", "%{endif}", "[", "]", "=", ",",
          "a = 1\n", 'x "y" {\n}\n', "\\", "$", "\r\n", "é", "resource", "  bucket = 1\n", "bucket = bucket")  # fmt: skip
KNOWN = read_hcl("main.tf", LARGE.encode())


def nodes(document: Document) -> list[tuple[Any, ...]]:
    """Every node of the tree, with its kind and place."""
    if document.tree is None:
        return []
    found, waiting = [], [document.tree.root_node]
    while waiting:
        node = waiting.pop()
        found.append((node.type, node.start_byte, node.end_byte, node.start_point, node.end_point, node.has_error))
        waiting.extend(node.children)
    return found


def told(document: Document) -> tuple[Any, ...]:
    return document.errors, [one.block for one in document.declared], nodes(document)


def both(text: str) -> tuple[Document, Document]:
    """The file read with the known one at hand, and read anew."""
    return read_hcl("main.tf", text.encode(), KNOWN), read_hcl("main.tf", text.encode())


def test_the_known_text_is_large_and_right() -> None:
    assert len(KNOWN.text) > 1 << 13
    assert KNOWN.errors == ()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(LARGE)), st.integers(0, 30), st.sampled_from(PIECES)), min_size=1, max_size=3)
)
def test_whatever_was_edited_is_read_as_if_nothing_had_been_known(edits: list[tuple[int, int, str]]) -> None:
    text = LARGE
    for place, lost, new in edits:
        text = text[:place] + new + text[place + lost :]
    near, anew = both(text)
    assert told(near) == told(anew)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('    Owner = "data" # the team\n', '    Owner = "data"\n    Stage = "prod"\n'),
        ("  two = [", "  three = <<X\n}\nX\n  two = ["),
        ('  one = "}"\n', ""),
        ("/* a comment", "/* a longer comment"),
        ('resource "aws_iam_policy" "p" {', 'resource "aws_iam_policy" "q" {'),
    ],
)
def test_a_small_edit_takes_the_rest_over(old: str, new: str) -> None:
    assert KNOWN.tree is not None
    text = LARGE.replace(old, new, 1)
    near, anew = both(text)
    assert told(near) == told(anew)
    assert near.errors == ()
    assert edited_tree(Parsed(KNOWN.text, KNOWN.tree), text.encode()) is not None


def test_a_text_of_which_nothing_is_alike_takes_nothing_over() -> None:
    assert KNOWN.tree is not None
    assert edited_tree(Parsed(KNOWN.text, KNOWN.tree), b"x" * 10_000) is None


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ('  bucket = "again"\n', "the argument `bucket` is set twice in one block"),
        ("  a = 1 b = 2\n", "an argument or block must start on a new line"),
        ('  a = "not\n  closed"\n', ""),
        ("  }\n", ""),
        ("  size = 1.2.3.4\n", "this is no number"),
    ],
)
def test_a_mistake_in_what_changed_is_found_and_told_in_the_same_words(new: str, message: str) -> None:
    line = '  bucket = "logs-${var.name}-7"\n'
    near, anew = both(LARGE.replace(line, f"{line}{new}"))
    assert near.errors == anew.errors
    assert near.errors[0].message.startswith(message)


def test_a_block_counts_as_looked_at_only_word_for_word() -> None:
    twice = b'a "b" {\n  c = 1\n  c = 2\n}\n'
    document = read_hcl("x.tf", b'a "b" {\n  c = 1\n}\n')
    assert document.clean == {b'a "b" {\n  c = 1\n}'}
    assert read_hcl("x.tf", twice).clean == frozenset()
    tree = read_hcl("x.tf", twice.replace(b"c = 2", b"d = 2")).tree
    assert tree is not None
    assert read_hcl("x.tf", twice, document).errors[0].message == "the argument `c` is set twice in one block"
    assert first_mistake(tree, twice.replace(b"c = 2", b"d = 2"), document.clean) is None


def test_the_same_words_within_a_block_do_not_count_as_looked_at() -> None:
    known = read_hcl("x.tf", b"b {\n}\n")
    assert known.clean == {b"b {\n}"}
    near = read_hcl("x.tf", b"a { b {\n} }\n", known)
    assert near.errors == read_hcl("x.tf", b"a { b {\n} }\n").errors
    assert near.errors
