"""Diffs that others wrote: applied exactly, or refused with the reason."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.domain.diff import unified_diff
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.errors import PatchError
from remedy_gate.remedies.given import MOST_BYTES, apply_given, read_given

SOURCES = {"main.tf": b"one\ntwo\nthree\n", "live/b.tf": b"alpha\nbeta\n"}
GOOD = b"""diff --git a/main.tf b/main.tf
index 0000001..0000002 100644
--- a/main.tf
+++ b/main.tf
@@ -1,3 +1,3 @@
 one
-two
+TWO
 three
"""


def applied(diff: bytes) -> Patch:
    return apply_given(read_given(diff, "fix.diff"), SOURCES, "fix.diff")


def test_a_git_diff_is_applied() -> None:
    patch = applied(GOOD)
    assert patch.files == (FilePatch("main.tf", SOURCES["main.tf"], b"one\nTWO\nthree\n"),)
    assert (patch.origin.kind, patch.origin.name) == (OriginKind.GIVEN, "fix.diff")


def test_a_plain_diff_without_prefixes_is_applied() -> None:
    plain = GOOD.partition(b"--- ")[1] + GOOD.partition(b"--- ")[2].replace(b"a/main", b"main").replace(
        b"b/main", b"main"
    )
    assert applied(plain).files == applied(GOOD).files


def test_prose_around_a_diff_does_no_harm() -> None:
    assert applied(b"From: someone\nSubject: fix\n\n" + GOOD + b"-- \n2.40\n").files == applied(GOOD).files


def test_several_files_are_applied() -> None:
    both = GOOD + b"--- a/live/b.tf\n+++ b/live/b.tf\n@@ -1,2 +1,3 @@\n alpha\n+and\n beta\n"
    assert [(file.path, file.after) for file in applied(both).files] == [
        ("main.tf", b"one\nTWO\nthree\n"),
        ("live/b.tf", b"alpha\nand\nbeta\n"),
    ]


def test_a_new_file_is_made_of_nothing() -> None:
    diff = b"diff --git a/new.tf b/new.tf\nnew file mode 100644\n--- /dev/null\n+++ b/new.tf\n@@ -0,0 +1,2 @@\n+x\n+y\n"
    assert applied(diff).files == (FilePatch("new.tf", b"", b"x\ny\n"),)


def test_a_removed_line_that_looks_like_a_header_is_a_line() -> None:
    sources = {"q.sql.tf": b"a\n-- b\nc\n"}
    diff = b"--- a/q.sql.tf\n+++ b/q.sql.tf\n@@ -1,3 +1,3 @@\n a\n--- b\n+++ b\n c\n"
    patch = apply_given(read_given(diff, "fix.diff"), sources, "fix.diff")
    assert patch.files[0].after == b"a\n++ b\nc\n"


@pytest.mark.parametrize(
    ("diff", "message"),
    [
        (b"", "fix.diff holds no unified diff. Make one with `git diff`."),
        (b"just words\n", "fix.diff holds no unified diff. Make one with `git diff`."),
        (
            GOOD.replace(b"-two", b"-2"),
            "fix.diff does not apply to main.tf: Line 2 is not what the diff was made from.",
        ),
        (
            GOOD.replace(b"@@ -1,3 +1,3 @@", b"@@ -2,3 +2,3 @@"),
            "fix.diff does not apply to main.tf: Line 2 is not what the diff was made from.",
        ),
        (
            GOOD.replace(b"main.tf", b"../main.tf"),
            "fix.diff names '../main.tf', which is not a plain path inside the repository.",
        ),
        (
            GOOD.replace(b"a/main.tf", b"/etc/x").replace(b"b/main.tf", b"/etc/x"),
            "fix.diff names '/etc/x', which is not a plain path inside the repository.",
        ),
        (
            GOOD.replace(b"main.tf", b"other.tf"),
            "fix.diff changes other.tf, which is not infrastructure code of this repository.",
        ),
        (
            GOOD.replace(b"index 0000001..0000002 100644", b"old mode 100644\nnew mode 100755"),
            "fix.diff changes the mode of a file. Only changes of the text of existing files can be judged.",
        ),
        (
            GOOD.replace(b"index 0000001..0000002 100644", b"deleted file mode 100644"),
            "fix.diff deletes a file. Only changes of the text of existing files can be judged.",
        ),
        (
            GOOD.replace(b"+++ b/main.tf", b"+++ b/moved.tf"),
            "fix.diff renames main.tf to moved.tf. Only changes of existing files can be judged.",
        ),
        (
            b"--- a/main.tf\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n",
            "fix.diff deletes a file. Only changes of existing files and new ones can be judged.",
        ),
        (
            b"--- /dev/null\n+++ b/main.tf\n@@ -0,0 +1 @@\n+x\n",
            "fix.diff creates main.tf, which is there already.",
        ),
        (
            b"new file mode 120000\n--- /dev/null\n+++ b/link.tf\n@@ -0,0 +1 @@\n+/etc/passwd\n",
            "fix.diff creates a symbolic link. Only changes of the text of existing files can be judged.",
        ),
        (GOOD + GOOD, "fix.diff changes main.tf twice."),
        (
            GOOD.replace(b" three\n", b""),
            "fix.diff does not apply to main.tf: The diff has a hunk that is shorter or longer than it says.",
        ),
    ],
)
def test_what_cannot_be_applied_exactly_is_refused_with_the_reason(diff: bytes, message: str) -> None:
    with pytest.raises(PatchError) as refusal:
        applied(diff)
    assert str(refusal.value) == message


def test_a_huge_diff_is_refused_before_it_is_read() -> None:
    with pytest.raises(PatchError, match="larger than 10,000,000 bytes"):
        read_given(b"x" * (MOST_BYTES + 1), "fix.diff")


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_a_patch_error(diff: bytes) -> None:
    with suppress(PatchError):
        applied(diff)


LINES = st.lists(
    st.sampled_from([b"a", b"b", b"", b"c\r", b"-- x", b"++ y", b"@@ z", b"\xff"]), min_size=1, max_size=10
)


@given(LINES, LINES)
def test_what_we_write_as_a_diff_we_read_back_to_the_byte(before: list[bytes], after: list[bytes]) -> None:
    old, new = b"\n".join(before) + b"\n", b"\n".join(after)
    diff = unified_diff(Patch(Origin(OriginKind.GIVEN, "", ""), (FilePatch("main.tf", old, new),)))
    if diff:
        encoded = diff.encode("utf-8", "surrogateescape")
        patch = apply_given(read_given(encoded, "fix.diff"), {"main.tf": old}, "fix.diff")
        assert patch.files[0].after == new
