from __future__ import annotations

import sys
from pathlib import Path

import pytest
from git_sandbox import ENVIRONMENT, Sandbox, changed, lines, sandbox, whole_file

from remedy_gate.changes.staged import StagedChanges
from remedy_gate.domain.source import Change, Problem
from remedy_gate.errors import ChangesError

PROJECT = Path(__file__).parents[3]


def test_the_changed_lines_of_a_staged_file_are_told(repository: Sandbox) -> None:
    repository.write("main.tf", lines(10).replace("line 3\n", "LINE 3\n").replace("line 7\n", "line 7\nnew\n"))
    repository.stage()
    result = repository.staged().changes()
    assert result.changes == (changed("main.tf", (3, 3), (8, 8)),)
    assert result.base == "the last commit (HEAD)"
    assert (result.deleted, result.skipped) == ((), ())


def test_an_unstaged_change_is_left_out(repository: Sandbox) -> None:
    repository.write("main.tf", "edited, not staged\n")
    repository.write("untracked.tf", "new, not staged\n")
    assert repository.staged().changes().changes == ()


def test_a_file_of_another_kind_is_left_out(repository: Sandbox) -> None:
    repository.write("notes.txt", "changed\n")
    repository.stage()
    result = repository.staged().changes()
    assert (result.changes, result.skipped) == ((), ())


def test_kinds_hold_whatever_the_case_of_a_name(repository: Sandbox) -> None:
    repository.write("Stack.YAML", "a: 1\n")
    repository.stage()
    assert repository.staged().changes().changes == (whole_file("Stack.YAML"),)


def test_removed_lines_count_as_a_change_of_the_line_before(repository: Sandbox) -> None:
    repository.write("main.tf", lines(10).replace("line 5\nline 6\n", ""))
    repository.stage()
    assert repository.staged().changes().changes == (changed("main.tf", (4, 4)),)


def test_lines_removed_at_the_top_count_as_a_change_of_line_1(repository: Sandbox) -> None:
    repository.write("main.tf", lines(10).replace("line 1\n", ""))
    repository.stage()
    assert repository.staged().changes().changes == (changed("main.tf", (1, 1)),)


def test_a_file_that_lost_all_its_lines_is_still_a_change(repository: Sandbox) -> None:
    repository.write("main.tf", "")
    repository.stage()
    assert repository.staged().changes().changes == (changed("main.tf", (1, 1)),)


def test_a_new_file_is_wholly_changed(repository: Sandbox) -> None:
    repository.write("new.tf", lines(2))
    repository.write("empty.tf", "")
    repository.stage()
    assert repository.staged().changes().changes == (whole_file("empty.tf"), whole_file("new.tf"))


def test_a_deleted_file_is_named(repository: Sandbox) -> None:
    repository.git("rm", "--quiet", "main.tf", "notes.txt")
    result = repository.staged().changes()
    assert (result.changes, result.deleted, result.skipped) == ((), ("main.tf",), ())


def test_a_deleted_link_and_a_deleted_vendored_file_are_not(repository: Sandbox) -> None:
    (repository.root / "link.tf").symlink_to("main.tf")
    repository.write(".terraform/x.tf", lines(1))
    repository.commit()
    repository.git("rm", "--quiet", "link.tf", ".terraform/x.tf")
    result = repository.staged().changes()
    assert (result.changes, result.deleted, result.skipped) == ((), (), ())


def test_a_renamed_file_keeps_its_previous_path_and_its_unchanged_lines(repository: Sandbox) -> None:
    repository.git("mv", "main.tf", "network.tf")
    repository.write("network.tf", lines(10).replace("line 9\n", "LINE 9\n"))
    repository.stage()
    result = repository.staged().changes()
    assert result.changes == (changed("network.tf", (9, 9), previous="main.tf"),)
    assert result.deleted == ()


