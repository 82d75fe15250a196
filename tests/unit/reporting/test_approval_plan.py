"""What is done so that the issues are as the queue is, and what is left alone."""

from __future__ import annotations

from remedy_gate.reporting.approval_issue import Words
from remedy_gate.reporting.approval_plan import (
    Asked,
    Close,
    Edit,
    Issue,
    Leave,
    Open,
    Reopen,
    Settled,
    steps,
)

KEY, OTHER = ("a" * 32, "b" * 64, "c" * 64), ("d" * 32, "b" * 64, "c" * 64)
WORDS = Words("Title", "Body\nof it")
WAITS = Asked(WORDS, "asked again")


def issue(number: int = 1, *, is_open: bool = True, title: str = WORDS.title, body: str = WORDS.body) -> Issue:
    return Issue(number, KEY, title, body, f"https://x.example/{number}", is_open, "2026-11-20T08:00:00Z")


def test_what_waits_and_has_no_issue_is_asked_about() -> None:
    assert steps({KEY: WAITS}, ()) == (Open(KEY, WORDS),)


def test_an_issue_that_says_what_is_so_is_left_as_it_is_whatever_line_ends_github_keeps() -> None:
    assert steps({KEY: WAITS}, (issue(), issue(2, body="Body\r\nof it\r\n", is_open=False))) == ()
    assert steps({KEY: WAITS}, (issue(body="Body\r\nof it\n"),)) == ()


def test_other_words_are_put_right() -> None:
    for wrong in (issue(title="another"), issue(body="Body")):
        assert steps({KEY: WAITS}, (wrong,)) == (Edit(wrong, WORDS),)


def test_what_is_closed_and_waits_may_be_opened_again_and_no_second_one_is_made() -> None:
    closed = issue(is_open=False)
    assert steps({KEY: WAITS}, (closed,)) == (Reopen(closed, "asked again"),)


def test_what_is_settled_is_closed_with_the_reason_and_what_is_closed_already_is_left() -> None:
    done = Settled("Approved.", is_done=True)
    assert steps({KEY: done}, (issue(), issue(2, is_open=False))) == (Close(issue(), "Approved.", is_done=True),)
    assert steps({KEY: done}, ()) == ()


def test_of_several_open_ones_the_first_stands() -> None:
    second = issue(2)
    assert steps({KEY: WAITS}, (second, issue(1))) == (Close(second, "The same is asked in #1.", is_done=False),)


def test_an_open_one_stands_before_a_closed_one_of_a_lower_number() -> None:
    assert steps({KEY: WAITS}, (issue(1, is_open=False), issue(2))) == ()


def test_what_the_queue_does_not_know_is_left_alone_and_that_is_said() -> None:
    unknown = issue()._replace(key=OTHER)
    assert steps({}, (unknown, unknown._replace(number=2, is_open=False))) == (
        Leave(unknown, "the ledger does not know the patch that it is about"),
    )


def test_a_reason_that_is_another_one_has_another_mark() -> None:
    one, other = (Close(issue(), why, is_done=True).mark for why in ("Approved by a.", "Approved by b."))
    assert one != other
    assert one.did == "closed"
    assert Reopen(issue(), "Approved by a.").mark.did == "reopened"
