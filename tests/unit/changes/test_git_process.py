from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import pytest
from git_sandbox import ENVIRONMENT, SUFFIXES, Sandbox, changed, lines

from remedy_gate.changes.blobs import Blobs
from remedy_gate.changes.git import INPUT_LIMIT, Git
from remedy_gate.changes.staged import StagedChanges
from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.errors import FAILED, ChangesError


def open_files() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def test_a_missing_git_is_told_with_the_way_out(repository: Sandbox) -> None:
    with pytest.raises(ChangesError) as caught:
        StagedChanges(str(repository.root), (), SUFFIXES, {"PATH": "/nonexistent"})
    assert str(caught.value) == "git was not found. Install it, or check every file with --all, which needs no git."
    assert caught.value.status == FAILED


def test_a_git_that_the_repository_brings_along_is_not_run(
    repository: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("git", "#!/bin/sh\ntouch ran\n")
    (repository.root / "git").chmod(0o755)
    monkeypatch.chdir(repository.root)
    with pytest.raises(ChangesError, match="git was not found"):
        Git(str(repository.root), {"PATH": f".{os.pathsep}{os.pathsep}bin"})
    assert Git(str(repository.root), {**ENVIRONMENT, "PATH": f".:{ENVIRONMENT['PATH']}"}).output(("version",))
    assert not (repository.root / "ran").exists()


def test_a_folder_that_belongs_to_somebody_else_is_told_with_the_way_out(repository: Sandbox) -> None:
    repository.environment["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1"
    for source in (repository.staged(), repository.since("main")):
        with pytest.raises(ChangesError) as caught:
            source.changes()
        assert str(caught.value) == (
            f"git does not trust {repository.root}: the folder belongs to somebody else. "
            f"If you trust it, run: git config --global --add safe.directory {repository.root}"
        )


def test_a_folder_without_a_repository_is_told(tmp_path: Path) -> None:
    folder = Sandbox(tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    for source in (folder.staged(), folder.since("main")):
        with pytest.raises(ChangesError, match="is not in a git repository"):
            source.changes()


def test_a_failure_is_told_in_the_words_of_git(repository: Sandbox) -> None:
    with pytest.raises(ChangesError, match=r"^git failed: Not a valid object name nowhere\.$"):
        Git(str(repository.root), ENVIRONMENT).output(("ls-tree", "nowhere"))


def test_a_git_that_cannot_be_run_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "git").write_bytes(b"\x7fELF nonsense")
    (tmp_path / "git").chmod(0o755)
    with pytest.raises(ChangesError, match="git could not be run"):
        Git(str(tmp_path), {"PATH": str(tmp_path)}).output(("version",))


def test_too_many_arguments_are_an_error(repository: Sandbox) -> None:
    with pytest.raises(ChangesError, match="git could not be run: Argument list too long"):
        Git(str(repository.root), ENVIRONMENT).output(("ls-files", "x" * 3_000_000))


def test_neither_processes_nor_open_files_are_left_behind(repository: Sandbox) -> None:
    before = open_files()
    repository.write("main.tf", lines(11))
    repository.stage()
    repository.write("main.tf", "edited since\n")
    source = repository.staged()
    assert source.changes().changes == (changed("main.tf", (11, 11)),)
    git = Git(str(repository.root), ENVIRONMENT)
    with pytest.raises(ChangesError):
        git.output(("ls-tree", "nowhere"))
    with pytest.raises(ChangesError):
        Git(str(repository.root), ENVIRONMENT).output(("ls-files", "x" * 3_000_000))
    with pytest.raises(ZeroDivisionError):
        git.run(("cat-file", "--batch-all-objects", "--batch"), give_up)
    assert open_files() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def give_up(stream: BinaryIO) -> None:
    stream.read(1)
    raise ZeroDivisionError


def test_where_nothing_can_be_spawned_the_answers_are_the_same(
    repository: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("main.tf", lines(11))
    repository.stage()
    repository.write("main.tf", "edited since\n")
    monkeypatch.delattr(os, "posix_spawn")
    source = repository.staged()
    assert source.changes().changes == (changed("main.tf", (11, 11)),)
    assert source.head.read("main.tf") == lines(11).encode()


def test_more_contents_than_one_command_takes_are_all_read(repository: Sandbox) -> None:
    count = INPUT_LIMIT // 41 * 2 + 5
    for number in range(count):
        repository.write(f"many/{number}.tf", f"# {number}\n" * 500)
    repository.commit()
    git = Git(str(repository.root), ENVIRONMENT)
    ids = repository.git("ls-tree", "-r", "--format=%(objectname)", "HEAD", "many").split()
    blobs = Blobs(git, WorkingTree("/nonexistent"), ids)
    sizes = {len(blobs.look(blob, "many/x.tf")) for blob in ids}
    assert len(ids) == count
    assert sizes == {len(f"# {number}\n" * 500) for number in range(count)}


def test_an_index_that_another_git_has_locked_is_read_all_the_same(repository: Sandbox) -> None:
    (repository.root / ".git/index.lock").touch()
    repository.touch("main.tf")
    repository.write("modules/a/main.tf", lines(11))
    assert repository.since("HEAD").changes().changes == (changed("modules/a/main.tf", (11, 11)),)
    assert repository.staged().changes().changes == ()