def test_a_rename_without_an_edit_changes_no_lines(repository: Sandbox) -> None:
    repository.git("mv", "main.tf", "network.tf")
    assert repository.staged().changes().changes == (Change("network.tf", (), "main.tf"),)


@pytest.mark.parametrize("modules", [False, True])
def test_a_file_renamed_into_code_is_wholly_changed(repository: Sandbox, *, modules: bool) -> None:
    if modules:
        repository.write(".gitmodules", "")
    repository.write("draft.txt", lines(10).replace("line 1\n", "draft\n"))
    repository.commit()
    repository.git("mv", "draft.txt", "final.tf")
    assert repository.staged().changes().changes == (whole_file("final.tf"),)


@pytest.mark.parametrize("modules", [False, True])
def test_a_file_renamed_out_of_code_is_deleted(repository: Sandbox, *, modules: bool) -> None:
    if modules:
        repository.write(".gitmodules", "")
        repository.commit()
    repository.git("mv", "main.tf", "main.tf.off")
    result = repository.staged().changes()
    assert (result.changes, result.deleted) == ((), ("main.tf",))


def test_a_copied_file_is_wholly_changed(repository: Sandbox) -> None:
    repository.git("config", "diff.renames", "copies")
    repository.write("main.tf", lines(11))
    repository.write("copy.tf", lines(10))
    repository.stage()
    assert repository.staged().changes().changes == (whole_file("copy.tf"), changed("main.tf", (11, 11)))


def test_a_change_of_mode_alone_changes_nothing(repository: Sandbox) -> None:
    (repository.root / "main.tf").chmod(0o755)
    repository.stage()
    assert repository.git("diff", "--cached", "--summary") == "mode change 100644 => 100755 main.tf"
    result = repository.staged().changes()
    assert (result.changes, result.skipped) == ((), ())


def test_a_change_of_mode_hides_no_change_of_lines(repository: Sandbox) -> None:
    (repository.root / "main.tf").chmod(0o755)
    repository.write("main.tf", lines(11))
    repository.write("modules/a/main.tf", lines(12))
    repository.stage()
    changes = repository.staged().changes().changes
    assert changes == (changed("main.tf", (11, 11)), changed("modules/a/main.tf", (11, 12)))


NAMES = (
    *("with space.tf", "tab\t.tf", "new\nline.tf", 'quote".tf', "-dash.tf", "--cached.tf", "back\\slash.tf"),
    *(":(top)colon.tf", "star*[x]?.tf", "ümlaut.tf", "latin-\udce9.tf", "a => b.tf", "deep\ttab/new\nline.tf"),
)


def test_every_name_git_can_keep_is_read(repository: Sandbox) -> None:
    for number, name in enumerate(NAMES):
        repository.write(name, f"{number}\n{lines(3)}")
    repository.commit()
    for number, name in enumerate(NAMES):
        repository.write(name, f"{number}\n{lines(3)}".replace("line 2", "LINE 2"))
    repository.stage()
    source = repository.staged()
    assert set(source.changes().changes) == {changed(name, (3, 3)) for name in NAMES}
    assert source.base is not None
    for number, name in enumerate(NAMES):
        directory = name.rpartition("/")[0]
        assert source.head.read(name) == f"{number}\nline 1\nLINE 2\nline 3\n".encode()
        assert source.base.read(name) == f"{number}\nline 1\nline 2\nline 3\n".encode()
        assert name in source.head.names(directory)
        assert name in source.base.names(directory)


def test_the_content_of_files_with_any_name_comes_from_the_index(repository: Sandbox) -> None:
    for name in NAMES:
        repository.write(name, lines(3))
    repository.commit()
    for name in NAMES:
        repository.write(name, "edited, not staged\n")
    head = repository.staged().head
    assert {name: head.read(name) for name in NAMES} == dict.fromkeys(NAMES, lines(3).encode())


