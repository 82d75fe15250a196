from __future__ import annotations

from pathlib import Path

import pytest
from git_sandbox import Sandbox, changed, lines, sandbox, whole_file

from remedy_gate.domain.source import Change, Problem
from remedy_gate.errors import MISUSED, ChangesError, UsageError


@pytest.fixture
def branch(repository: Sandbox) -> Sandbox:
    """On a branch, one commit ahead of where it left main; main went on since."""
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.write("main.tf", lines(11))
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("modules/a/main.tf", lines(20))
    repository.commit()
    repository.git("checkout", "--quiet", "feature")
    return repository


def test_a_branch_is_compared_with_where_it_left_the_base(branch: Sandbox) -> None:
    parting = branch.git("merge-base", "main", "HEAD")
    source = branch.since("main")
    result = source.changes()
    assert result.changes == (changed("main.tf", (11, 11)),)
    assert result.base == f"{parting[:10]}, where HEAD left main"
    assert source.base is not None
    assert source.base.read("main.tf") == lines(10).encode()
    assert source.base.read("modules/a/main.tf") == lines(10).encode()
    assert source.head.read("main.tf") == lines(11).encode()


def test_a_commit_and_a_tag_are_bases_too(branch: Sandbox) -> None:
    branch.git("tag", "--annotate", "--message", "x", "v1", "main")
    assert branch.since("v1").changes().changes == (changed("main.tf", (11, 11)),)
    assert branch.since(branch.git("rev-parse", "--short", "main")).changes().changes == (changed("main.tf", (11, 11)),)


def test_a_detached_head_is_compared_like_a_branch(branch: Sandbox) -> None:
    branch.git("checkout", "--quiet", "--detach")
    assert branch.since("main").changes().changes == (changed("main.tf", (11, 11)),)


def test_what_is_not_committed_yet_counts_staged_or_not(branch: Sandbox) -> None:
    branch.write("main.tf", lines(12))
    branch.write("modules/a/main.tf", lines(10).replace("line 1\n", "LINE 1\n"))
    branch.git("add", "main.tf")
    assert branch.since("main").changes().changes == (
        changed("main.tf", (11, 12)),
        changed("modules/a/main.tf", (1, 1)),
    )


def test_an_untracked_file_is_wholly_changed_and_an_ignored_one_is_not(branch: Sandbox) -> None:
    branch.write(".gitignore", "secret.tf\n")
    branch.write("secret.tf", lines(1))
    branch.write("fresh.tf", lines(1))
    branch.write("new/folder/fresh.tf", lines(1))
    branch.write("fresh.txt", lines(1))
    branch.write(".terraform/x.tf", lines(1))
    result = branch.since("main").changes()
    assert result.changes == (whole_file("fresh.tf"), changed("main.tf", (11, 11)), whole_file("new/folder/fresh.tf"))
    reason = "it lies in .terraform, which holds copies of other code"
    assert result.skipped == (Problem(".terraform/x.tf", reason),)


def test_an_untracked_link_is_skipped(branch: Sandbox) -> None:
    (branch.root / "link.tf").symlink_to("main.tf")
    reason = "it is a symbolic link, which is not followed"
    assert branch.since("main").changes().skipped == (Problem("link.tf", reason),)


def test_another_repository_within_is_not_entered(branch: Sandbox) -> None:
    sandbox(branch.root / "nested.tf").write("main.tf", lines(1))
    assert branch.since("main").changes().changes == (changed("main.tf", (11, 11)),)


def test_deletions_and_renames_are_told(repository: Sandbox) -> None:
    repository.write("old.tf", "nothing alike\n")
    start = repository.commit()
    repository.git("rm", "--quiet", "old.tf")
    repository.git("mv", "modules/a/main.tf", "modules/a/network.tf")
    repository.commit()
    result = repository.since(start).changes()
    assert result.changes == (Change("modules/a/network.tf", (), "modules/a/main.tf"),)
    assert result.deleted == ("old.tf",)


def test_a_file_deleted_without_staging_it_is_deleted(branch: Sandbox) -> None:
    (branch.root / "modules/a/main.tf").unlink()
    assert branch.since("main").changes().deleted == ("modules/a/main.tf",)


def test_a_file_that_was_touched_and_not_changed_is_left_out(branch: Sandbox) -> None:
    branch.touch("modules/a/main.tf")
    branch.write("notes.txt", "changed\n")
    assert branch.since("main").changes().changes == (changed("main.tf", (11, 11)),)


def test_a_changed_file_behind_a_link_is_not_read(branch: Sandbox, tmp_path: Path) -> None:
    outside = sandbox(tmp_path / "outside")
    outside.write("main.tf", "outside\n")
    (branch.root / "modules/a/main.tf").unlink()
    (branch.root / "modules/a").rmdir()
    (branch.root / "modules/a").symlink_to(outside.root)
    source = branch.since("main")
    assert source.changes().changes == (changed("main.tf", (11, 11)),)
    assert source.changes().deleted == ("modules/a/main.tf",)
    assert source.head.read("modules/a/main.tf") is None
    assert source.head.names("modules/a") == ()


