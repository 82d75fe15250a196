"""`ledger sync`: what became of the suggestions of a pull request, in front of a stand-in for GitHub."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from github_history import MERGE, GitHubAfterwards, Over
from github_standin import TOKEN, Comment, Fault, Reply, serving

from remedy_gate.cli import main

BASE = b'resource "aws_s3_bucket" "site" {\n  bucket = "example-site"\n}\n'
CHANGED = BASE + b'\nresource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'
ENCRYPTED = b"  sqs_managed_sse_enabled = true\n"


class Desk:
    """A developer's repository, a pull request of it that was shown suggestions, and the command."""

    def __init__(self, folder: Path, state: Over, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.state, self._capsys = folder, state, capsys

    def said(self, *words: str, status: int = 0) -> tuple[str, str]:
        self._capsys.readouterr()
        assert main(words) == status
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err
        return captured.out, captured.err

    def publish(self) -> None:
        self.said("check", "--all", "--findings", "catalogue", "--format", "json", "--output", "report.json", status=1)
        self.state.state = "open"
        self.said("publish", "report.json")
        self.state.state = "closed"

    def records(self, kind: str) -> list[dict[str, Any]]:
        lines = self.said("ledger", "export")[0].splitlines()
        return [it for it in (json.loads(line)["entry"] for line in lines) if it["kind"] == kind]

    def outcomes(self, control: str = "sqs-queue-encrypted") -> list[str]:
        """The outcomes for patches of these controls, as they were recorded."""
        found = [it for it in self.records("outcome") if it["origin_key"].startswith(f"catalogue:{control}")]
        return sorted({it["outcome"] for it in found})


@pytest.fixture
def state() -> Over:
    return Over({"main.tf": CHANGED}, {"main.tf": BASE})


@pytest.fixture
def desk(
    tmp_path: Path, state: Over, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    (tmp_path / "main.tf").write_bytes(CHANGED)
    with serving(state, GitHubAfterwards(state)) as address:
        names = {"TOKEN": TOKEN, "REPOSITORY": "acme/infra", "API_URL": address, "REF": "refs/pull/7/merge"}
        for name, value in names.items():
            monkeypatch.setenv(f"GITHUB_{name}", value)
        made = Desk(tmp_path, state, capsys)
        made.publish()
        yield made
    assert state.broken == [], "requests and answers keep to GitHub's description"


def test_what_a_pull_request_is_shown_is_recorded_by_digest_and_its_lines_beside_the_chain(desk: Desk) -> None:
    [publication] = desk.records("publication")
    assert (publication["repository"], publication["pull_request"]) == ("acme/infra", 7)
    shown = [it for it in desk.records("suggestion") if it["items"][0]["origin_key"].startswith("catalogue:sqs")]
    assert shown
    assert {it["pull_request"] for it in shown} == {7}
    assert all(it["files"][0]["path"] == "main.tf" and len(it["comments"][0]) == 32 for it in shown)
    assert "sqs_managed_sse_enabled" not in json.dumps(shown)


def test_a_suggestion_that_was_merged_to_the_byte_is_accepted_and_merged(desk: Desk, state: Over) -> None:
    state.merge(main_tf=state.accepted("main.tf"))
    out, err = desk.said("ledger", "sync")
    assert out.startswith("Recorded ")
    assert err.startswith("remedy-gate: pull request 7: ")
    assert desk.outcomes() == ["accepted", "merged"]
    assert {it["commit"] for it in desk.records("outcome")} == {MERGE}
    assert {it["thread"] for it in desk.records("outcome")} == {"open"}


def test_a_second_run_records_nothing_twice(desk: Desk, state: Over) -> None:
    state.merge(main_tf=state.accepted("main.tf"))
    desk.said("ledger", "sync")
    before = desk.said("ledger", "export")[0]
    assert desk.said("ledger", "sync")[0].startswith("Recorded 0 outcomes of 1 pull request with suggestions of ")
    assert desk.said("ledger", "export")[0] == before
    assert desk.said("ledger", "verify")[0].startswith("The ledger holds")


def test_lines_that_were_changed_otherwise_are_edited_and_the_others_are_as_they_are(desk: Desk, state: Over) -> None:
    accepted = state.accepted("main.tf")
    state.merge(main_tf=accepted.replace(b"sqs_managed_sse_enabled = true", b"kms_master_key_id       = var.k"))
    desk.said("ledger", "sync")
    assert desk.outcomes() == ["edited"]


def test_lines_that_were_merged_as_they_were_are_rejected_and_asked_about_no_more(desk: Desk, state: Over) -> None:
    state.merge()
    for comment in state.comments:
        comment.resolved = True
    desk.said("ledger", "sync")
    assert desk.outcomes() == ["rejected"]
    assert {it["thread"] for it in desk.records("outcome")} == {"resolved"}
    asked = len(state.requests)
    assert desk.said("ledger", "sync")[0].startswith("Nothing to ask GitHub about acme/infra: 1 pull request")
    assert len(state.requests) == asked


@pytest.mark.parametrize(
    ("message", "reverts"),
    [(f'Revert "A change"\n\nThis reverts commit {MERGE}.', True), ("Reverts acme/infra#7", True), ("back", False)],
)
def test_lines_that_are_on_the_branch_as_before_are_reverted_and_the_commit_that_says_so_is_named(
    message: str, reverts: bool, desk: Desk, state: Over
) -> None:
    state.merge(main_tf=state.accepted("main.tf"))
    desk.said("ledger", "sync")
    sha = state.commit(message, main_tf=CHANGED)
    desk.said("ledger", "sync")
    assert desk.outcomes() == ["accepted", "merged", "reverted"]
    assert {it["by"] for it in desk.records("outcome") if it["outcome"] == "reverted"} == {sha if reverts else ""}


def test_a_commit_that_reverts_the_pull_request_and_removes_the_file_reverts_the_suggestion(
    desk: Desk, state: Over
) -> None:
    state.merge(main_tf=state.accepted("main.tf"))
    state.commit(f"This reverts commit {MERGE}.")
    del state.branch[-1].files["main.tf"]
    desk.said("ledger", "sync")
    assert desk.outcomes() == ["accepted", "merged", "reverted"]


@pytest.mark.parametrize("message", ["More", f"This reverts commit {'2' * 40}.", "Reverts acme/infra#77"])
def test_a_later_change_of_other_lines_reverts_nothing(message: str, desk: Desk, state: Over) -> None:
    accepted = state.accepted("main.tf")
    state.merge(main_tf=accepted)
    state.commit(message, main_tf=b"# all of it\n" + accepted + b"# the end\n")
    desk.said("ledger", "sync")
    assert desk.outcomes() == ["accepted", "merged"]


def test_what_others_write_counts_for_nothing_whatever_marks_it_bears(desk: Desk, state: Over) -> None:
    ours = state.comments
    forged = [Comment(it.body, it.path, it.line, mine=False, resolved=True) for it in ours]
    state.reviews[0].comments = [*forged, *ours]
    ours[0].body = ours[0].body.replace("true", "false")  # who may write can edit our comments
    state.merge()
    desk.said("ledger", "sync")
    assert {it["outcome"] for it in desk.records("outcome")} == {"rejected"}
    assert {it["thread"] for it in desk.records("outcome")} == {"open"}


def test_comments_of_another_account_are_not_seen_and_the_bytes_decide_all_the_same(desk: Desk, state: Over) -> None:
    state.merge(main_tf=state.accepted("main.tf"))
    for comment in state.comments:
        comment.mine = False
    desk.said("ledger", "sync")
    assert {it["thread"] for it in desk.records("outcome")} == {"not seen"}
    assert desk.outcomes() == ["accepted", "merged"]


@pytest.mark.parametrize(
    ("now", "words"), [("open", "it is still open"), ("closed", "was closed without being merged")]
)
def test_a_pull_request_that_is_not_merged_says_nothing_of_its_suggestions(
    now: str, words: str, desk: Desk, state: Over
) -> None:
    state.state = now
    assert words in desk.said("ledger", "sync")[1]
    assert desk.records("outcome") == []


def moved(state: Over) -> None:
    state.merge()
    state.branch[-1].files["storage.tf"] = state.branch[-1].files.pop("main.tf")


def lost(state: Over) -> None:
    state.merge()
    state.head_files["main.tf"] = BASE + b"# forced over\n"
    state.branch[-1].files["main.tf"] = BASE


@pytest.mark.parametrize(
    ("what", "words"),
    [(moved, "main.tf is not in the merged commit"), (lost, "GitHub has main.tf no more as it was")],
)
def test_what_cannot_be_told_is_said_and_not_guessed(
    what: Callable[[Over], None], words: str, desk: Desk, state: Over
) -> None:
    what(state)
    assert words in desk.said("ledger", "sync", status=3)[1]
    assert desk.records("outcome") == []


def test_an_expired_token_ends_with_3_and_says_so(desk: Desk, state: Over, monkeypatch: pytest.MonkeyPatch) -> None:
    state.merge()
    monkeypatch.setenv("GITHUB_TOKEN", "of yesterday")
    assert desk.said("ledger", "sync", status=3)[1] == (
        "remedy-gate: /pulls/7 of acme/infra could not be read: Bad credentials. "
        "Check the token: it has expired or was revoked, or is not one of this GitHub.\n"
    )


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (
            ("--repository", "acme/other"),
            "The ledger knows no suggestion that was published to acme/other. It has some for",
        ),
        (("--pull", "8"), "Nothing was recorded as shown to pull request 8."),
        (("--since", "2026-13-40"), "--since is '2026-13-40'. Give a date such as 2026-01-31."),
        (("--pull", "seven"), "invalid int value"),
    ],
)
def test_a_wrong_repository_number_or_day_ends_with_2_before_github_is_asked(
    words: tuple[str, ...], answer: str, desk: Desk, state: Over
) -> None:
    asked = len(state.requests)
    assert answer in desk.said("ledger", "sync", *words, status=2)[1]
    assert len(state.requests) == asked