def test_lines_that_look_like_a_diff_are_only_lines(repository: Sandbox) -> None:
    trap = "@@ -1 +99 @@\ndiff --git a/x b/x\n--- a/x\n+++ b/x\nBinary files a/x and b/x differ\n"
    repository.write("main.tf", lines(10) + trap)
    repository.write("modules/a/main.tf", trap + lines(10))
    repository.stage()
    changes = repository.staged().changes().changes
    assert changes == (changed("main.tf", (11, 15)), changed("modules/a/main.tf", (1, 5)))


def test_line_endings_and_byte_order_marks_are_no_obstacle(repository: Sandbox) -> None:
    repository.write("dos.tf", b"a\r\nb\r\nc\r\n")
    repository.write("bom.json", b'\xef\xbb\xbf{"a": 1}\n')
    repository.write("old_mac.tf", b"a\rb\rc\n")
    repository.commit()
    repository.write("dos.tf", b"a\r\nB\r\nc\r\n")
    repository.write("bom.json", b'\xef\xbb\xbf{"a": 1}\n{}')
    repository.write("old_mac.tf", b"a\rb\rc\nd\re")
    repository.stage()
    source = repository.staged()
    assert source.changes().changes == (
        changed("bom.json", (2, 2)),
        changed("dos.tf", (2, 2)),
        changed("old_mac.tf", (2, 2)),
    )
    assert source.head.read("dos.tf") == b"a\r\nB\r\nc\r\n"


def test_text_that_git_is_told_to_take_for_binary_is_wholly_changed(repository: Sandbox) -> None:
    repository.write(".gitattributes", "*.tf -diff\n")
    repository.write("main.tf", lines(11))
    repository.write("stack.yaml", "a: 1\n")
    repository.stage()
    assert repository.staged().changes().changes == (whole_file("main.tf"), whole_file("stack.yaml"))


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        (b"a\0b\n", "it is binary"),
        (b"resource \xe9\n", "it is not UTF-8 (byte 10)"),
        ("a = 1\n".encode("utf-16"), "it is not UTF-8 (byte 1)"),
    ],
)
def test_what_is_not_text_is_skipped_with_the_reason(repository: Sandbox, contents: bytes, reason: str) -> None:
    repository.write("main.tf", contents)
    repository.write("modules/a/main.tf", lines(11))
    repository.stage()
    result = repository.staged().changes()
    assert result.skipped == (Problem("main.tf", reason),)
    assert result.changes == (changed("modules/a/main.tf", (11, 11)),)


def test_a_file_above_20_mb_is_skipped_and_one_just_below_is_not(repository: Sandbox) -> None:
    repository.write("large.json", b" " * 20_000_001)
    repository.write("limit.json", b" " * 20_000_000)
    repository.stage()
    source = repository.staged()
    result = source.changes()
    assert result.skipped == (Problem("large.json", "it is larger than 20 MB"),)
    assert result.changes == (whole_file("limit.json"),)
    (repository.root / "large.json").unlink()
    assert repository.staged().changes().skipped == result.skipped


def test_a_symbolic_link_is_skipped_even_where_it_points_to_code(repository: Sandbox) -> None:
    (repository.root / "link.tf").symlink_to("main.tf")
    (repository.root / "passwd.json").symlink_to("/etc/passwd")
    repository.stage()
    source = repository.staged()
    reason = "it is a symbolic link, which is not followed"
    assert source.changes().skipped == (Problem("link.tf", reason), Problem("passwd.json", reason))
    assert source.head.read("passwd.json") is None
    assert source.head.names("") == ("main.tf", "notes.txt")


def test_a_file_that_became_a_link_is_skipped_and_a_link_that_became_a_file_is_wholly_changed(
    repository: Sandbox,
) -> None:
    (repository.root / "link.tf").symlink_to("main.tf")
    repository.commit()
    (repository.root / "link.tf").unlink()
    repository.write("link.tf", lines(2))
    (repository.root / "main.tf").unlink()
    (repository.root / "main.tf").symlink_to("link.tf")
    repository.write("modules/a/main.tf", lines(11))
    repository.stage()
    result = repository.staged().changes()
    assert result.changes == (whole_file("link.tf"), changed("modules/a/main.tf", (11, 11)))
    assert result.skipped == (Problem("main.tf", "it is a symbolic link, which is not followed"),)


