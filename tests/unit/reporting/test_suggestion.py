from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.domain.source import ALL_LINES, LineRange
from remedy_gate.reporting.suggestion import Elsewhere, Suggestion, suggestions

EVERYTHING = (ALL_LINES,)


def placed(before: str, after: str, *shown: LineRange) -> tuple[Suggestion, ...] | Elsewhere:
    return suggestions(patch(FilePatch("main.tf", before.encode(), after.encode())), {"main.tf": shown or EVERYTHING})


def patch(*files: FilePatch) -> Patch:
    return Patch(Origin(OriginKind.CATALOGUE, "x", "1"), files)


def accepted(before: str, found: tuple[Suggestion, ...]) -> str:
    """The file after GitHub has applied every suggestion: each replaces exactly its lines."""
    lines = before.split("\n")[:-1]
    for one in sorted(found, key=lambda it: it.first_line, reverse=True):
        lines[one.first_line - 1 : one.last_line] = one.text.split("\n")
    return "".join(f"{line}\n" for line in lines)


def test_a_changed_line_is_a_suggestion_of_that_line() -> None:
    assert placed("a\nb\nc\n", "a\nB\nc\n") == (Suggestion("main.tf", 2, 2, "B"),)


def test_an_insertion_repeats_the_line_above() -> None:
    assert placed("a\nb\nc\n", "a\nb\nnew\nc\n") == (Suggestion("main.tf", 2, 2, "b\nnew"),)


def test_an_insertion_at_the_top_repeats_the_line_below() -> None:
    assert placed("a\nb\n", "new\na\nb\n") == (Suggestion("main.tf", 1, 1, "new\na"),)


def test_an_insertion_at_the_upper_edge_of_a_hunk_repeats_the_line_below() -> None:
    assert placed("a\nb\nc\n", "a\nnew\nb\nc\n", LineRange(2, 3)) == (Suggestion("main.tf", 2, 2, "new\nb"),)


def test_an_insertion_at_the_lower_edge_of_a_hunk_repeats_the_line_above() -> None:
    assert placed("a\nb\nc\n", "a\nnew\nb\nc\n", LineRange(1, 1)) == (Suggestion("main.tf", 1, 1, "a\nnew"),)


def test_a_deletion_is_widened_by_a_line_that_stays() -> None:
    assert placed("a\nb\nc\n", "a\nc\n") == (Suggestion("main.tf", 1, 2, "a"),)


def test_a_deletion_at_the_top_is_widened_downwards() -> None:
    assert placed("a\nb\nc\n", "b\nc\n") == (Suggestion("main.tf", 1, 2, "b"),)


def test_a_deletion_between_blank_lines_is_widened_to_lines_with_text() -> None:
    assert placed("a\n\nx\n\nb\n", "a\n\n\nb\n") == (Suggestion("main.tf", 1, 5, "a\n\n\nb"),)


def test_an_inserted_blank_line_is_widened_to_lines_with_text() -> None:
    assert placed("a\nb\n", "a\n\nb\n") == (Suggestion("main.tf", 1, 2, "a\n\nb"),)


def test_edits_near_each_other_are_one_suggestion() -> None:
    assert placed("a\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n") == (Suggestion("main.tf", 1, 5, "A\nb\nc\nd\nE"),)


def test_edits_far_apart_are_several_suggestions_that_say_so() -> None:
    before = "a\n" + "=\n" * 9 + "b\n"
    assert placed(before, before.replace("a", "A").replace("b", "B")) == (
        Suggestion("main.tf", 1, 1, "A", 1, 2),
        Suggestion("main.tf", 11, 11, "B", 2, 2),
    )


def test_edits_in_two_hunks_are_two_suggestions_though_near() -> None:
    assert placed("a\nb\nc\n", "A\nb\nC\n", LineRange(1, 1), LineRange(3, 3)) == (
        Suggestion("main.tf", 1, 1, "A", 1, 2),
        Suggestion("main.tf", 3, 3, "C", 2, 2),
    )


def test_two_files_are_parts_of_one_patch() -> None:
    files = FilePatch("a.tf", b"a\n", b"A\n"), FilePatch("b.tf", b"b\n", b"B\n")
    assert suggestions(patch(*files), {"a.tf": EVERYTHING, "b.tf": EVERYTHING}) == (
        Suggestion("a.tf", 1, 1, "A", 1, 2),
        Suggestion("b.tf", 1, 1, "B", 2, 2),
    )


