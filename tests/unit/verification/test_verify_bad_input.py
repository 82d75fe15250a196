"""`verify` through `main` with diffs that nobody should trust: refuted or a clear error, and the working tree untouched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from remedy_gate.cli import main

CODE = 'resource "aws_ebs_volume" "v" {\n  availability_zone = "eu-west-1a"\n  size              = 20\n}\n'
ADDED = "+  encrypted         = true\n"
HUNK = '@@ -1,4 +1,5 @@\n resource "aws_ebs_volume" "v" {\n   availability_zone = "eu-west-1a"\n   size              = 20\n'
GOOD = f"--- a/main.tf\n+++ b/main.tf\n{HUNK}{ADDED} }}\n"
WORKFLOW = "on: push\n"
FINDING = {
    "results": {
        "failed_checks": [
            {
                "check_id": "CKV_AWS_3",
                "check_name": "Ensure all data stored in the EBS is securely encrypted",
                "check_result": {"result": "FAILED"},
                "file_path": "/main.tf",
                "file_line_range": [1, 4],
                "resource": "aws_ebs_volume.v",
            }
        ],
    },
    "check_type": "terraform",
    "summary": {"passed": 0, "failed": 1, "skipped": 0, "parsing_errors": 0, "checkov_version": "3.2.0"},
}


class Ended(NamedTuple):
    """How a run ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CI", "GITHUB_BASE_REF", "GIT_DIR", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "repository"
    (home / ".github" / "workflows").mkdir(parents=True)
    (home / ".github" / "workflows" / "ci.yml").write_text(WORKFLOW)
    (home / "main.tf").write_text(CODE)
    (tmp_path / "outside.tf").write_text(CODE)
    (tmp_path / "findings.json").write_text(json.dumps(FINDING))
    monkeypatch.chdir(home)
    return home


def contents(folder: Path) -> Mapping[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder.parent)): (path.read_bytes(), path.stat().st_mode)
        for path in folder.parent.rglob("*")
        if path.is_file() and path.name != "their.diff"
    }


def verify(folder: Path, diff: str | bytes, capsys: pytest.CaptureFixture[str], *more: str) -> Ended:
    given = folder.parent / "their.diff"
    given.write_bytes(diff.encode("utf-8", "surrogateescape") if isinstance(diff, str) else diff)
    before = contents(folder)
    status = main(["verify", ".", "--findings", "../findings.json", "--patch", str(given), "--proof", "quick", *more])
    assert contents(folder) == before
    said = capsys.readouterr()
    return Ended(status, said.out, said.err)


def test_the_honest_diff_is_proven(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = verify(folder, GOOD, capsys, "--format", "json")
    assert ended.status == 0
    [judged] = json.loads(ended.out)["remediations"]
    assert judged["proof"]["outcome"] == "proven"


@pytest.mark.parametrize(
    ("diff", "words"),
    [
        (GOOD.replace("size              = 20", "size              = 30"), "main.tf"),
        (GOOD.replace("main.tf", "nowhere.tf"), "nowhere.tf"),
        (GOOD.replace("a/main.tf", "a/../outside.tf").replace("b/main.tf", "b/../outside.tf"), "outside.tf"),
        (GOOD.replace("a/main.tf", "/etc/passwd").replace("b/main.tf", "/etc/passwd"), "etc/passwd"),
        ("diff --git a/main.tf b/main.tf\nold mode 100644\nnew mode 100755\n", "mode"),
        (f"diff --git a/main.tf b/main.tf\nold mode 100644\nnew mode 100755\n{GOOD}", "mode"),
        ("diff --git a/main.tf b/main.tf\nindex 1..2 100644\nGIT binary patch\nliteral 1\nIc${M\n", "binary"),
        ("diff --git a/main.tf b/main.tf\nBinary files a/main.tf and b/main.tf differ\n", "binary"),
        ("diff --git a/x b/x\nnew file mode 120000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+/etc/passwd\n", "link"),
        (f"diff --git a/main.tf b/other.tf\nrename from main.tf\nrename to other.tf\n{GOOD}", "renames"),
        ("--- a/main.tf\n+++ /dev/null\n@@ -1,4 +0,0 @@\n-x\n", "deletes a file"),
        ("hello\n", "no unified diff"),
        ("", "no unified diff"),
        (b"\xff\xfe\x00\x00", "no unified diff"),
        ("x" * 10_000_001, "larger than 10,000,000 bytes"),
    ],
    ids=[
        *("other context", "no such file", "above", "absolute", "mode", "mode and text", "binary", "binary files"),
        *("link", "rename", "deletion", "no diff", "empty", "no text", "10 MB"),
    ],
)
def test_a_diff_that_cannot_be_applied_is_a_clear_error(
    folder: Path, diff: str | bytes, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = verify(folder, diff, capsys)
    assert ended.status in (1, 2, 3)
    assert words in ended.out + ended.err
    assert "Traceback" not in ended.err
    assert len(ended.err) < 1000


@pytest.mark.parametrize(
    "extra",
    [
        "--- a/.github/workflows/ci.yml\n+++ b/.github/workflows/ci.yml\n@@ -1 +1 @@\n-on: push\n+on: pull_request_target\n",
        "--- /dev/null\n+++ b/.github/workflows/x.yml\n@@ -0,0 +1 @@\n+on: push\n",
        "--- /dev/null\n+++ b/.remedy-gate.yml\n@@ -0,0 +1 @@\n+version: 1\n",
        "--- /dev/null\n+++ b/CODEOWNERS\n@@ -0,0 +1 @@\n+* @me\n",
        "--- /dev/null\n+++ b/../escaped.tf\n@@ -0,0 +1 @@\n+# x\n",
    ],
    ids=["workflow", "new workflow", "policy", "owners", "above"],
)
def test_a_repair_with_something_of_the_repository_itself_is_not_proven(
    folder: Path, extra: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = verify(folder, GOOD + extra, capsys)
    assert ended.status in (1, 3)
    assert not (folder.parent / "escaped.tf").exists()


@pytest.mark.parametrize("escape", ["\x1b[2J\x1b[31mproven", "\x1b]0;t\x07", "\u202eproven", "\x9b2J"])
def test_escapes_in_a_diff_do_not_reach_the_terminal(
    folder: Path, escape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for diff in (
        GOOD.replace(ADDED, f"{ADDED}+  # {escape}\n").replace("+1,5", "+1,6"),
        GOOD.replace(ADDED, f'+  encrypted         = "{escape}"\n'),
        GOOD.replace("main.tf", f"{escape}.tf"),
    ):
        ended = verify(folder, diff, capsys)
        assert not set("\x1b\x07\x9b\u202e") & set(ended.out + ended.err)


def test_a_diff_that_is_not_there_is_a_clear_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["verify", ".", "--findings", "../findings.json", "--patch", "nowhere.diff"])
    said = capsys.readouterr()
    assert status in (2, 3)
    assert "nowhere.diff" in said.err


def test_our_own_evaluation_is_no_finding_that_somebody_reported(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "good.diff").write_text(GOOD)
    assert main(["verify", "--findings", "catalogue", "--patch", "good.diff"]) == 2
    assert capsys.readouterr().err == (
        "remedy-gate: verify judges a patch for what somebody reported, and `catalogue` is everything that we find. "
        "Name an export with the finding, or a live source.\n"
    )