def test_a_changed_file_that_is_not_checked_out_is_skipped_with_the_reason(branch: Sandbox) -> None:
    branch.write("modules/a/main.tf", lines(11))
    branch.commit()
    branch.git("sparse-checkout", "set", "nowhere")
    result = branch.since("main").changes()
    assert result.changes == (changed("main.tf", (11, 11)),)
    assert result.skipped == (Problem("modules/a/main.tf", "it is not in the working tree"),)


def test_a_conflict_is_judged_as_it_stands_in_the_working_tree(branch: Sandbox) -> None:
    branch.write("modules/a/main.tf", "ours\n")
    branch.commit()
    branch.git("merge", "main", ok=False)
    source = branch.since("HEAD")
    text = source.head.read("modules/a/main.tf")
    assert text is not None
    assert text.startswith(b"<<<<<<< HEAD\nours\n=======\n")
    assert [change.path for change in source.changes().changes] == ["modules/a/main.tf"]
    assert source.changes().skipped == ()


def test_a_submodule_is_skipped_with_the_reason(branch: Sandbox, tmp_path: Path) -> None:
    other = sandbox(tmp_path / "other")
    other.write("main.tf", lines(1))
    other.commit()
    branch.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "vendor/other")
    branch.commit()
    branch.git("config", "diff.submodule", "log")
    result = branch.since("main").changes()
    reason = "it is a submodule, whose files belong to another repository"
    assert result.skipped == (Problem("vendor/other", reason),)
    assert result.changes == (changed("main.tf", (11, 11)),)


def test_nothing_changed_since_the_base_is_no_change(branch: Sandbox) -> None:
    assert branch.since("HEAD").changes().changes == ()


def test_an_unknown_base_is_named_with_the_way_out(branch: Sandbox) -> None:
    with pytest.raises(ChangesError) as caught:
        branch.since("origin/trunk").changes()
    assert str(caught.value) == (
        "origin/trunk is not a branch or commit of this repository. Fetch it first: git fetch origin trunk."
    )


@pytest.mark.parametrize("ref", ["", "-", "--output=/tmp/x"])
def test_a_base_that_would_be_an_option_is_misuse(branch: Sandbox, ref: str) -> None:
    with pytest.raises(UsageError, match="is not the name of a branch or a commit") as caught:
        branch.since(ref)
    assert caught.value.status == MISUSED


def test_a_range_is_not_a_base(branch: Sandbox) -> None:
    with pytest.raises(ChangesError, match=r"main\.\.feature is not a branch or commit"):
        branch.since("main..feature").changes()


def test_a_shallow_clone_without_the_base_says_how_to_fetch_it(branch: Sandbox, tmp_path: Path) -> None:
    origin = branch.root.as_uri()
    branch.git("clone", "--quiet", "--depth=1", "--branch=feature", origin, str(tmp_path / "clone"))
    clone = Sandbox(tmp_path / "clone")
    with pytest.raises(ChangesError) as caught:
        clone.since("origin/main").changes()
    assert str(caught.value) == (
        "origin/main is not a branch or commit of this repository. "
        "Fetch it first: git fetch origin main; with actions/checkout, set fetch-depth: 0."
    )
    clone.git("fetch", "--quiet", "--depth=1", "origin", "main:refs/remotes/origin/main")
    with pytest.raises(ChangesError) as caught:
        clone.since("origin/main").changes()
    assert str(caught.value) == (
        "The history that was fetched does not reach back to where HEAD left origin/main. "
        "Fetch more of it: git fetch --deepen=100, or with actions/checkout set fetch-depth: 0."
    )
    clone.git("fetch", "--quiet", "--deepen=100", "origin", "main", "feature")
    assert clone.since("origin/main").changes().changes == (changed("main.tf", (11, 11)),)


def test_a_base_without_a_common_commit_is_an_error(branch: Sandbox) -> None:
    branch.git("checkout", "--quiet", "--orphan", "island")
    branch.commit()
    with pytest.raises(ChangesError, match="main and HEAD have no commit in common"):
        branch.since("main").changes()


def test_a_repository_without_commits_has_no_base(tmp_path: Path) -> None:
    with pytest.raises(ChangesError, match=r"There is no commit yet to compare with\. Use --staged, or --all\."):
        sandbox(tmp_path).since("main").changes()


def test_a_directory_of_the_base_is_listed_without_its_parents(branch: Sandbox) -> None:
    base = branch.since("HEAD").base
    assert base is not None
    assert base.names("modules/a") == ("modules/a/main.tf",)
    assert base.names("") == ("main.tf", "notes.txt")


def test_asking_for_the_base_does_not_need_the_changes_first(branch: Sandbox) -> None:
    base = branch.since("main").base
    assert base is not None
    assert base.names("") == ("main.tf", "notes.txt")