def test_half_a_patch_is_never_suggested() -> None:
    files = FilePatch("a.tf", b"a\n", b"A\n"), FilePatch("b.tf", b"b\n", b"B\n")
    assert suggestions(patch(*files), {"a.tf": EVERYTHING}) == Elsewhere(
        "it changes lines of b.tf that are not in this pull request's diff"
    )


@pytest.mark.parametrize(
    "shown", [LineRange(1, 1), LineRange(3, 3), LineRange(1, 2)], ids=["before", "after", "only half of it"]
)
def test_a_line_outside_the_hunks_is_no_suggestion(shown: LineRange) -> None:
    assert placed("a\nb\nc\nd\n", "a\nB\nC\nd\n", shown) == Elsewhere(
        "it changes lines of main.tf that are not in this pull request's diff"
    )


def test_a_change_over_two_hunks_is_no_suggestion() -> None:
    assert isinstance(placed("a\nb\n", "x\ny\n", LineRange(1, 1), LineRange(2, 2)), Elsewhere)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (
            b"a\r\nb\r\n",
            b"a\r\nB\r\n",
            "its lines do not all end in a plain newline (where policy says `apply`, it is committed)",
        ),
        (
            b"a\r\nb\n",
            b"a\r\nB\n",
            "its lines do not all end in a plain newline (where policy says `apply`, it is committed)",
        ),
        (
            b"a\nb\n",
            b"a\nB\r\n",
            "its lines do not all end in a plain newline (where policy says `apply`, it is committed)",
        ),
        (b"a\nb", b"a\nB", "it does not end in a newline"),
        (b"a\nb\n", b"a\nB", "it does not end in a newline"),
        (b"a\n\xff\n", b"b\n\xff\n", "it is not UTF-8"),
        (b"a\n", b"a\xe2\x80\xae\n", "it adds characters that do not show"),
        (b"a\n", b"\x1b[2J\n", "it adds characters that do not show"),
        (b"", b"a\n", "it makes or empties a whole file"),
        (b"a\n", b"", "it makes or empties a whole file"),
    ],
)
def test_a_file_that_github_could_change_on_applying_is_no_suggestion(before: bytes, after: bytes, reason: str) -> None:
    found = suggestions(patch(FilePatch("main.tf", before, after)), {"main.tf": EVERYTHING})
    assert found == Elsewhere(f"main.tf cannot be edited by a suggestion: {reason}")


def test_a_patch_that_changes_nothing_is_no_suggestion() -> None:
    assert placed("a\n", "a\n") == Elsewhere("it changes nothing")


def test_a_new_block_is_suggested_whole_and_not_from_the_end_of_the_one_before() -> None:
    before = "resource a {\n}\n\nresource b {\n}\n"
    after = "resource a {\n}\n\nresource c {\n}\n\nresource b {\n}\n"
    assert placed(before, after) == (Suggestion("main.tf", 2, 2, "}\n\nresource c {\n}"),)


def test_tabs_and_letters_of_any_script_are_kept() -> None:
    assert placed("\ta\n", "\tä = “東京”\n") == (Suggestion("main.tf", 1, 1, "\tä = “東京”"),)


files = st.lists(st.sampled_from(["a", "b", "  c", "", "", "}", "d = 1"]), min_size=1, max_size=25).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@st.composite
def hunks(draw: st.DrawFn) -> tuple[LineRange, ...]:
    cuts = sorted(draw(st.lists(st.integers(1, 30), max_size=6, unique=True)))
    return tuple(LineRange(first, last - 1) for first, last in zip(cuts[::2], cuts[1::2], strict=False))


@settings(max_examples=400, deadline=None)
@given(files, files, hunks() | st.just(EVERYTHING))
def test_all_suggestions_accepted_give_exactly_the_proven_file(
    before: str, after: str, shown: tuple[LineRange, ...]
) -> None:
    found = suggestions(patch(FilePatch("main.tf", before.encode(), after.encode())), {"main.tf": shown})
    if isinstance(found, Elsewhere):
        return
    assert accepted(before, found) == after
    ends = [0]
    for one in found:
        assert ends[-1] < one.first_line <= one.last_line
        assert any(hunk.first <= one.first_line and one.last_line <= hunk.last for hunk in shown)
        assert one.text.strip()
        ends.append(one.last_line)


@settings(max_examples=100, deadline=None)
@given(files, files)
def test_a_diff_that_shows_everything_has_room_unless_all_is_blank(before: str, after: str) -> None:
    found = suggestions(patch(FilePatch("main.tf", before.encode(), after.encode())), {"main.tf": EVERYTHING})
    if isinstance(found, Elsewhere):
        assert not after.strip() or before == after