def test_without_a_token_that_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    assert "Set GITHUB_TOKEN." in desk.said("ledger", "sync", status=2)[1]


def test_a_repository_that_the_token_may_not_see_is_said_and_ends_with_3(desk: Desk, state: Over) -> None:
    state.faults.append(Fault("GET", "/pulls/7", Reply(404, {"message": "Not Found"})))
    assert "acme/infra has no pull request 7 that this token may see" in desk.said("ledger", "sync", status=3)[1]


def test_a_limit_is_waited_out(desk: Desk, state: Over, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    state.merge(main_tf=state.accepted("main.tf"))
    limit = Reply(403, {"message": "API rate limit exceeded"}, (("Retry-After", "7"),))
    state.faults.append(Fault("GET", "/pulls/7", limit))
    desk.said("ledger", "sync")
    assert 7.0 in waited
    assert desk.outcomes() == ["accepted", "merged"]


def test_where_nothing_was_published_there_is_nothing_to_ask(desk: Desk, state: Over) -> None:
    asked = len(state.requests)
    assert desk.said("ledger", "sync", "--since", "2999-01-01")[0].startswith(
        "Nothing to ask GitHub about acme/infra: 0"
    )
    assert len(state.requests) == asked


def test_under_minimal_disclosure_the_ledger_knows_the_finding_all_the_same(desk: Desk) -> None:
    findings = {item["finding"] for it in desk.records("suggestion") for item in it["items"]}
    (desk.folder / ".remedy-gate.yml").write_text("version: 1\ndisclosure: minimal\n")
    desk.publish()
    assert findings == {item["finding"] for it in desk.records("suggestion") for item in it["items"]}
