from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remedy_gate.domain.diff import unified_diff
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.domain.source import LineRange
from remedy_gate.errors import PatchError
from remedy_gate.iac.unified import Hunk, hunks, patched

texts = st.lists(
    st.sampled_from([b"a\n", b"b\n", b"\n", b"a\r\n", b"\r", b"\xff\n", b"-- a\n", b"c"]), max_size=30
).map(b"".join)


def body(before: bytes, after: bytes) -> str:
    diff = unified_diff(Patch(Origin(OriginKind.GIVEN, "x", ""), (FilePatch("x", before, after),)))
    return diff.removeprefix("--- a/x\n+++ b/x\n")


@given(texts, texts)
def test_a_diff_of_ours_applied_gives_the_file_it_was_made_for(before: bytes, after: bytes) -> None:
    assert patched(before, hunks(body(before, after))) == after


def test_the_hunks_of_githubs_patch_are_read() -> None:
    # As the API gives it: no headers, the section behind @@, no newline at the end of the text.
    text = '@@ -0,0 +1,2 @@\n+a\n+b\n@@ -9 +11,0 @@ resource "x" "y" {\n-c\n\\ No newline at end of file'
    assert hunks(text) == (
        Hunk(None, LineRange(1, 2), 0, ("+a\n", "+b\n")),
        Hunk(LineRange(9, 9), None, 9, ("-c",)),
    )


@pytest.mark.parametrize(
    "text",
    ["x", "@@ -1 +1 @@", "@@ -1 +1 @@\n a\n b", "@@ -1,2 +1 @@\n+a\n", "@@ -1 +1 @@\n\\ No\n a", "@@ -1 +1 @@\n\n"],
)
def test_what_is_no_diff_is_refused(text: str) -> None:
    with pytest.raises(PatchError):
        hunks(text)


def test_no_text_is_no_hunks() -> None:
    assert hunks("") == ()
