"""What counts of what people said under an issue, decided from values alone."""

from __future__ import annotations

import pytest

from remedy_gate.policy.answering import (
    Comment,
    Decision,
    Heard,
    Label,
    PassedOver,
    Question,
    Right,
    Said,
    decided,
    heard,
)
from remedy_gate.policy.dates import day_of

PATCH = "ab" * 16
QUESTION = Question(PATCH, "b" * 64, "c" * 64, "2026-11-20T08:00:00Z", was_edited=False, days=14)
TODAY = day_of("2026-11-24") or 0
MAY = Right(may_write=True, through="member of acme/security")
YES = f"remedy-gate approve {PATCH}"


def says(text: str, at: str = "2026-11-21T09:00:00Z", login: str = "ada") -> Comment:
    return Comment(f"#{at}", login, at, text)


def outcome(*said: Said, question: Question = QUESTION, rights: dict[str, Right] | None = None) -> Decision | None:
    found = heard(question, said, frozenset(), TODAY)
    return decided(found, {"ada": MAY, "bob": MAY} if rights is None else rights, question.days, self_approval=False)[0]


def test_a_yes_holds_from_the_day_on_which_it_was_said() -> None:
    assert outcome(says(YES)) == Decision(
        "approve", "ada", "2026-11-21T09:00:00Z", "#2026-11-21T09:00:00Z", MAY.through, "", day_of("2026-12-05") or 0
    )


@pytest.mark.parametrize("text", [YES, f"{YES}\n", f"  {YES}  ", f"\r\n{YES}\r\n", f"remedy-gate  approve \t{PATCH}"])
def test_white_space_around_the_answer_does_not_matter(text: str) -> None:
    assert outcome(says(text)) is not None


@pytest.mark.parametrize(
    "text",
    [
        YES.upper(),
        f"{YES}.",
        f"{YES} :+1:",
        f"**{YES}**",
        f"    {YES}\n\nunless it is Friday",
        f"remedy-gate approves {PATCH}",
        f"remedy-gate approve{PATCH}",
        f"remedy-gate approve {PATCH}{PATCH}",
        f"@remedy-gate approve {PATCH}",
        f"I do not\n{YES}",
        "",
    ],
)
def test_what_is_almost_a_yes_is_none(text: str) -> None:
    assert outcome(says(text)) is None


def test_the_first_yes_that_counts_is_the_one_that_is_recorded() -> None:
    late, early = says(YES, "2026-11-22T09:00:00Z"), says(YES, "2026-11-21T09:00:00Z", "bob")
    assert outcome(late, early) == outcome(early)


@pytest.mark.parametrize("order", [1, -1])
def test_one_no_is_stronger_than_any_yes_whichever_came_first(order: int) -> None:
    said = [says(YES, "2026-11-21T09:00:00Z"), says(f"remedy-gate reject {PATCH} no", "2026-11-22T09:00:00Z", "bob")]
    decision = outcome(*said[::order])
    assert decision is not None
    assert (decision.verb, decision.by, decision.reason, decision.expires) == ("reject", "bob", "no", 0)


def test_a_no_of_somebody_without_the_right_takes_no_yes_away() -> None:
    said = (says(YES), says(f"remedy-gate reject {PATCH}", login="mallory"))
    decision = outcome(*said)
    assert decision is not None
    assert decision.verb == "approve"


def test_a_recorded_answer_says_nothing_new() -> None:
    assert heard(QUESTION, (says(YES),), frozenset({"#2026-11-21T09:00:00Z"}), TODAY) == ()


@pytest.mark.parametrize(
    ("was_edited", "at", "counts"),
    [
        (False, "2026-11-20T08:00:00Z", True),
        (True, "2026-11-20T08:00:00Z", False),
        (True, "2026-11-20T08:00:01Z", True),
        (False, "2026-11-20T07:59:59Z", False),
    ],
)
def test_an_answer_counts_for_the_words_that_stand_there_now(was_edited: bool, at: str, counts: bool) -> None:
    question = QUESTION._replace(was_edited=was_edited)
    assert (outcome(says(YES, at), question=question) is not None) is counts


@pytest.mark.parametrize(("at", "counts"), [("2026-11-10T00:00:00Z", True), ("2026-11-09T23:59:59Z", False)])
def test_a_yes_counts_as_long_as_it_would_hold(at: str, counts: bool) -> None:
    question = QUESTION._replace(said_since="2026-01-01T00:00:00Z")
    assert (outcome(says(YES, at), question=question) is not None) is counts
    old_no = says(f"remedy-gate reject {PATCH}", at)
    assert outcome(old_no, question=question) is not None, "a no does not end"


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-40T00:00:00Z"])
def test_a_date_that_cannot_be_read_is_none(at: str) -> None:
    assert outcome(says(YES, at), question=QUESTION._replace(said_since="")) is None


def test_a_label_is_an_answer_like_a_comment() -> None:
    label = Label("#label", "ada", "2026-11-21T09:00:00Z", "approve")
    decision = outcome(label)
    assert decision is not None
    assert decision.address == "#label"
    [passed] = heard(QUESTION, (label._replace(is_machine=True),), frozenset(), TODAY)
    assert isinstance(passed, PassedOver)


@pytest.mark.parametrize(("verb", "counts"), [("approve", False), ("reject", True)])
def test_a_label_that_was_changed_since_is_no_yes_and_still_a_no(verb: str, counts: bool) -> None:
    label = Label("#label", "ada", "2026-11-21T09:00:00Z", verb, changed="2026-11-21T09:00:01Z")
    assert (outcome(label) is not None) is counts
    assert outcome(label._replace(changed=label.at)) is not None


@pytest.mark.parametrize(
    "right",
    [
        Right(may_write=False, through="member of acme/security"),
        Right(may_write=True),
        Right(may_write=True, through="member of acme/security", is_author=True),
        Right(may_write=True, through="member of acme/security", is_author=None),
    ],
)
def test_without_the_whole_right_it_does_not_count(right: Right) -> None:
    assert outcome(says(YES), rights={"ada": right}) is None
    assert outcome(says(YES), rights={}) is None


def test_rights_are_found_whatever_the_case_of_the_name() -> None:
    assert outcome(says(YES, login="Ada")) is not None


def test_one_may_approve_ones_own_change_only_where_the_policy_says_so() -> None:
    found = (Heard("approve", "ada", "2026-11-21T09:00:00Z", "#1"),)
    own = {"ada": MAY._replace(is_author=True)}
    assert decided(found, own, 14, self_approval=True)[0] is not None
    decision, [passed] = decided(found, own, 14, self_approval=False)
    assert decision is None
    assert passed.why == "the change is their own, and the policy has others answer for it"


def test_a_long_reason_is_cut_and_on_one_line() -> None:
    decision = outcome(says(f"remedy-gate reject {PATCH} " + "a b\n" * 400))
    assert decision is not None
    assert len(decision.reason) == 300
    assert "\n" not in decision.reason


def test_a_comment_of_the_greatest_length_is_read_in_no_time() -> None:
    assert outcome(says("\n" * 65_000)) is None
    assert outcome(says("-" * 65_000 + "remedy-gate ")) is None