def test_a_submodule_is_skipped_with_the_reason(repository: Sandbox, tmp_path: Path) -> None:
    other = sandbox(tmp_path / "other")
    other.write("main.tf", lines(1))
    other.commit()
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "vendor/other")
    result = repository.staged().changes()
    reason = "it is a submodule, whose files belong to another repository"
    assert result.skipped == (Problem("vendor/other", reason),)
    repository.commit()
    other.write("main.tf", lines(2))
    sha = other.commit()
    repository.git("-C", "vendor/other", "fetch", "--quiet")
    repository.git("-C", "vendor/other", "checkout", "--quiet", sha)
    repository.write("main.tf", lines(11))
    repository.write("notes.txt", "changed\n")
    repository.stage()
    result = repository.staged().changes()
    assert (result.changes, result.skipped) == ((changed("main.tf", (11, 11)),), (Problem("vendor/other", reason),))


@pytest.mark.parametrize("folder", [".terraform", ".terragrunt-cache", "node_modules"])
def test_a_vendored_folder_is_skipped_by_name(repository: Sandbox, folder: str) -> None:
    repository.write(f"env/{folder}/modules/x/main.tf", lines(1))
    repository.write(f"env/{folder}.tf", lines(1))
    repository.stage()
    result = repository.staged().changes()
    reason = f"it lies in {folder}, which holds copies of other code"
    assert result.skipped == (Problem(f"env/{folder}/modules/x/main.tf", reason),)
    assert result.changes == (whole_file(f"env/{folder}.tf"),)


def test_an_unresolved_conflict_is_skipped_with_the_reason(repository: Sandbox) -> None:
    repository.git("checkout", "--quiet", "-b", "theirs")
    repository.write("main.tf", "theirs\n")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("main.tf", "ours\n")
    repository.commit()
    repository.git("merge", "theirs", ok=False)
    repository.write("modules/a/main.tf", lines(11))
    repository.git("add", "modules/a/main.tf")
    source = repository.staged()
    result = source.changes()
    assert result.skipped == (Problem("main.tf", "its merge conflict is not resolved"),)
    assert result.changes == (changed("modules/a/main.tf", (11, 11)),)
    assert source.head.read("main.tf") is None
    assert "main.tf" not in source.head.names("")


def test_a_file_added_in_intent_only_is_not_staged(repository: Sandbox) -> None:
    repository.write("later.tf", lines(1))
    repository.git("add", "--intent-to-add", "later.tf")
    assert repository.staged().changes().changes == ()


def test_before_the_first_commit_everything_staged_is_new_and_there_is_no_base(tmp_path: Path) -> None:
    repository = sandbox(tmp_path)
    repository.write("main.tf", lines(2))
    repository.write("untracked.tf", lines(2))
    repository.git("add", "main.tf")
    source = repository.staged()
    result = source.changes()
    assert result.changes == (whole_file("main.tf"),)
    assert result.base == "nothing, as there is no commit yet"
    assert source.base is None
    assert source.head.read("main.tf") == b"line 1\nline 2\n"


def test_nothing_staged_before_the_first_commit_is_no_change(tmp_path: Path) -> None:
    assert sandbox(tmp_path).staged().changes().changes == ()


def test_the_index_is_judged_where_the_working_tree_went_on(repository: Sandbox) -> None:
    repository.write("main.tf", "staged\n")
    repository.stage()
    repository.write("main.tf", "edited since\n")
    repository.write("modules/a/main.tf", "edited, never staged\n")
    source = repository.staged()
    assert source.changes().changes == (changed("main.tf", (1, 1)),)
    assert source.head.read("main.tf") == b"staged\n"
    assert source.head.read("modules/a/main.tf") == lines(10).encode()
    assert source.base is not None
    assert source.base.read("main.tf") == lines(10).encode()


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_that_git_was_told_not_to_look_at_is_read_from_the_index(repository: Sandbox, flag: str) -> None:
    repository.git("update-index", flag, "main.tf")
    repository.write("main.tf", "hidden from git\n")
    assert repository.staged().head.read("main.tf") == lines(10).encode()


