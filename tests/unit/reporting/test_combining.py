from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.reporting.combining import Clash, combined
from remedy_gate.reporting.edits import edited, line_edits, lines_of

BEFORE = b"a\nb\nc\n"


def patch(after: bytes, path: str = "x.tf", before: bytes = BEFORE) -> Patch:
    return Patch(Origin(OriginKind.GIVEN, "x", ""), (FilePatch(path, before, after),))


def test_edits_apart_are_all_made() -> None:
    assert combined((patch(b"A\nb\nc\n"), patch(b"a\nb\nC\n"))) == (FilePatch("x.tf", BEFORE, b"A\nb\nC\n"),)


def test_neighbouring_lines_do_not_clash() -> None:
    assert combined((patch(b"a\nB\nc\n"), patch(b"A\nb\nc\n"))) == (FilePatch("x.tf", BEFORE, b"A\nB\nc\n"),)


def test_insertions_at_one_place_stand_in_the_order_of_the_patches() -> None:
    assert combined((patch(b"a\n2\nb\nc\n"), patch(b"a\n1\nb\nc\n"))) == (
        FilePatch("x.tf", BEFORE, b"a\n2\n1\nb\nc\n"),
    )


def test_an_insertion_beside_a_changed_line_is_kept() -> None:
    assert combined((patch(b"a\nB\nc\n"), patch(b"a\n1\nb\nc\n"))) == (FilePatch("x.tf", BEFORE, b"a\n1\nB\nc\n"),)


def test_the_same_edit_twice_is_made_once() -> None:
    assert combined((patch(b"a\n1\nb\nc\n"), patch(b"a\n1\nb\nc\n"))) == (FilePatch("x.tf", BEFORE, b"a\n1\nb\nc\n"),)


def test_two_changes_of_one_line_clash() -> None:
    assert combined((patch(b"a\nB\nc\n"), patch(b"a\nbb\nc\n"))) == Clash("x.tf, line 2")


def test_an_insertion_into_removed_lines_clashes() -> None:
    assert combined((patch(b"a\n"), patch(b"a\nb\n1\nc\n"))) == Clash("x.tf, line 3")


def test_two_versions_of_a_file_clash() -> None:
    assert combined((patch(b"A\nb\nc\n"), patch(b"y\n", before=b"x\n"))) == Clash(
        "x.tf, of which there are two versions"
    )


def test_files_stay_apart() -> None:
    assert combined((patch(b"A\nb\nc\n"), patch(b"a\n", "y.tf"))) == (
        FilePatch("x.tf", BEFORE, b"A\nb\nc\n"),
        FilePatch("y.tf", BEFORE, b"a\n"),
    )


contents = st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"}\n", b"a\r\n", b"\xff\n", b"c"]), max_size=20).map(
    b"".join
)


@given(contents, contents)
def test_the_edits_of_a_file_make_the_file(before: bytes, after: bytes) -> None:
    assert edited(lines_of(before), line_edits(FilePatch("x", before, after))) == after


@given(contents, contents)
def test_one_patch_is_itself(before: bytes, after: bytes) -> None:
    assert combined((patch(after, before=before),)) == (FilePatch("x.tf", before, after),)
