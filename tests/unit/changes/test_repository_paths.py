from __future__ import annotations

import os
from pathlib import Path

import pytest
from git_sandbox import ENVIRONMENT, SUFFIXES, Sandbox, changed, lines, sandbox, whole_file

from remedy_gate.changes.repository import Limits, limits, repository_root, root_for_all
from remedy_gate.errors import MISUSED, ChangesError, UsageError


def test_the_root_is_found_from_a_sub_directory(repository: Sandbox) -> None:
    start = repository.root / "modules/a"
    assert repository_root(str(start), ENVIRONMENT) == str(repository.root.resolve())


def test_the_root_is_found_through_a_link(repository: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repository.root / "modules")
    assert repository_root(str(tmp_path / "link"), ENVIRONMENT) == str(repository.root.resolve())


def test_the_root_of_a_linked_worktree_is_its_own(repository: Sandbox, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    assert repository_root(str(tmp_path / "linked/modules"), ENVIRONMENT) == str((tmp_path / "linked").resolve())


def test_the_root_is_where_the_environment_says(repository: Sandbox, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    environment = {**ENVIRONMENT, "GIT_DIR": str(repository.root / ".git"), "GIT_WORK_TREE": str(work)}
    assert repository_root(str(work), environment) == str(work.resolve())


def test_the_root_is_where_the_configuration_says(repository: Sandbox, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    repository.git("config", "core.worktree", str(work))
    assert repository_root(str(repository.root), ENVIRONMENT) == str(work.resolve())


def test_a_folder_that_is_called_git_makes_no_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(ChangesError, match="is not in a git repository"):
        repository_root(str(tmp_path), {**ENVIRONMENT, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})


def test_outside_of_a_repository_the_way_out_is_told(tmp_path: Path) -> None:
    with pytest.raises(ChangesError) as caught:
        repository_root(str(tmp_path), {**ENVIRONMENT, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert str(caught.value) == (
        f"{tmp_path} is not in a git repository. Run inside one, or check every file with --all, which needs no git."
    )


def test_a_bare_repository_has_no_working_tree(tmp_path: Path) -> None:
    Sandbox(tmp_path).git("init", "--quiet", "--bare")
    with pytest.raises(ChangesError, match=r"has no working tree\. Run inside a checkout, not in a bare repository\."):
        repository_root(str(tmp_path), ENVIRONMENT)


def test_paths_are_told_from_the_current_directory(repository: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.root / "modules")
    set_to = limits(str(repository.root), ("a", "../main.tf"), SUFFIXES)
    assert (set_to.folders, set_to.files) == (("modules/a",), frozenset({"main.tf"}))


def test_a_path_that_does_not_exist_is_named(repository: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.root)
    for make in (repository.staged, repository.whole, lambda path: repository.since("main", path)):
        with pytest.raises(UsageError, match=r"^modules/b does not exist\.$") as caught:
            make("modules/b")
        assert caught.value.status == MISUSED


def test_a_path_outside_of_the_repository_is_named(repository: Sandbox, tmp_path: Path) -> None:
    (repository.root / "link").symlink_to(tmp_path)
    for path in (str(tmp_path), str(repository.root / "link")):
        with pytest.raises(UsageError, match="lies outside of"):
            repository.staged(path)


def test_only_what_lies_under_a_path_is_told(repository: Sandbox) -> None:
    for path in ("main.tf", "modules/a/main.tf", "modules/ab/main.tf", "modules/a/deep/main.tf", "modules/a/x.txt"):
        repository.write(path, lines(12))
    folder, file = str(repository.root / "modules/a"), str(repository.root / "main.tf")
    expected = (whole_file("modules/a/deep/main.tf"), changed("modules/a/main.tf", (11, 12)))
    assert repository.since("HEAD", folder).changes().changes == expected
    repository.stage()
    assert repository.staged(folder).changes().changes == expected
    assert repository.staged(file).changes().changes == (changed("main.tf", (11, 12)),)
    assert repository.staged(file, folder).changes().changes == (changed("main.tf", (11, 12)), *expected)
    assert len(repository.staged(str(repository.root)).changes().changes) == 4
    assert len(repository.staged(str(repository.root), file).changes().changes) == 4


def test_a_file_that_is_named_is_told_whatever_its_kind(repository: Sandbox) -> None:
    repository.write("notes.txt", "changed\n")
    repository.write("more.txt", "new\n")
    repository.stage()
    file, expected = str(repository.root / "notes.txt"), (changed("notes.txt", (1, 1)),)
    assert repository.staged(file).changes().changes == expected
    assert repository.since("HEAD", file).changes().changes == expected
    assert repository.staged().changes().changes == repository.since("HEAD").changes().changes == ()


def test_a_folder_does_not_hold_what_only_begins_like_it() -> None:
    inside = Limits(("modules/a",), frozenset({"main.tf"}), (".tf",))
    assert [path for path in ("modules/a/x.tf", "modules/ab/x.tf", "modules/a.tf", "main.tf") if inside.hold(path)] == [
        "modules/a/x.tf",
        "main.tf",
    ]


def test_a_path_is_a_name_and_never_a_pattern(repository: Sandbox) -> None:
    for folder in ("a*", "ab", "[a]", ":(top)a", "A"):
        repository.write(f"{folder}/main.tf", lines(1))
    repository.stage()
    for folder in ("a*", "[a]", ":(top)a"):
        changes = repository.staged(str(repository.root / folder)).changes().changes
        assert changes == (whole_file(f"{folder}/main.tf"),)


def test_very_many_paths_are_all_looked_at(repository: Sandbox) -> None:
    for number in range(300):
        repository.write(f"m/{number}/main.tf", lines(1))
        repository.write(f"m/{number}/main.txt", lines(1))
    repository.stage()
    folders = [str(repository.root / f"m/{number}") for number in range(0, 300, 2)]
    assert len(repository.staged(*folders).changes().changes) == 150


def test_submodules_outside_of_the_paths_are_not_told(repository: Sandbox, tmp_path: Path) -> None:
    other = sandbox(tmp_path / "other")
    other.commit()
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "vendor/other")
    assert repository.staged(str(repository.root / "modules")).changes().skipped == ()
    assert len(repository.staged(str(repository.root / "vendor")).changes().skipped) == 1


def test_all_files_are_told_from_the_repository_else_from_here_else_from_what_holds_the_paths(
    repository: Sandbox, tmp_path: Path
) -> None:
    plain = tmp_path / "plain"
    (plain / "a").mkdir(parents=True)
    (plain / "b").mkdir()
    (plain / "b/x.tf").touch()
    inside = str(repository.root / "modules")
    assert root_for_all(inside, ()) == str(repository.root.resolve())
    assert root_for_all(str(plain), (str(plain / "a"),)) == str(plain.resolve())
    assert root_for_all(str(plain / "a"), (str(plain / "b/x.tf"),)) == str((plain / "b").resolve())
    assert root_for_all(str(plain), (inside,)) == str(repository.root.resolve())
    assert root_for_all(inside, (str(plain / "a"), str(plain / "b"))) == str(plain.resolve())


def test_an_unreadable_configuration_leaves_the_answer_to_git(
    repository: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository.root / ".git/config").unlink()
    monkeypatch.chdir(repository.root)
    assert repository_root(os.curdir, ENVIRONMENT) == str(repository.root.resolve())
