from __future__ import annotations

import os
from pathlib import Path

import pytest
from git_sandbox import Sandbox, lines, whole_file

from remedy_gate.domain.source import Problem

LINK = "it is a symbolic link, which is not followed"


@pytest.fixture
def folder(tmp_path: Path) -> Sandbox:
    """No repository at all, and no git to ask."""
    made = Sandbox(tmp_path / "folder", PATH="/nonexistent")
    made.write("main.tf", lines(1))
    made.write("modules/a/stack.yaml", "a: 1\n")
    made.write("modules/a/readme.md", "text\n")
    return made


def test_every_file_of_a_kind_is_wholly_changed(folder: Sandbox) -> None:
    source = folder.whole()
    result = source.changes()
    assert result.changes == (whole_file("main.tf"), whole_file("modules/a/stack.yaml"))
    assert (result.base, result.deleted, result.skipped) == ("nothing: every file is taken as changed", (), ())
    assert source.base is None
    assert source.head.read("modules/a/stack.yaml") == b"a: 1\n"


@pytest.mark.parametrize("name", [".terraform", ".terragrunt-cache", "node_modules", ".git"])
def test_vendored_folders_are_passed_over_in_silence(folder: Sandbox, name: str) -> None:
    folder.write(f"modules/{name}/deep/x.tf", lines(1))
    folder.write(f"{name}x/x.tf", lines(1))
    result = folder.whole().changes()
    assert {change.path for change in result.changes} == {f"{name}x/x.tf", "main.tf", "modules/a/stack.yaml"}
    assert result.skipped == ()


def test_hidden_folders_that_are_not_vendored_are_looked_at(folder: Sandbox) -> None:
    folder.write(".github/stack.yaml", "a: 1\n")
    assert whole_file(".github/stack.yaml") in folder.whole().changes().changes


def test_links_are_skipped_with_the_reason_and_never_followed(folder: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.tf").write_text("secret", encoding="utf-8")
    (folder.root / "out").symlink_to(tmp_path / "outside")
    (folder.root / "loop").symlink_to(folder.root)
    (folder.root / "link.tf").symlink_to(tmp_path / "outside/secret.tf")
    (folder.root / "broken.tf").symlink_to("nowhere")
    (folder.root / "link.md").symlink_to("main.tf")
    source = folder.whole()
    result = source.changes()
    assert result.changes == (whole_file("main.tf"), whole_file("modules/a/stack.yaml"))
    assert result.skipped == tuple(Problem(path, LINK) for path in ("broken.tf", "link.tf", "loop", "out"))
    assert source.head.read("out/secret.tf") is None
    assert source.head.names("out") == ()
    assert source.head.names("") == ("main.tf",)


def test_pipes_are_skipped_with_the_reason(folder: Sandbox) -> None:
    os.mkfifo(folder.root / "pipe.tf")
    assert folder.whole().changes().skipped == (Problem("pipe.tf", "it is not a regular file"),)


def test_binary_and_foreign_text_and_large_files_are_skipped_with_the_reason(folder: Sandbox) -> None:
    folder.write("binary.tf", b"\0")
    folder.write("latin.tf", b"\xe9")
    folder.write("large.json", b" " * 20_000_001)
    result = folder.whole().changes()
    assert result.changes == (whole_file("main.tf"), whole_file("modules/a/stack.yaml"))
    assert result.skipped == (
        Problem("binary.tf", "it is binary"),
        Problem("large.json", "it is larger than 20 MB"),
        Problem("latin.tf", "it is not UTF-8 (byte 1)"),
    )


def test_names_that_are_not_utf_8_are_read(folder: Sandbox) -> None:
    folder.write("b\udce9.tf", lines(1))
    source = folder.whole()
    assert whole_file("b\udce9.tf") in source.changes().changes
    assert source.head.read("b\udce9.tf") == b"line 1\n"
    assert source.head.names("") == ("b\udce9.tf", "main.tf")


def test_a_path_limits_what_is_looked_at(folder: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.root)
    assert folder.whole("modules").changes().changes == (whole_file("modules/a/stack.yaml"),)
    assert folder.whole("main.tf").changes().changes == (whole_file("main.tf"),)
    monkeypatch.chdir(folder.root / "modules")
    assert folder.whole("a", "../main.tf").changes().changes == (
        whole_file("main.tf"),
        whole_file("modules/a/stack.yaml"),
    )


def test_a_file_that_is_named_is_looked_at_whatever_its_kind(folder: Sandbox) -> None:
    result = folder.whole(str(folder.root / "modules/a/readme.md")).changes()
    assert result.changes == (whole_file("modules/a/readme.md"),)


def test_a_vendored_folder_that_is_named_is_looked_at(folder: Sandbox) -> None:
    folder.write(".terraform/modules/x/main.tf", lines(1))
    folder.write(".terraform/modules/node_modules/main.tf", lines(1))
    for path in (".terraform", ".terraform/modules", ".terraform/modules/x/main.tf"):
        result = folder.whole(str(folder.root / path)).changes()
        assert result.changes == (whole_file(".terraform/modules/x/main.tf"),)
        assert result.skipped == ()


def test_an_empty_folder_has_no_changes(tmp_path: Path) -> None:
    assert Sandbox(tmp_path).whole().changes().changes == ()
