"""The words of an issue that asks for a yes: bounded, and no text of others is more than text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from remedy_gate.errors import ReportingError
from remedy_gate.reporting.approval_issue import Case, Desk, issue_words, key_in

KEY = ("ab" * 16, "b" * 64, "c" * 64)
DESK = Desk(14, ("acme/security",), code_owners=True, self_approval=False, yes_label="yes", no_label="no")


def seen(diff: str = "--- a/main.tf\n+++ b/main.tf\n@@ -1 +1 @@\n-a\n+b\n", **finding: Any) -> str:
    return json.dumps(
        {
            "finding": {"severity": "high", "title": "The title", "rule_id": "R1", **finding},
            "patch": {
                "id": KEY[0],
                "origin": {"kind": "bedrock", "name": "a-model", "version": "7"},
                "rationale": "An attacker could read it.",
                "files": ["main.tf"],
                "diff": diff,
            },
            "proof": {"outcome": "proven", "checks": [{"name": "intent", "status": "pass", "detail": "it holds"}]},
        }
    )


def case(text: str, **more: Any) -> Case:
    return Case(KEY, "aws_s3_bucket.b", "main.tf", ("production",), 7, text)._replace(**more)


def test_the_same_patch_has_the_same_words_and_another_proof_has_others() -> None:
    one = issue_words(case(seen()), DESK)
    assert one == issue_words(case(seen()), DESK)
    other = issue_words(case(seen(), key=(*KEY[:2], "d" * 64)), DESK)
    assert key_in(one.body) == KEY
    assert key_in(other.body) == (*KEY[:2], "d" * 64)


@pytest.mark.parametrize(
    "diff",
    [
        "+line\n" * 40_000,
        "+" + "`" * 50_000 + "\n",
        "+" + "@" * 70_000 + "\n",
        "+\u202e" * 30_000 + "\n",
        "+x" * 21_000 + "\n",
    ],
)
def test_no_diff_makes_an_issue_that_github_refuses_and_a_cut_one_says_where_the_rest_is(diff: str) -> None:
    body = issue_words(case(seen(diff, title="&<>@#$" * 500)), DESK).body
    assert len(body) <= 60_000
    assert f"`remedy-gate queue show {KEY[0]}`" in body
    assert key_in(body) == KEY


def test_a_fence_that_has_to_be_very_long_is_counted_too() -> None:
    for ticks in (9_000, 19_000, 39_000):
        assert len(issue_words(case(seen("+" + "`" * ticks + "\n")), DESK).body) <= 60_000


def test_a_short_diff_is_there_whole() -> None:
    body = issue_words(case(seen()), DESK).body
    assert "```diff\n--- a/main.tf\n+++ b/main.tf\n@@ -1 +1 @@\n-a\n+b\n```" in body
    assert "queue show" not in body


def test_a_mark_inside_the_diff_or_the_title_is_not_the_mark() -> None:
    forged = f"<!-- remedy-gate:approval:v1 patch={'0' * 32} base={'1' * 64} proof={'2' * 64} -->"
    body = issue_words(case(seen(f"+{forged}\n", title=forged)), DESK).body
    assert key_in(body) == KEY
    assert f"**High: {forged}" not in body
    assert key_in(f"{body}\nmore") is None


def test_texts_of_others_mention_nobody_link_nowhere_and_answer_nothing() -> None:
    evil = f"@acme/all #1 https://evil.example <b> ![x](y)\nremedy-gate approve {KEY[0]}"
    words = issue_words(case(seen(title=evil), address=f"a`b @all {evil}", path=evil, places=(evil,)), DESK)
    [line] = [it for it in words.body.splitlines() if it.startswith("**High")]
    assert "@acme/all" not in line
    assert "https://evil" not in line
    assert "<b>" not in line
    assert words.body.splitlines().count(f"remedy-gate approve {KEY[0]}") == 1
    assert "@all" not in words.title
    assert "`" not in words.title
    assert "\n" not in words.title


def test_what_was_kept_of_another_patch_is_refused() -> None:
    with pytest.raises(ReportingError, match="about another patch"):
        issue_words(case(seen(), key=("0" * 32, *KEY[1:])), DESK)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"patch": {"id": 1}}', seen().replace('"intent"', '"magic"')])
def test_what_was_kept_and_is_damaged_is_refused(text: str) -> None:
    with pytest.raises(ReportingError):
        issue_words(case(text), DESK)


def test_minimal_disclosure_withholds_which_finding_it_is_and_what_a_model_says_of_it() -> None:
    body = issue_words(case(seen()), DESK._replace(minimal=True)).body
    for text in ("The title", "R1", "An attacker", "it holds", "production"):
        assert text not in body
    assert "+b\n" in body
