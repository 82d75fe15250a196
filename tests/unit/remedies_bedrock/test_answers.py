"""One reader for both carriers, strict: what is not exactly an answer is none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.remedies.answer import Cannot, Edit, Edits, Malformed, read_answer

TAGGED = (
    '<answer>\n<edit path="a.tf">\n<old>\n  x = 1\n</old>\n<new>\n  x = 2\n  y = "<b>"\n</new>\n</edit>\n'
    "<rationale>So.</rationale>\n</answer>"
)
VALUE = {
    "outcome": "edits",
    "edits": [{"path": "a.tf", "old": "  x = 1", "new": '  x = 2\n  y = "<b>"'}],
    "rationale": "So.",
}
SAME = Edits((Edit("a.tf", "  x = 1", '  x = 2\n  y = "<b>"'),), "So.")


@pytest.mark.parametrize(
    "text",
    [
        TAGGED,
        json.dumps(VALUE),
        f"```json\n{json.dumps(VALUE)}\n```",
        f"Here it is.\n{TAGGED}\n",
        f"```\n{TAGGED}\n```",
    ],
)
def test_both_carriers_say_the_same(text: str) -> None:
    assert read_answer(text) == SAME


@pytest.mark.parametrize(
    "text",
    [
        '{"outcome": "cannot", "edits": [], "rationale": "No  key\\nis known."}',
        "<answer>\n<cannot>No key is known.</cannot>\n</answer>",
    ],
)
def test_a_model_may_say_that_it_cannot(text: str) -> None:
    assert read_answer(text) == Cannot("No key is known.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the answer is empty"),
        ("I will not.", "there is no <answer> at the end of the text"),
        (TAGGED + " and more", "there is no <answer> at the end of the text"),
        (TAGGED[:-20], "there is no <answer> at the end of the text"),
        (TAGGED + TAGGED, "there is more than one <answer>"),
        (TAGGED.replace("<rationale>", "hm <rationale>"), "something in <answer> is neither an edit nor the rationale"),
        (TAGGED.replace("<rationale>", "<cannot>x</cannot><rationale>"), "it says both that it can and that it cannot"),
        ("<answer><rationale>x</rationale></answer>", "there are no edits"),
        (json.dumps(VALUE)[:-9], "the answer is not one JSON object"),
        (json.dumps(VALUE) + "x", "the answer is not one JSON object"),
        ("[" * 100_000, "the answer is not one JSON object"),
        ("[]", "the answer is not an object with outcome, edits and rationale"),
        ("{}", "the answer is not an object with outcome, edits and rationale"),
        (json.dumps({**VALUE, "more": 1}), "the answer is not an object with outcome, edits and rationale"),
        (json.dumps({**VALUE, "outcome": "maybe"}), 'outcome is neither "edits" nor "cannot"'),
        (json.dumps({**VALUE, "edits": {}}), "edits is not a list, or rationale is not a text"),
        (json.dumps({**VALUE, "rationale": None}), "edits is not a list, or rationale is not a text"),
        (json.dumps({**VALUE, "edits": [1]}), "an edit is not an object with path, old and new"),
        (json.dumps({**VALUE, "edits": [{"path": 1, "old": "", "new": ""}]}), "an edit has a part that is no text"),
        (json.dumps({**VALUE, "edits": []}), "there are no edits"),
        (json.dumps({**VALUE, "edits": VALUE["edits"] * 41}), "there are more than 40 edits"),  # type: ignore[operator]
        (
            json.dumps(VALUE).replace('"rationale"', '"outcome": "cannot", "rationale"'),
            "the answer is not one JSON object",
        ),
        ("x" * 400_001, "the answer is longer than 400,000 characters"),
    ],
)
def test_what_is_not_exactly_an_answer_is_none(text: str, reason: str) -> None:
    assert read_answer(text) == Malformed(reason)


def test_prose_comes_on_one_line_without_what_hides() -> None:
    value = {**VALUE, "rationale": "a\nb\u202e\x1b[31m" + "c" * 400}
    answer = read_answer(json.dumps(value))
    assert isinstance(answer, Edits)
    assert answer.rationale == "a b [31m" + "c" * 291 + "…"


@given(st.text(max_size=300) | st.text(alphabet='<>/answeditpholdcr"{}[]:, \n', max_size=300))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    assert isinstance(read_answer(text), Edits | Cannot | Malformed)
