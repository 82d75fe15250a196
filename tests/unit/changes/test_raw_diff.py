from __future__ import annotations

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

from git_sandbox import ENVIRONMENT
from hypothesis import given, settings
from hypothesis import strategies as st

from remedy_gate.changes.raw_diff import DIFF_OPTIONS, Entry, FileDiff, hunk_lines, read_diff
from remedy_gate.domain.source import ALL_LINES, LineRange

OLD, NEW, NONE = "a" * 40, "b" * 40, "0" * 40


def test_a_heading_gives_the_lines_of_the_head() -> None:
    assert hunk_lines(b"@@ -1 +1 @@") == LineRange(1, 1)
    assert hunk_lines(b"@@ -2,3 +4,5 @@ resource x {\n") == LineRange(4, 8)
    assert hunk_lines(b"@@ -0,0 +1,2 @@") == LineRange(1, 2)
    assert hunk_lines(b"@@ -7,2 +6,0 @@") == LineRange(6, 6)
    assert hunk_lines(b"@@ -1,2 +0,0 @@ @@ -1 +9 @@") == LineRange(1, 1)


def test_no_output_is_no_change() -> None:
    assert read_diff(BytesIO(b"")) == ()


def test_a_patch_that_does_not_fit_the_records_makes_every_file_wholly_changed() -> None:
    records = f":100644 100644 {OLD} {NEW} M\0a.tf\0:100644 100644 {OLD} {NEW} M\0b.tf\0\0".encode()
    only_one = records + b"diff --git a/a.tf b/a.tf\n@@ -1 +1 @@\n-x\n+y\n"
    assert [diff.ranges for diff in read_diff(BytesIO(only_one))] == [(ALL_LINES,), (ALL_LINES,)]
    both = only_one + b"diff --git a/b.tf b/b.tf\n@@ -1 +2 @@\n-x\n+y\n"
    assert [diff.ranges for diff in read_diff(BytesIO(both))] == [(LineRange(1, 1),), (LineRange(2, 2),)]


NAMES = st.binary(min_size=1, max_size=20).map(lambda name: name.replace(b"\0", b"_"))
CONTENT = st.lists(
    st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")) | st.sampled_from([b"@@ -1 +9 @@", b"diff --git"])
)
HUNK = st.tuples(st.integers(1, 9999), st.integers(0, 40), CONTENT)


@st.composite
def diffs(draw: st.DrawFn) -> tuple[FileDiff, bytes, bytes]:
    """What is said of one file, as a value, as git's record, and as its part of the patch."""
    name, status = draw(NAMES), draw(st.sampled_from("MADRTU"))
    path = name.decode("utf-8", "surrogateescape")
    previous = draw(NAMES) if status == "R" else None
    hunks = draw(st.lists(HUNK, min_size=status in "MT", max_size=4))
    body = b"".join(hunk(*one) for one in hunks)
    old = Entry(0, NONE) if status == "A" else Entry(0o120000 if status == "T" else 0o100644, OLD)
    new = Entry(0, NONE) if status in "DU" else Entry(0o100644, NEW)
    ranges = tuple(LineRange(first, first + max(count, 1) - 1) for first, count, _ in hunks)
    if status in "ATU":
        ranges = (ALL_LINES,)
    letter = "R087" if status == "R" else status
    record = f":{old.mode:06o} {new.mode:06o} {old.blob} {new.blob} {letter}\0".encode()
    record += (previous + b"\0" if previous else b"") + name + b"\0"
    heading = b"diff --git a/x b/x\nindex aaaa..bbbb\n--- a/x\n+++ b/x\n"
    patch = {"U": b"* Unmerged path x\n", "T": heading + heading + body}.get(status, heading + body)
    previous_path = previous.decode("utf-8", "surrogateescape") if previous else None
    return FileDiff(status, path, previous_path, old, new, ranges), record, patch


def hunk(first: int, count: int, content: list[bytes]) -> bytes:
    heading = f"@@ -3,2 +{first}" + ("" if count == 1 else f",{count}") + " @@ context\n"
    return heading.encode() + b"".join(b"+" + line + b"\n" for line in content) + b"\\ No newline at end of file\n"


@settings(deadline=None)
@given(st.lists(diffs(), max_size=8))
def test_what_is_written_is_read_again(written: list[tuple[FileDiff, bytes, bytes]]) -> None:
    records = b"".join(record for _, record, _ in written)
    patch = b"".join(patch for _, _, patch in written)
    whole = records + b"\0" + patch if written else b""
    assert read_diff(BytesIO(whole)) == tuple(value for value, _, _ in written)


LINES = st.lists(st.sampled_from([b"a", b"b", b"", b"}", b"@@ -1 +1 @@", b"\r", b"+", b"--- x"]), max_size=12)


@settings(max_examples=40, deadline=None)
@given(LINES, LINES, st.booleans())
def test_lines_outside_of_the_ranges_are_those_of_the_base(old: list[bytes], new: list[bytes], end: bool) -> None:
    before, after = b"\n".join(old) + b"\n", b"\n".join(new) + b"\n" * end
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "old.tf").write_bytes(before)
        (Path(folder) / "new.tf").write_bytes(after)
        command = ["git", "diff", "--no-index", *DIFF_OPTIONS, "old.tf", "new.tf"]
        output = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, check=False).stdout
    if before == after:
        assert output == b""
        return
    (diff,) = read_diff(BytesIO(output))
    lines = after.splitlines(keepends=True) if b"\r" not in after else _newlines(after)
    assert all(1 <= one.first <= one.last <= max(len(lines), 1) for one in diff.ranges)
    assert diff.ranges
    kept = [line for number, line in enumerate(lines, 1) if not any(r.first <= number <= r.last for r in diff.ranges)]
    base = iter(_newlines(before))
    assert all(line in base for line in kept)


def _newlines(text: bytes) -> list[bytes]:
    return [line + b"\n" for line in text.split(b"\n")[:-1]] + (
        [text.rpartition(b"\n")[2]] if text[-1:] != b"\n" else []
    )
