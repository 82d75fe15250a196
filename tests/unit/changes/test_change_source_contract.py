"""What every `ChangeSource` and every `Tree` promises, held against each implementation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from git_sandbox import SUFFIXES, Sandbox, lines

from remedy_gate.domain.seams import ChangeSource, Tree

SOURCES: dict[str, Callable[[Sandbox], ChangeSource]] = {
    "staged": lambda repository: repository.staged(),
    "base": lambda repository: repository.since("HEAD"),
    "whole": lambda repository: repository.whole(),
}
TREES: dict[str, Callable[[Sandbox], Tree | None]] = {
    "index": lambda repository: repository.staged().head,
    "last commit": lambda repository: repository.staged().base,
    "working tree": lambda repository: repository.since("HEAD").head,
    "merge base": lambda repository: repository.since("HEAD").base,
    "folder": lambda repository: repository.whole().head,
}


@pytest.fixture
def changed(repository: Sandbox, tmp_path: Path) -> Sandbox:
    repository.write("main.tf", lines(11))
    repository.write("b.tf", lines(1))
    repository.write("modules/deep/er/x.tf", lines(1))
    (repository.root / "link.tf").symlink_to("main.tf")
    (tmp_path / "outside.tf").write_text("outside", encoding="utf-8")
    (repository.root / "away").symlink_to(tmp_path)
    repository.stage()
    return repository


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest, changed: Sandbox) -> ChangeSource:
    return SOURCES[request.param](changed)


@pytest.fixture(params=TREES)
def tree(request: pytest.FixtureRequest, changed: Sandbox) -> Tree:
    found = TREES[request.param](changed)
    assert found is not None
    return found


def test_changes_name_files_of_the_head_in_order(source: ChangeSource) -> None:
    changes = source.changes().changes
    paths = [change.path for change in changes]
    assert paths == sorted(paths)
    assert {"main.tf", "b.tf", "modules/deep/er/x.tf"} <= set(paths)
    assert all(source.head.read(path) is not None for path in paths)
    assert all(change.path.endswith(SUFFIXES) and change.ranges for change in changes)


def test_changes_are_the_same_when_asked_again(source: ChangeSource) -> None:
    assert source.changes() == source.changes()


def test_files_are_read_before_the_changes_are_asked_for(tree: Tree) -> None:
    assert tree.read("modules/a/main.tf") == lines(10).encode()


NO_FILES = (
    *("missing.tf", "missing/main.tf", "main.tf/x.tf", "modules", "modules/", "", ".", "..", "../outside.tf"),
    *("modules/../main.tf", "./main.tf", "/etc/passwd", "link.tf", "away/outside.tf", "nul\0.tf", "lone\ud800.tf"),
    *("x" * 5000, "-", "*.tf", ":/", "HEAD:main.tf"),
)
NO_DIRECTORIES = (
    *("missing", "main.tf", "..", "../", "/", "/etc", "modules/../modules/a", "away", "nul\0", "\ud800", "*", "mod*/a"),
    *(":/", "x" * 5000),
)


def test_what_is_no_file_of_the_repository_is_not_read(tree: Tree) -> None:
    assert {path: tree.read(path) for path in NO_FILES} == dict.fromkeys(NO_FILES)


def test_what_is_no_directory_of_the_repository_has_no_names(tree: Tree) -> None:
    assert {path: tree.names(path) for path in NO_DIRECTORIES} == dict.fromkeys(NO_DIRECTORIES, ())


def test_names_are_those_directly_in_a_directory(source: ChangeSource) -> None:
    head = source.head
    assert head.names("") == ("b.tf", "main.tf", "notes.txt")
    assert head.names("modules") == ()
    assert head.names("modules/a") == ("modules/a/main.tf",)
    assert head.names("modules/deep/er") == ("modules/deep/er/x.tf",)
    if source.base is not None:
        assert source.base.names("") == ("main.tf", "notes.txt")
        assert source.base.names("modules/a") == ("modules/a/main.tf",)
        assert source.base.names("modules/deep/er") == ()