def test_a_file_outside_of_a_sparse_checkout_is_read_from_the_index(repository: Sandbox) -> None:
    repository.git("update-index", "--refresh")
    repository.git("sparse-checkout", "set", "nowhere")
    assert not (repository.root / "modules").exists()
    repository.write("main.tf", lines(11))
    repository.git("add", "main.tf")
    source = repository.staged()
    assert source.changes().changes == (changed("main.tf", (11, 11)),)
    assert source.head.names("modules/a") == ("modules/a/main.tf",)
    assert source.head.read("modules/a/main.tf") == lines(10).encode()


def test_line_endings_that_git_converts_are_given_as_they_lie_in_the_working_tree(repository: Sandbox) -> None:
    repository.git("config", "core.autocrlf", "true")
    repository.write("main.tf", lines(11).replace("\n", "\r\n"))
    repository.stage()
    source = repository.staged()
    assert source.changes().changes == (changed("main.tf", (11, 11)),)
    assert source.head.read("main.tf") == lines(11).replace("\n", "\r\n").encode()
    assert repository.git("cat-file", "-s", ":main.tf") == str(len(lines(11)))


def test_a_linked_worktree_has_its_own_index(repository: Sandbox, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    linked = Sandbox(tmp_path / "linked")
    linked.write("main.tf", lines(11))
    linked.stage()
    assert linked.staged().changes().changes == (changed("main.tf", (11, 11)),)
    assert repository.staged().changes().changes == ()


def test_a_repository_with_sha256_ids_is_read(tmp_path: Path) -> None:
    repository = Sandbox(tmp_path)
    repository.git("init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    repository.write("main.tf", lines(3))
    repository.commit()
    repository.write("main.tf", lines(4))
    repository.stage()
    repository.write("main.tf", "edited since\n")
    source = repository.staged()
    assert source.changes().changes == (changed("main.tf", (4, 4)),)
    assert source.head.read("main.tf") == lines(4).encode()


CONFIGURATION = (
    ("diff.noprefix", "true"),
    ("diff.mnemonicPrefix", "true"),
    ("diff.context", "7"),
    ("diff.interHunkContext", "50"),
    ("diff.renames", "false"),
    ("diff.relative", "true"),
    ("diff.suppressBlankEmpty", "true"),
    ("diff.submodule", "log"),
    ("diff.autoRefreshIndex", "false"),
    ("diff.wsErrorHighlight", "all"),
    ("diff.colorMoved", "zebra"),
    ("color.ui", "always"),
    ("core.quotePath", "false"),
    ("core.abbrev", "5"),
    ("core.pager", "false"),
)


def test_nothing_configured_changes_what_is_read(repository: Sandbox) -> None:
    for name, value in CONFIGURATION:
        repository.git("config", name, value)
    repository.write("main.tf", lines(10).replace("line 2\n", "").replace("line 8\n", "LINE 8\n\n"))
    repository.git("mv", "modules/a/main.tf", "modules/a/ü.tf")
    repository.stage()
    repository.write("0.tf", lines(1))
    repository.git("add", "0.tf")
    repository.git("commit", "--quiet", "--message", "add", "0.tf")
    repository.touch("0.tf")
    expected = (changed("main.tf", (1, 1), (7, 8)), Change("modules/a/ü.tf", (), "modules/a/main.tf"))
    assert repository.staged().changes().changes == expected
    assert repository.since("HEAD").changes().changes == expected


def test_nothing_that_the_repository_configures_is_run(repository: Sandbox, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    script = tmp_path / "script"
    script.write_text(f'#!/bin/sh\necho "$0 $@" >> {mark}\ncat "$1"\n', encoding="utf-8")
    script.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "diff.evil.textconv", "diff.evil.command", "core.pager"):
        repository.git("config", name, str(script))
    repository.write(".git/info/attributes", "*.tf diff=evil\n")
    repository.write(".git/hooks/post-index-change", script.read_bytes())
    (repository.root / ".git/hooks/post-index-change").chmod(0o755)
    repository.environment["GIT_EXTERNAL_DIFF"] = str(script)
    repository.write("main.tf", lines(11))
    plain = Sandbox(repository.root)
    plain.git("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "add", "main.tf")
    repository.touch("modules/a/main.tf")
    for source in (repository.staged(), repository.since("HEAD")):
        assert source.changes().changes == (changed("main.tf", (11, 11)),)
        assert source.base is not None
        assert source.base.read("main.tf") == lines(10).encode()
        assert source.head.names("") == ("main.tf", "notes.txt")
    assert not mark.exists()
    plain.git("diff", "HEAD")
    assert mark.exists()


PROBE = """
import os, sys
sys.path.insert(0, sys.argv[1])
from remedy_gate.changes.repository import repository_root
from remedy_gate.changes.staged import StagedChanges
source = StagedChanges(repository_root(".", os.environ), (), (".tf",), os.environ)
contents = [(change.path, source.head.read(change.path)) for change in source.changes().changes]
print(contents, file=open(sys.argv[2], "w"))
"""


@pytest.mark.parametrize("linked", [False, True])
def test_inside_a_hook_the_index_of_that_commit_is_read(repository: Sandbox, tmp_path: Path, *, linked: bool) -> None:
    told, probe, hook = tmp_path / "told", tmp_path / "probe.py", repository.root / ".git/hooks/pre-commit"
    probe.write_text(PROBE, encoding="utf-8")
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec {sys.executable} {probe} {PROJECT} {told}\n", encoding="utf-8")
    hook.chmod(0o755)
    if linked:
        repository.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
        repository = Sandbox(tmp_path / "linked")
    repository.write("main.tf", "committed by name\n")
    repository.write("modules/a/main.tf", "only staged\n")
    repository.git("add", "modules/a/main.tf")
    repository.git("commit", "--quiet", "--message", "partial", "main.tf")
    assert told.read_text(encoding="utf-8") == "[('main.tf', b'committed by name\\n')]\n"


def test_an_environment_that_names_the_repository_relatively_is_honoured(
    repository: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("main.tf", lines(11))
    repository.git("add", "main.tf")
    environment = {**ENVIRONMENT, "GIT_DIR": "../.git", "GIT_WORK_TREE": "..", "GIT_INDEX_FILE": "../.git/index"}
    monkeypatch.chdir(repository.root / "modules")
    source = StagedChanges(str(repository.root), (), (".tf",), environment)
    assert source.changes().changes == (changed("main.tf", (11, 11)),)


def test_a_head_that_points_nowhere_does_not_hide_what_is_staged(repository: Sandbox) -> None:
    repository.git("symbolic-ref", "HEAD", "refs/heads/unborn")
    assert repository.staged().changes().changes == (whole_file("main.tf"), whole_file("modules/a/main.tf"))


def test_an_index_that_cannot_be_read_is_an_error_and_not_a_clean_result(repository: Sandbox) -> None:
    repository.write(".git/index", "garbage")
    with pytest.raises(ChangesError, match=r"git failed: .*index"):
        repository.staged().changes()


def test_an_object_that_is_missing_is_an_error_and_not_a_clean_result(repository: Sandbox) -> None:
    repository.write("new.tf", "new\n")
    repository.stage()
    sha = repository.git("rev-parse", ":new.tf")
    (repository.root / "new.tf").unlink()
    (repository.root / ".git/objects" / sha[:2] / sha[2:]).unlink()
    with pytest.raises(ChangesError):
        repository.staged().changes()
