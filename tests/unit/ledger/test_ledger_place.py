from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from remedy_gate.domain.ledger import Entry, Head
from remedy_gate.ledger import spool
from remedy_gate.ledger.anchor import head_from, read_anchor, write_anchor
from remedy_gate.ledger.place import git_folder


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "one"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return folder


def test_a_repository_keeps_its_ledger_in_its_git_directory(repository: Path) -> None:
    assert git_folder(str(repository)) == str(repository / ".git")


def test_all_worktrees_share_one_ledger(repository: Path) -> None:
    git(repository, "worktree", "add", "-q", "../two")
    assert git_folder(str(repository.parent / "two")) == str(repository / ".git")


def test_a_submodule_has_its_own(repository: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init", "-q", "-b", "main")
    git(inner, "commit", "-q", "--allow-empty", "-m", "first")
    git(repository, "submodule", "add", "-q", str(inner), "sub")
    assert git_folder(str(repository / "sub")) == str(repository / ".git" / "modules" / "sub")


def test_where_git_dir_says_so_it_lies_there(repository: Path, tmp_path: Path) -> None:
    assert git_folder(str(tmp_path), str(repository / ".git")) == str(repository / ".git")


@pytest.mark.parametrize("content", [None, "gitdir: nowhere\n", "something else\n", ""])
def test_what_is_no_repository_has_no_place(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / ".git").write_text(content)
    assert git_folder(str(tmp_path)) is None


HEAD = Head(12, "ab" * 32)


def test_a_head_is_read_as_it_was_written_and_the_newest_counts(tmp_path: Path) -> None:
    write_anchor(str(tmp_path), Head(1_000_000, "cd" * 32))
    write_anchor(str(tmp_path), HEAD)
    assert read_anchor(str(tmp_path)) == HEAD


@pytest.mark.parametrize("content", [b"", b"00000000000000000012 abab", b"x" * 86, b"\xff" * 86])
def test_half_a_head_is_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "ledger.head").write_bytes(content)
    assert read_anchor(str(tmp_path)) is None


@pytest.mark.parametrize("text", ["", "12", "12:xyz", f"x:{'a' * 64}", f"1:{'A' * 64}", f"-1:{'a' * 64}"])
def test_what_is_not_a_printed_head_is_none(text: str) -> None:
    assert head_from(text) is None


def test_a_printed_head_is_read() -> None:
    assert head_from(f"12:{'ab' * 32}") == HEAD


ENTRIES = (Entry("b" * 32, "run", '{"id":"b"}'), Entry("a" * 32, "request", "{}", "diff\nwith é"))


def test_entries_wait_whole_and_in_order_until_they_are_dropped(tmp_path: Path) -> None:
    folder = str(tmp_path)
    spool.keep(folder, ENTRIES)
    assert spool.kept(folder) == ENTRIES[::-1]
    spool.drop(folder, ENTRIES[:1])
    assert spool.kept(folder) == ENTRIES[1:]


@pytest.mark.parametrize("content", ["", "[1]", '["a", "b", 3, null]', '{"a": 1}', "[" * 100])
def test_what_cannot_be_read_is_left_where_it_waits(content: str, tmp_path: Path) -> None:
    spool.keep(str(tmp_path), ENTRIES[:1])
    (tmp_path / "waiting" / "0.json").write_text(content)
    (tmp_path / "waiting" / "half.json.part").write_text("[")
    assert spool.kept(str(tmp_path)) == ENTRIES[:1]
    assert (tmp_path / "waiting" / "0.json").exists()


def test_where_nothing_waits_there_is_nothing(tmp_path: Path) -> None:
    assert spool.kept(str(tmp_path)) == ()
