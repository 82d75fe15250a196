"""`ledger sync`: what became of the commits that `publish` made, and of the pull requests that it opened itself."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from github_desk import Desk
from github_history import MERGE, GitHubAfterwards, Over
from github_reports import APPLY, SUGGEST, Checked, checked
from github_standin import HEAD, serving

from remedy_gate.cli import main

TOPIC = b'resource "aws_sns_topic" "news" {\n  name = "news"\n}\n'
QUEUE = b'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'
FILES = {"main.tf": TOPIC + b"\n" + QUEUE, "far/queue.tf": QUEUE}
RECORDED = "ledger: none\n", ""
PULL = {
    "number": 7,
    "base": {"ref": "main", "sha": ""},
    "head": {"ref": "feature", "sha": HEAD, "repo": {"full_name": "acme/infra"}},
}


class Clerk(Desk):
    """A runner whose folder is a repository, and which later is a person who reads the ledger."""

    capsys: pytest.CaptureFixture[str]

    def begin(self, report: Checked, state: Over, policy: str) -> None:
        """Publish the report while the pull request is open, and let it be over."""
        self.policy(policy.replace(*RECORDED))
        assert self.publish(report.report) == 0
        state.state = "closed"
        self.set(CI="false", GITHUB_EVENT_NAME="", GITHUB_REF="")

    def sync(self, status: int = 0) -> str:
        self.capsys.readouterr()
        assert main(["ledger", "sync"]) == status
        captured = self.capsys.readouterr()
        return captured.out + captured.err

    def records(self, kind: str) -> list[dict[str, Any]]:
        self.capsys.readouterr()
        assert main(["ledger", "export"]) == 0
        entries = [json.loads(line)["entry"] for line in self.capsys.readouterr().out.splitlines()]
        return [it for it in entries if it["kind"] == kind]

    def seen(self) -> list[tuple[str, str]]:
        """Control and outcome of everything that `sync` recorded."""
        found = [it for it in self.records("outcome") if "pull_request" in it]
        return sorted((it["origin_key"].partition(":")[2], it["outcome"]) for it in found)


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return checked(tmp_path_factory.mktemp("applied"), FILES, APPLY)


@pytest.fixture(scope="module")
def suggested(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return checked(tmp_path_factory.mktemp("suggested"), FILES, SUGGEST)


@pytest.fixture
def state() -> Over:
    base = {**FILES, "main.tf": b"# nothing\n"}
    return Over(dict(FILES), base, state="open", pushed={HEAD: dict(FILES)})


@pytest.fixture
def clerk(
    tmp_path: Path, state: Over, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Clerk]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    with serving(state, GitHubAfterwards(state)) as address:
        made = Clerk(tmp_path, address, monkeypatch)
        made.capsys = capsys
        made.event("pull_request", {"pull_request": PULL})
        made.set(GITHUB_REF="refs/pull/7/merge")
        yield made
    assert state.broken == [], "requests and answers keep to GitHub's description"


def test_a_commit_of_ours_is_recorded_by_digest_with_its_lines_beside_the_chain(
    clerk: Clerk, state: Over, applied: Checked
) -> None:
    clerk.begin(applied, state, APPLY)
    shown = clerk.records("suggestion")
    assert {(it["form"], it["pull_request"], it["commit"]) for it in shown} == {("commit", 7, state.head)}
    assert sorted(it["items"][0]["origin_key"] for it in shown) == [
        "catalogue:sns-topic-encrypted",
        "catalogue:sqs-queue-encrypted",
    ]
    assert "kms_master_key_id" not in json.dumps(shown)


def test_what_we_committed_is_merged_with_the_pull_request_and_nobody_accepted_it(
    clerk: Clerk, state: Over, applied: Checked
) -> None:
    clerk.begin(applied, state, APPLY)
    state.merge()
    assert "pull request 7: 2 merged" in clerk.sync()
    assert clerk.seen() == [("sns-topic-encrypted", "merged"), ("sqs-queue-encrypted", "merged")]
    assert {(it["commit"], it["thread"]) for it in clerk.records("outcome") if "pull_request" in it} == {(MERGE, "")}
    assert "Recorded 0 outcomes" in clerk.sync()


def test_what_was_taken_out_of_the_branch_before_the_merge_is_reverted(
    clerk: Clerk, state: Over, applied: Checked
) -> None:
    clerk.begin(applied, state, APPLY)
    state.merge(main_tf=FILES["main.tf"])
    clerk.sync()
    assert clerk.seen() == [("sns-topic-encrypted", "reverted"), ("sqs-queue-encrypted", "reverted")]


def test_what_was_changed_before_the_merge_is_edited_and_the_other_patch_of_the_file_is_merged(
    clerk: Clerk, state: Over, applied: Checked
) -> None:
    clerk.begin(applied, state, APPLY)
    state.merge(main_tf=state.head_files["main.tf"].replace(b"sqs_managed_sse_enabled = true", b"kms = var.key"))
    clerk.sync()
    assert clerk.seen() == [("sns-topic-encrypted", "merged"), ("sqs-queue-encrypted", "edited")]


def test_what_is_taken_back_after_the_merge_is_reverted_and_counts_against_whoever_made_it(
    clerk: Clerk, state: Over, applied: Checked
) -> None:
    clerk.begin(applied, state, APPLY)
    state.merge()
    clerk.sync()
    state.commit(f"This reverts commit {MERGE}.", main_tf=FILES["main.tf"])
    clerk.sync()
    assert clerk.seen() == [
        ("sns-topic-encrypted", "merged"),
        ("sns-topic-encrypted", "reverted"),
        ("sqs-queue-encrypted", "merged"),
        ("sqs-queue-encrypted", "reverted"),
    ]


def test_a_commit_of_ours_in_a_pull_request_that_was_closed_says_nothing(
    clerk: Clerk, state: Over, applied: Checked
) -> None:
    clerk.begin(applied, state, APPLY)
    assert "it was closed without being merged" in clerk.sync()
    assert clerk.seen() == []


def test_a_commit_that_is_not_told_any_more_is_followed_all_the_same(
    clerk: Clerk, state: Over, applied: Checked
) -> None:
    state.slow = 20
    clerk.policy(APPLY.replace(*RECORDED))
    assert clerk.publish(applied.report) == 3
    clerk.set(CI="false", GITHUB_EVENT_NAME="", GITHUB_REF="")
    state.slow, state.state = 0, "closed"
    state.merge()
    clerk.sync()
    assert clerk.seen() == [("sns-topic-encrypted", "merged"), ("sqs-queue-encrypted", "merged")]


def beside(clerk: Clerk, state: Over, suggested: Checked) -> None:
    clerk.begin(suggested, state, SUGGEST + "companion_pull_request: true\n")
    assert [one.number for one in state.beside] == [8]


def test_a_pull_request_of_ours_that_was_merged_is_accepted_and_merged(
    clerk: Clerk, state: Over, suggested: Checked
) -> None:
    beside(clerk, state, suggested)
    [shown] = [it for it in clerk.records("suggestion") if it["form"] == "companion"]
    assert (shown["pull_request"], shown["comments"], shown["files"][0]["path"]) == (8, [], "far/queue.tf")
    state.merge_beside()
    assert "pull request 8: 1 accepted, 1 merged" in clerk.sync()
    found = [it for it in clerk.records("outcome") if it["pull_request"] == 8]
    assert sorted(it["outcome"] for it in found) == ["accepted", "merged"]


def test_a_pull_request_of_ours_that_was_changed_before_the_merge_is_edited(
    clerk: Clerk, state: Over, suggested: Checked
) -> None:
    beside(clerk, state, suggested)
    repaired = suggested.repaired["far/queue.tf"]
    state.merge_beside(
        far__queue_tf=repaired.replace(b"sqs_managed_sse_enabled = true", b"kms_master_key_id = var.key")
    )
    clerk.sync()
    assert [it["outcome"] for it in clerk.records("outcome") if it["pull_request"] == 8] == ["edited"]


def test_a_pull_request_of_ours_that_people_closed_is_rejected_once(
    clerk: Clerk, state: Over, suggested: Checked
) -> None:
    beside(clerk, state, suggested)
    [one] = state.beside
    one.state = "closed"
    assert "pull request 8: it is ours and was closed: 1 rejected" in clerk.sync()
    assert clerk.seen() == [("sqs-queue-encrypted", "rejected")]
    assert "pull request 8" not in clerk.sync()


def test_a_pull_request_of_ours_that_is_open_says_nothing(clerk: Clerk, state: Over, suggested: Checked) -> None:
    beside(clerk, state, suggested)
    assert "pull request 8: it is still open" in clerk.sync()
    assert clerk.seen() == []
