from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.reporting.untrusted import code_line, is_plain_code, log_line, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\r\nlines\tand  blanks ", "two lines and blanks"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;https://x.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jgone", "gone"),
        ("\x1b7\x1bcreset", "reset"),
        ("\x1b[", ""),
        ("\x1b", ""),
        ("a\x00b\x07c\x7fd\x85e", "abcd e"),
        ("\u202egnp.exe", "gnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\U000e0041tag", "tag"),
        ("vs\ufe01\U000e0101", "vs"),
        ("\ud800", ""),
        ("Zugänge für 東京", "Zugänge für 東京"),
    ],
)
def test_a_text_is_one_line_and_shows_all_that_it_holds(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(st.text())
def test_no_text_keeps_a_character_that_does_not_print(text: str) -> None:
    assert one_line(text).isprintable()


def test_a_text_over_the_limit_is_cut() -> None:
    assert one_line("abcdef", 4) == "abc…"
    assert one_line("abcd", 4) == "abcd"


def test_code_spells_out_what_hides_and_keeps_tabs() -> None:
    assert code_line("\tname = “x” # \u202e\x1b[2J\udc80\U000e0041") == (
        "\tname = “x” # \\u202e\\x1b[2J\\udc80\\U000e0041"
    )


def test_code_is_plain_when_nothing_is_spelt_out() -> None:
    assert is_plain_code('\tbucket = "logs-ü"')
    assert not is_plain_code("a\r")
    assert not is_plain_code("a\u200b")


def test_a_line_is_no_command_to_the_runner_of_actions() -> None:
    assert log_line("  ::add-mask::x") == "  : :add-mask::x"
    assert log_line("+ ##[error]x") == "+ ## [error]x"
    assert log_line("  AWS::S3::Bucket # [x]") == "  AWS::S3::Bucket # [x]"
