from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.reporting.markdown_text import code, code_in_table, diff_fence, fence, markup, prose


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain words, 1.2 (x)!", "plain words, 1.2 (x)!"),
        ("*bold* _it_ ~~no~~", "\\*bold\\* \\_it\\_ \\~\\~no\\~\\~"),
        ("[x](https://evil.example)", "\\[x\\](https:&#8203;//evil.example)"),
        ("![x](data:x)", "!\\[x\\](data:x)"),
        ("<img src=x> &lt;", "&lt;img src=x&gt; &amp;lt;"),
        ("@octocat and a@b.example", "@&#8203;octocat and a@&#8203;b.example"),
        ("fixes #1, GH-2, org/repo#3", "fixes &#35;&#8203;1, GH&#8203;-2, org/repo&#35;&#8203;3"),
        ("www.evil.example HTTP://x", "www&#8203;.evil.example HTTP:&#8203;//x"),
        ("a `b` c", "a \\`b\\` c"),
        ("a|b", "a\\|b"),
        ("no_weakening _a_ __init__ a_", "no_weakening \\_a\\_ \\_\\_init\\_\\_ a\\_"),
        ("back\\slash", "back\\\\slash"),
        ("# heading", "&#35;&#8203; heading"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("2) item", "2\\) item"),
        ("=====", "\\====="),
        ("> quote", "&gt; quote"),
        ("$x$", "&#36;x&#36;"),
        ("two\n\nparagraphs\x00", "two paragraphs"),
        ("<!-- remedy-gate:v1 fp=0 -->", "&lt;!-- remedy-gate:v1 fp=0 --&gt;"),
    ],
)
def test_prose_says_exactly_the_text(text: str, escaped: str) -> None:
    assert prose(text) == escaped


def test_markup_knows_no_markdown_and_no_tags() -> None:
    assert markup("*a* <b> @c </summary>") == "*a* &lt;b&gt; @&#8203;c &lt;/summary&gt;"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a", "`` `a ``"),
        ("a``", "``` a`` ```"),
        ("@x <b> #1", "`@x <b> #1`"),
        ("", ""),
    ],
)
def test_a_code_span_is_wider_than_any_run_of_backticks_inside(text: str, span: str) -> None:
    assert code(text) == span


def test_a_bar_in_a_table_does_not_end_the_cell() -> None:
    assert code_in_table("a|b") == "`a\\|b`"


@given(st.text(alphabet="`~\n a"))
def test_nothing_in_a_fence_ends_it(text: str) -> None:
    first, *inside, last = fence(text, "suggestion").split("\n")
    assert first.removesuffix("suggestion") == last
    assert "\n".join(inside) == text
    assert not any(re.match(rf" {{0,3}}{last}`* *$", line) for line in inside)


def test_a_diff_shows_what_hides_and_is_cut_with_a_count() -> None:
    assert diff_fence(("+a\u202e", "+b", "+c"), 12) == "```diff\n+a\\u202e\n+b\n```\n\n1 more lines are in the report."
