from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.iac.unified import hunks, patched
from remedy_gate.reporting.excerpt import excerpt

ORIGIN = Origin(OriginKind.GIVEN, "x", "")


def test_a_new_block_is_shown_whole_and_not_from_the_end_of_the_one_before() -> None:
    before = b'resource "a" "x" {\n}\n\nresource "b" "y" {\n}\n'
    after = b'resource "a" "x" {\n}\n\nresource "c" "z" {\n}\n\nresource "b" "y" {\n}\n'
    assert excerpt(Patch(ORIGIN, (FilePatch("main.tf", before, after),))) == (
        "@@ -1,5 +1,8 @@",
        ' resource "a" "x" {',
        " }",
        "+",
        '+resource "c" "z" {',
        "+}",
        " ",
        ' resource "b" "y" {',
        " }",
    )


def test_several_files_are_announced_and_changes_apart_have_hunks_of_their_own() -> None:
    before = b"".join(b"%d\n" % number for number in range(20))
    after = before.replace(b"2\n", b"two\n", 1).replace(b"\n19\n", b"\n")
    assert excerpt(Patch(ORIGIN, (FilePatch("a.tf", before, after), FilePatch("b.tf", b"x\n", b"y\n")))) == (
        "@@ a.tf",
        "@@ -1,6 +1,6 @@",
        " 0",
        " 1",
        "-2",
        "+two",
        " 3",
        " 4",
        " 5",
        "@@ -17,4 +17,3 @@",
        " 16",
        " 17",
        " 18",
        "-19",
        "@@ b.tf",
        "@@ -1 +1 @@",
        "-x",
        "+y",
    )


files = st.lists(st.sampled_from(["a", "b", "", "}"]), max_size=25).map(
    lambda it: "".join(f"{line}\n" for line in it).encode()
)


@given(files, files)
def test_the_lines_are_a_diff_that_makes_the_file(before: bytes, after: bytes) -> None:
    lines = excerpt(Patch(ORIGIN, (FilePatch("main.tf", before, after),)))
    assert patched(before, hunks("".join(f"{line}\n" for line in lines))) == after
