"""Exit statuses and words of the real `main`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import remedy_gate.commands.check
from remedy_gate import errors
from remedy_gate.cli import main

VULNERABLE = 'resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n'


@pytest.fixture(autouse=True)
def quiet_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "GITHUB_BASE_REF", "GIT_DIR", "REMEDY_GATE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    return tmp_path


def stage(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    subprocess.run(["git", "add", name], cwd=folder, check=True)


ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.RemedyGateError)]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_explains_itself_and_ends_with_its_status(
    kind: type[errors.RemedyGateError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> int:
        raise kind("It broke.", "Mend it.")

    monkeypatch.setattr(remedy_gate.commands.check, "execute", fail)
    expected = 2 if kind in (errors.UsageError, errors.SettingsError) else 3
    assert main(["check"]) == expected
    assert capsys.readouterr() == ("", "remedy-gate: It broke. Mend it.\n")


@pytest.mark.parametrize(
    ("raised", "status"), [(KeyboardInterrupt, 130), (ValueError, 3), (BrokenPipeError, 3), (RecursionError, 3)]
)
def test_what_nobody_expected_is_no_verdict_and_no_traceback(
    raised: type[BaseException], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> int:
        raise raised

    monkeypatch.setattr(remedy_gate.commands.check, "execute", fail)
    with monkeypatch.context() as kept:
        kept.setattr("sys.stdout", __import__("io").StringIO())
        assert main(["check"]) == status
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["chekc"],
        ["check", "--format", "pdf"],
        ["check", "--all", "--staged"],
        ["verify"],
        ["findings"],
        ["check", "--all", "--findings", "nowhere.json"],
        ["check", "--all", "--remedies", "magic"],
        ["check", "--all", "nowhere.tf"],
        ["check", "--all", "--policy", "nowhere.yml"],
        ["catalogue", "show", "s3-versionin"],
    ],
)
def test_misuse_ends_with_2_and_says_why(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(VULNERABLE)
    assert main(words) == 2
    assert capsys.readouterr().err.strip()


def test_help_and_version_end_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert main(["--version"]) == 0
    assert "remedy-gate 0.1.0" in capsys.readouterr().out


def test_a_folder_without_git_ends_with_3_and_names_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 3
    assert "--all" in capsys.readouterr().err


def test_nothing_staged_passes_with_one_line(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage(repository, "notes.md", "x")
    assert main(["check", "--staged"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("remedy-gate: nothing to check")
    assert out.count("\n") == 1


def test_what_blocks_ends_with_1_and_the_json_report_says_so(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(repository, "main.tf", VULNERABLE)
    assert main(["check", "--staged", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["schema"], report["verdict"]) == ("remedy-gate/report/1", "block")
    assert {item["proof"]["outcome"] for item in report["remediations"] if item["patch"]} == {"proven"}


def test_a_hook_that_fixed_something_ends_with_1_and_the_next_run_has_less_to_say(repository: Path) -> None:
    stage(repository, "main.tf", VULNERABLE)
    assert main(["check", "--staged", "--fix"]) == 1
    fixed = (repository / "main.tf").read_text()
    assert "aws_s3_bucket_public_access_block" in fixed
    stage(repository, "main.tf", fixed)
    assert main(["check", "--staged", "--fix"]) == 0
    assert (repository / "main.tf").read_text() == fixed


def test_fix_leaves_a_file_with_unstaged_changes_alone_and_says_so(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(repository, "main.tf", VULNERABLE)
    (repository / "main.tf").write_text(VULNERABLE + "# in progress\n")
    assert main(["check", "--staged", "--fix"]) == 3
    assert (repository / "main.tf").read_text() == VULNERABLE + "# in progress\n"
    assert "it has changes that were not judged" in capsys.readouterr().out


def test_the_report_goes_to_the_file_that_was_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(VULNERABLE)
    assert main(["check", "--all", "--format", "json", "--output", "report.json"]) == 1
    assert capsys.readouterr().out == ""
    assert json.loads((tmp_path / "report.json").read_text())["verdict"] == "block"


def test_a_run_that_misses_a_source_writes_a_report_that_is_no_pass_and_says_so_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.json").write_text("{")
    words = ["check", "--all", "--findings", "broken.json", "--format", "json", "--output", "report.json"]
    assert main(words) == 3
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["verdict"], report["remediations"]) == ("error", [])
    assert [error["where"] for error in report["errors"]] == ["broken.json"]
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"remedy-gate: broken.json: {report['errors'][0]['message']}\n"


def test_a_run_that_is_misused_leaves_no_report_behind(tmp_path: Path) -> None:
    assert main(["check", "--all", "--findings", "missing.json", "--output", "report.json"]) == 2
    assert not (tmp_path / "report.json").exists()


def test_an_export_that_cannot_be_read_costs_nothing_of_the_others_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text(VULNERABLE)
    (tmp_path / "empty.json").write_text("")
    assert main(["check", "--all", "--findings", "empty.json", "--findings", "catalogue", "--fix"]) == 3
    out, err = capsys.readouterr()
    assert err == ""
    said = " ".join(out.split())  # lines are wrapped
    assert "error: empty.json: is empty. A scan that found nothing still writes a report: run it again." in said
    assert "error: the job could not be done, so this is not a pass." in said
    assert "aws_s3_bucket" in said
    assert (tmp_path / "main.tf").read_text() == VULNERABLE


def test_verify_of_a_patch_is_no_answer_where_a_source_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text(VULNERABLE)
    (tmp_path / "empty.json").write_text("")
    first = VULNERABLE.partition("\n")[0]
    diff = f"--- a/main.tf\n+++ b/main.tf\n@@ -1,1 +1,1 @@\n-{first}\n+{first} # x\n"
    (tmp_path / "x.diff").write_text(diff)
    assert main(["verify", "--findings", "empty.json", "--patch", "x.diff", "--format", "json"]) == 3
    report = json.loads(capsys.readouterr().out)
    assert (report["verdict"], [error["where"] for error in report["errors"]]) == ("error", ["empty.json"])


def test_policy_explain_explains_what_was_read_and_names_the_rest(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(repository, "main.tf", VULNERABLE)
    (repository / "empty.json").write_text("")
    assert main(["policy", "explain", "--staged", "--findings", "empty.json", "--findings", "catalogue"]) == 3
    out, err = capsys.readouterr()
    assert "aws_s3_bucket" in out
    assert err.startswith("remedy-gate: empty.json: is empty.")


BROKEN: dict[str, tuple[str, str]] = {
    "terraform": ("main.tf", 'resource "aws_s3_bucket" "b" {\n'),
    "yaml": ("t.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  B: {Type: 'AWS::S3::Bucket'\n"),
    "json": ("t.json", '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"B": {"Type": "AWS::S3::Bucket"'),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_ends_with_3_is_named_with_its_line_and_nothing_is_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, text = BROKEN[name]
    (tmp_path / path).write_bytes(text.encode("latin-1"))
    (tmp_path / "other.tf").write_text(VULNERABLE)
    assert main(["check", "--all", "--fix"]) == 3
    captured = capsys.readouterr()
    assert f"{path}:" in captured.out
    assert "Traceback" not in captured.err
    assert (tmp_path / "other.tf").read_text() == VULNERABLE


@pytest.mark.parametrize(
    "content", ["{", "[1, 2]", "\x00\x01", '{"planned_values": {}, "resource_changes": []}', "name,colour\n"]
)
def test_an_export_that_cannot_be_read_ends_with_3_and_is_named(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text(VULNERABLE)
    (tmp_path / "export.json").write_text(content)
    assert main(["check", "--all", "--findings", "export.json"]) == 3
    assert main(["findings", "export.json"]) == 3
    assert "export.json" in capsys.readouterr().err


def test_a_base_that_does_not_exist_ends_with_3_and_is_named(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(repository, "main.tf", VULNERABLE)
    assert main(["check", "--base", "origin/nowhere"]) == 3
    assert capsys.readouterr().err == ("remedy-gate: There is no commit yet to compare with. Use --staged, or --all.\n")
    who = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    subprocess.run(["git", *who, "commit", "-qm", "first"], cwd=repository, check=True)
    assert main(["check", "--base", "origin/nowhere"]) == 3
    assert "origin/nowhere" in capsys.readouterr().err


def test_a_policy_that_is_not_allowed_ends_with_2_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text(VULNERABLE)
    (tmp_path / ".remedy-gate.yml").write_text("version: 1\nrulez: []\n")
    assert main(["check", "--all", "--fix"]) == 2
    assert capsys.readouterr().err == "remedy-gate: .remedy-gate.yml: unknown key `rulez`. Did you mean `rules`?\n"
    assert (tmp_path / "main.tf").read_text() == VULNERABLE


def test_in_ci_a_change_of_the_policy_is_judged_by_the_old_one(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    stage(repository, "notes.md", "x")
    subprocess.run(["git", *who, "commit", "-qm", "first"], cwd=repository, check=True)
    subprocess.run(["git", "checkout", "-q", "-b", "change"], cwd=repository, check=True)
    stage(repository, "main.tf", VULNERABLE)
    stage(repository, ".remedy-gate.yml", "version: 1\nrules: [{action: ignore}]\n")
    subprocess.run(["git", *who, "commit", "-qm", "second"], cwd=repository, check=True)
    assert main(["check", "--base", "main"]) == 0
    monkeypatch.setenv("CI", "true")
    assert main(["check", "--base", "main"]) == 1
    assert "is judged by the one of its base" in " ".join(capsys.readouterr().out.split())


def test_every_command_has_a_module_with_an_execute() -> None:
    from importlib import import_module

    names = ("check", "verify", "findings", "publish", "catalogue", "policy", "demo")
    modules: list[ModuleType] = [import_module(f"remedy_gate.commands.{name}") for name in names]
    assert all(callable(module.execute) for module in modules)


COMMAND = "##[add-mask]pass.json"


@pytest.mark.parametrize("words", [("check", "--all", "--format", "json", "--output", "r.json"), ("findings", COMMAND)])
def test_the_name_of_an_export_is_no_command_to_the_runner_that_reads_the_log(
    words: tuple[str, ...], repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The runner looks for it anywhere in a line, and a pull request can bring a file of any name."""
    stage(repository, "main.tf", VULNERABLE)
    (repository / ".remedy-gate" / "findings").mkdir(parents=True)
    for folder in (repository, repository / ".remedy-gate" / "findings"):
        (folder / COMMAND).write_text("not an export")
    assert main(words) == 3
    said = capsys.readouterr().err
    assert "## [add-mask]pass.json" in said
    assert "##[" not in said
