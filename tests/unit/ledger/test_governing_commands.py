"""The commands that govern, through the real `main`: policy, waive, queue, ledger, and what `check` leaves behind."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from pathlib import Path

import pytest

from remedy_gate.cli import main

VULNERABLE = 'resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n'
POLICY = """\
version: 1
extends: team
rules:
  - name: a person looks at public access
    action: block
    when: {control: s3-public-access-block}
    require_approval: true
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CI", "GITHUB_BASE_REF", "GITHUB_RUN_ID", "GIT_DIR", "REMEDY_GATE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    subprocess.run(["git", "config", "user.name", "Ada"], cwd=tmp_path, check=True)
    stage(tmp_path, "main.tf", VULNERABLE)
    return tmp_path


def stage(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    subprocess.run(["git", "add", name], cwd=folder, check=True)


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert main(words) == status
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return captured.out + captured.err


def test_a_run_is_recorded_and_git_status_shows_nothing_of_it(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "check", "--staged", status=1)
    out = said(capsys, "ledger", "verify")
    assert out.startswith("The ledger holds: ")
    assert " 0 records" not in out
    done = subprocess.run(["git", "status", "--porcelain"], cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout == "A  main.tf\n"
    shown = said(capsys, "ledger", "show", "s3-public-access-block", "--kind", "decision")
    assert '"action": "suggest"' in shown


def test_a_cut_end_is_found_by_the_head_that_ci_printed(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    out = said(capsys, "check", "--staged", status=1)
    head = out.rpartition("remedy-gate: ledger head ")[2].strip()
    monkeypatch.delenv("CI")
    said(capsys, "ledger", "export", "--output", "all.jsonl")
    assert said(capsys, "ledger", "verify", "all.jsonl", "--head", head).startswith("The ledger holds")
    lines = (repository / "all.jsonl").read_text().splitlines(keepends=True)
    (repository / "cut.jsonl").write_text("".join(lines[:-1]))
    assert "missing at the end" in said(capsys, "ledger", "verify", "cut.jsonl", "--head", head, status=1)


def test_a_ledger_that_cannot_be_written_is_told_and_the_verdict_stays_and_nothing_is_lost(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = repository / ".git" / "remedy-gate"
    folder.mkdir()
    (folder / "ledger.sqlite").write_bytes(b"not a database" * 100)
    out = said(capsys, "check", "--staged", status=1)
    assert "is damaged" in out
    assert "They wait in the git directory, and the next run records them." in out
    (folder / "ledger.sqlite").unlink()
    said(capsys, "check", "--staged", status=1)
    runs = said(capsys, "ledger", "show", "--kind", "run")
    assert runs.endswith("2 records\n")
    assert list((folder / "waiting").iterdir()) == []


def test_where_policy_asks_for_it_a_run_that_is_not_recorded_fails(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(repository, ".remedy-gate.yml", "version: 1\nledger: {required: true}\n")
    (repository / ".git" / "remedy-gate").mkdir()
    (repository / ".git" / "remedy-gate" / "ledger.sqlite").write_bytes(b"not a database" * 100)
    out = said(capsys, "check", "--staged", status=3)
    assert "s3-public-access-block" in out


def test_without_a_ledger_nothing_is_recorded(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage(repository, ".remedy-gate.yml", "version: 1\nledger: none\n")
    said(capsys, "check", "--staged", status=1)
    assert not (repository / ".git" / "remedy-gate").exists()
    assert "There is no ledger here." in said(capsys, "ledger", "verify", status=3)


def test_a_patch_waits_for_a_person_and_is_let_through_once_approved(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(repository, ".remedy-gate.yml", POLICY)
    assert "the patch waits" in " ".join(said(capsys, "check", "--staged", status=1).split())
    said(capsys, "check", "--staged", status=1)
    listed = said(capsys, "queue", "list")
    assert listed.endswith("1 in the queue\n")
    patch = listed.split()[0]
    shown = said(capsys, "queue", "show", patch)
    assert '+resource "aws_s3_bucket_public_access_block" "b" {' in shown
    assert "proven" in shown
    assert "this very patch, of this code, with this proof" in said(capsys, "queue", "approve", patch)
    assert "approved by Ada" in " ".join(said(capsys, "check", "--staged", status=1).split())
    assert said(capsys, "queue", "list") == "0 in the queue\n"
    stage(repository, "main.tf", VULNERABLE.replace("example", "another"))
    assert "the patch waits" in " ".join(said(capsys, "check", "--staged", status=1).split())


def test_a_rejected_patch_stays_withheld(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage(repository, ".remedy-gate.yml", POLICY)
    said(capsys, "check", "--staged", status=1)
    patch = said(capsys, "queue", "list").split()[0]
    assert said(capsys, "queue", "reject", patch, "--by", "Bob") == f"{patch} is rejected.\n"
    assert "the patch waits" in " ".join(said(capsys, "check", "--staged", status=1).split())
    assert f"{patch}  rejected by Bob" in said(capsys, "queue", "list", "--all").replace(" rejected", "  rejected")


@pytest.mark.parametrize("change", ["UPDATE attachments SET text = replace(text, 'a', 'b')", "DELETE FROM attachments"])
def test_what_a_person_was_shown_is_as_hard_to_change_as_the_record_of_their_yes(
    change: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(repository, ".remedy-gate.yml", POLICY)
    said(capsys, "check", "--staged", status=1)
    said(capsys, "queue", "approve", said(capsys, "queue", "list").split()[0])
    assert said(capsys, "ledger", "verify").startswith("The ledger holds: ")
    with sqlite3.connect(repository / ".git" / "remedy-gate" / "ledger.sqlite") as database:
        database.execute(change)
    database.close()
    out = said(capsys, "ledger", "verify", status=1)
    assert "names beside the chain is gone, or is not what was written\nThe ledger does not hold: 1 faults in " in out
    said(capsys, "ledger", "export", "--output", "audit.jsonl")
    assert said(capsys, "ledger", "verify", "audit.jsonl").startswith("The ledger holds: ")


def test_fix_leaves_a_patch_alone_that_waits(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage(repository, ".remedy-gate.yml", POLICY)
    said(capsys, "check", "--staged", "--fix", status=1)
    assert "aws_s3_bucket_public_access_block" not in (repository / "main.tf").read_text()


def test_fix_writes_an_approved_patch_where_it_is_that_very_patch(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(repository, ".remedy-gate.yml", POLICY + "  - {action: withhold}\n")
    said(capsys, "check", "--staged", status=1)
    patch = said(capsys, "queue", "list").split()[0]
    said(capsys, "queue", "approve", patch)
    said(capsys, "check", "--staged", "--fix", status=1)
    assert "aws_s3_bucket_public_access_block" in (repository / "main.tf").read_text()
    assert '"outcome": "applied"' in said(capsys, "ledger", "show", "--kind", "outcome")


@pytest.mark.parametrize(
    "words",
    [
        ("queue", "show", "nothing"),
        ("queue", "approve", ""),
        ("waive", "--control", "c", "--reason", "r"),
        ("waive", "--control", "c", "--reason", "r", "--path", "p", "--days", "400"),
        ("waive", "--control", "c", "--reason", " ", "--path", "p"),
        ("ledger", "verify", "--head", "x"),
        ("ledger", "prune", "--before", "2026-13-40"),
        ("policy", "explain", "nothing", "--staged"),
        ("policy",),
        ("queue",),
    ],
)
def test_misuse_ends_with_2_and_says_why(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, *words, status=2).strip()


def test_a_waiver_is_written_holds_and_is_named_by_the_decision(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--control", "s3-public-access-block", "--resource", "aws_s3_bucket.b", "--reason", "a public site")
    out = said(capsys, "waive", *words, "--ticket", "SEC-1")
    assert "s3-public-access-block is accepted until 20" in out
    text = (repository / ".remedy-gate" / "waivers.yml").read_text()
    assert 'owner: "Ada"' in text
    stage(repository, ".remedy-gate/waivers.yml", text)
    out = said(capsys, "check", "--staged")
    assert "waiver 1: accepted by Ada until" in out
    assert "waiver 1: s3-public-access-block on aws_s3_bucket.b, Ada, until" in said(capsys, "policy", "check")
    assert "no rule      waiver 1" in said(capsys, "policy", "explain", "s3-public-access-block", "--staged")


@pytest.mark.parametrize("expires", ["2026-13-40", "2001-01-01", "2999-01-01"])
def test_a_waiver_that_does_not_hold_waives_nothing_and_is_told(
    expires: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waiver = f"- {{control: s3-*, path: main.tf, owner: o, reason: r, expires: {expires}}}"
    stage(repository, ".remedy-gate/waivers.yml", f"version: 1\nwaivers:\n{waiver}\n")
    out = " ".join(said(capsys, "check", "--staged", status=1).split())
    assert "waiver 1 (s3-* in main.tf): " in out
    assert main(["policy", "check"]) == (0 if expires.startswith("2001") else 2)


def test_a_waiver_without_an_owner_ends_with_2(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waiver = "- {control: s3-*, path: main.tf, reason: r, expires: 2026-12-01}"
    stage(repository, ".remedy-gate/waivers.yml", f"version: 1\nwaivers:\n{waiver}\n")
    assert "`owner` is missing" in said(capsys, "check", "--staged", status=2)


def test_inline_skips_are_counted_or_refused(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage(repository, "main.tf", 'resource "aws_sqs_queue" "q" {\n  name = "q" # checkov:skip=CKV_AWS_27:no\n}\n')
    out = " ".join(said(capsys, "check", "--staged").split())
    assert "1 mark tells scanners to look away, on changed lines: line 2 (checkov:skip" in out
    stage(repository, ".remedy-gate.yml", "version: 1\ninline_skips: refuse\n")
    report = json.loads(said(capsys, "check", "--staged", "--format", "json", status=1))
    refused = [item for item in report["remediations"] if item["finding"]["rule_id"] == "inline-skip"]
    assert [(item["match"]["address"], item["decision"]["blocks"]) for item in refused] == [("aws_sqs_queue.q", True)]
    stage(repository, ".remedy-gate.yml", "version: 1\ninline_skips: allow\n")
    assert "look away" not in said(capsys, "check", "--staged")


def test_policy_explain_says_which_rule_decides_and_why_others_do_not(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(repository, ".remedy-gate.yml", "version: 1\nrules: [{name: old, action: ignore, when: {path: old/**}}]\n")
    out = said(capsys, "policy", "explain", "s3-public-access-block", "--staged")
    assert "passed over  1. .remedy-gate.yml: old -> ignore: path is main.tf, the rule asks for old/**" in out
    assert "decides      2. default: critical and high introduced by this change block -> block" in out


def test_policy_explain_reads_a_report_as_well(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "check", "--staged", "--format", "json", "--output", "report.json", status=1)
    out = said(capsys, "policy", "explain", "s3-public-access-block", "--report", "report.json")
    assert "introduced by this change" in out
    assert "decides      1. default: critical and high introduced by this change block -> block" in out
    assert "read" in said(capsys, "policy", "explain", "--report", "nowhere.json", status=3)


def test_the_schema_is_printed_for_editors(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(said(capsys, "policy", "schema"))["title"] == "Remedy Gate policy, version 1"


def test_what_is_exported_is_a_line_a_record(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "check", "--staged", status=1)
    lines = said(capsys, "ledger", "export").splitlines()
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, len(lines) + 1))
    statements = said(capsys, "ledger", "export", "--format", "in-toto").splitlines()
    assert {json.loads(line)["_type"] for line in statements} == {"https://in-toto.io/Statement/v1"}


def test_nothing_old_enough_is_pruned(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "check", "--staged", status=1)
    assert said(capsys, "ledger", "prune", "--before", "2999-01-01").startswith("No whole segment")
