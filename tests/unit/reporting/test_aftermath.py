"""What became of a patch in a later version of its file."""

from __future__ import annotations

import pytest

from remedy_gate.domain.patch import FilePatch
from remedy_gate.reporting.aftermath import MOST_LINES, edits_from, edits_json, fates
from remedy_gate.reporting.edits import line_edits

BUCKET = b'resource "a" "x" {\n  acl = "public"\n}\n'
PRIVATE = BUCKET.replace(b"public", b"private")
BLOCK = b'\nresource "p" "x" {\n  on  = true\n  two = 2\n}\n'


def fate(before: bytes, after: bytes, later: bytes) -> list[str]:
    found = fates(before, line_edits(FilePatch("main.tf", before, after)), later)
    assert found is not None
    return [str(one) for one in found]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (PRIVATE, "taken"),
        (b"# a new line\n\n" + PRIVATE + b"\n# the end\n", "taken"),
        (BUCKET, "as before"),
        (BUCKET + BLOCK, "as before"),
        (PRIVATE.replace(b"private", b"log"), "other"),
        (PRIVATE.replace(b" = ", b"="), "other"),
        (PRIVATE.replace(b"\n", b"\r\n"), "gone"),  # not one line of the file is as it was
        (b"# nothing is left\n", "gone"),
        (b"", "gone"),
    ],
)
def test_changed_lines_are_taken_to_the_byte_or_not_at_all(later: bytes, expected: str) -> None:
    assert fate(BUCKET, PRIVATE, later) == [expected]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (BUCKET + BLOCK, "taken"),
        (BUCKET + BLOCK + b'\nresource "z" "z" {\n}\n', "taken"),
        (BLOCK[1:] + BUCKET, "taken"),
        (b"# moved\n" + BLOCK + BUCKET, "taken"),
        (BUCKET, "as before"),
        (BUCKET + b'\nresource "z" "z" {\n  three = 3\n}\n', "gone"),
        (BUCKET + BLOCK.replace(b"true", b"false"), "other"),
        (b"", "gone"),
    ],
)
def test_new_lines_are_taken_where_they_stand_whole(later: bytes, expected: str) -> None:
    assert fate(BUCKET, BUCKET + BLOCK, later) == [expected]


@pytest.mark.parametrize(("later", "expected"), [(BUCKET, "taken"), (BUCKET + BLOCK, "as before")])
def test_lines_that_were_to_go_are_gone_or_still_there(later: bytes, expected: str) -> None:
    assert fate(BUCKET + BLOCK, BUCKET, later) == [expected]


def test_each_place_of_a_patch_has_its_own_fate() -> None:
    two = BUCKET + b"\n" + BUCKET.replace(b'"x"', b'"y"')
    both = two.replace(b"public", b"private")
    half = BUCKET + b"\n" + PRIVATE.replace(b'"x"', b'"y"')
    assert fate(two, both, half) == ["as before", "taken"]


def test_files_too_long_to_compare_are_not_compared() -> None:
    assert fates(BUCKET, (), b"x\n" * (MOST_LINES + 1)) is None


def test_edits_come_back_from_their_text_and_what_is_none_is_refused() -> None:
    file = FilePatch("a/main.tf", b"one\n\xff\ntwo\n", b"one\n\xff\n2\n")
    assert edits_from(edits_json([file])) == {"a/main.tf": line_edits(file)}
    for text in ("", "{}x", "[1]", '[["a", [[1]]]]', '[["a", 1]]'):
        with pytest.raises(ValueError):  # noqa: PT011 - json's own and ours alike
            edits_from(text)
