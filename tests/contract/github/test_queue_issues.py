"""`queue publish` and `queue collect` as people use them, in front of a stand-in that has issues, teams and rights."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
from github_issue_desk import MEMBERS, IssueDesk, IssueState, PullState
from github_standin import TOKEN, Fault, PullRequestState, Reply, serving
from moto import mock_aws

from remedy_gate.cli import main
from remedy_gate.commands import clock, queue_desk
from remedy_gate.commands.ledgers import this_ledger
from remedy_gate.domain.ledger import Entry
from remedy_gate.ledger.approvals import KINDS, queue
from remedy_gate.reporting.github_api import Target
from remedy_gate.settings import read_settings

VULNERABLE = 'resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n'
POLICY = """\
version: 1
rules:
  - name: a person looks at public access
    action: block
    when: {control: s3-public-access-block}
    require_approval: true
  - action: ignore
approvals:
  github:
    teams: [security]
    assignees: ada
"""


class Runner:
    """A checkout in which a gate asked for a yes in pull request 7 of eve, and a job that may write issues."""

    def __init__(self, folder: Path, state: PullRequestState, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.state, self.desk, self._capsys = folder, state, state.desk, capsys

    def said(self, *words: str, status: int = 0) -> str:
        done = main(words)
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err
        assert done == status, captured.out + captured.err
        return captured.out + captured.err

    def stage(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text(text)
        subprocess.run(["git", "add", name], cwd=self.folder, check=True)

    def check(self) -> str:
        return " ".join(self.said("check", "--staged", status=1).split())

    def records(self, kind: str) -> list[Any]:
        lines = self.said("ledger", "export").splitlines()
        return [it for line in lines if (it := json.loads(line)["entry"])["kind"] == kind]

    @property
    def patch(self) -> str:
        return str(self.records("request")[-1]["patch"])

    @property
    def writes(self) -> int:
        return len(self.state.writes)


@pytest.fixture
def state() -> PullRequestState:
    desk = IssueDesk(
        teams={"acme/security": {"ada": "active", "eve": "active", "pat": "pending", "rita": "active"}},
        permissions={"ada": "write", "eve": "admin", "pat": "write", "rita": "read", "olga": "write"},
        pulls={7: PullState("eve", committers=("eve",))},
    )
    return PullRequestState({}, desk=desk)


@pytest.fixture
def runner(
    tmp_path: Path, state: PullRequestState, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Runner]:
    for name in ("CI", "GITHUB_BASE_REF", "GITHUB_RUN_ID", "GIT_DIR", "GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(queue_desk, "Target", partial(Target, pause=0))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    subprocess.run(["git", "config", "user.name", "Carol"], cwd=tmp_path, check=True)
    one = Runner(tmp_path, state, capsys)
    one.stage("main.tf", VULNERABLE)
    one.stage(".remedy-gate.yml", POLICY)
    with serving(state) as address:
        for name, value in {
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_REPOSITORY": "acme/infra",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_API_URL": address,
        }.items():
            monkeypatch.setenv(name, value)
        yield one
    assert state.broken == [], "requests and answers keep to GitHub's description"


@pytest.fixture
def asked(runner: Runner) -> Runner:
    """The gate withheld a patch, and an issue asks for a yes."""
    assert "the patch waits" in runner.check()
    runner.said("queue", "publish")
    return runner


def approve(runner: Runner, login: str = "ada", **more: Any) -> None:
    runner.desk.says(login, f"remedy-gate approve {runner.patch}", **more)


def test_each_patch_that_waits_becomes_one_issue_that_says_all(runner: Runner) -> None:
    runner.check()
    out = runner.said("queue", "publish")
    assert out.endswith("1 patch to be answered for; 1 issue changed.\n")
    [issue] = runner.desk.issues
    [request] = runner.records("request")
    patch = request["patch"]
    assert (issue.labels, issue.assignees) == (["remedy-gate-approval"], ["ada"])
    assert issue.title == f"Approve a repair of aws_s3_bucket.b ({patch[:12]})"
    for part in (
        "`aws_s3_bucket.b` in `main.tf` · asked for by #7",
        '+resource "aws_s3_bucket_public_access_block" "b" {',
        "| `intent` | pass |",
        f"```\nremedy-gate approve {patch}\n```",
        f"```\nremedy-gate reject {patch} because\n```",
        "members of @acme/security, or whoever owns every file of the patch",
        "and not for a change of their own",
        "A yes holds for 14 days",
        f"- patch `{patch}`\n- code that it was made from `{request['base']}`\n- proof `{request['proof']}`",
    ):
        assert part in issue.body
    mark = f"<!-- remedy-gate:approval:v1 patch={patch} base={request['base']} proof={request['proof']} -->"
    assert issue.body.endswith(mark)
    [opened] = runner.records("issue")
    assert (opened["patch"], opened["number"], opened["repository"]) == (patch, 1, "acme/infra")


def test_a_second_run_writes_nothing(asked: Runner) -> None:
    before = asked.writes
    assert asked.said("queue", "publish") == "1 patch to be answered for; 0 issues changed.\n"
    assert asked.writes == before == 1


def test_no_second_issue_is_opened_where_somebody_took_the_label_off(asked: Runner) -> None:
    asked.desk.issues[0].labels.clear()
    asked.said("queue", "publish")
    assert len(asked.desk.issues) == 1


def test_an_issue_whose_words_somebody_changed_gets_its_own_again(asked: Runner) -> None:
    issue = asked.desk.issues[0]
    right, issue.body = issue.body, issue.body.replace("+resource", "+# harmless")
    assert "#1 has other words now" in asked.said("queue", "publish")
    assert issue.body == right


def test_an_issue_of_somebody_else_with_our_mark_is_left_alone(asked: Runner) -> None:
    theirs = asked.desk.issues[0]
    theirs.mine = False
    before = (theirs.title, theirs.body, theirs.is_open)
    approve(asked)
    asked.said("queue", "collect")
    assert asked.records("approval") == []
    asked.said("queue", "publish")
    assert (theirs.title, theirs.body, theirs.is_open) == before
    assert len(asked.desk.issues) == 2


def test_a_yes_of_the_team_is_recorded_answered_once_and_lets_the_patch_through(asked: Runner) -> None:
    approve(asked)
    out = asked.said("queue", "collect")
    assert "#1: ada said yes, until " in out
    assert "(member of acme/security)" in out
    [record] = asked.records("approval")
    assert (record["by"], record["through"]) == ("ada", "member of acme/security")
    assert record["comment"] == "https://github.example/acme/infra/issues/1#issuecomment-1"
    assert record["issue"] == "https://github.example/acme/infra/issues/1"
    [issue] = asked.desk.issues
    assert (issue.is_open, issue.reason) == (False, "completed")
    assert [it.body.partition(":")[0] for it in issue.comments if it.mine] == [
        f"Approved by ada until {time.strftime('%Y-%m-%d', time.gmtime((record['expires_day']) * 86_400))}"
    ]
    assert "approved by ada" in asked.check()


def test_collecting_twice_records_and_answers_once(asked: Runner) -> None:
    approve(asked)
    asked.said("queue", "collect")
    before = asked.writes
    assert asked.said("queue", "collect") == "0 patches to be answered for; 0 answers recorded.\n"
    asked.said("queue", "publish")
    assert asked.writes == before
    assert len(asked.records("approval")) == 1


def test_a_run_that_died_after_it_recorded_is_finished_by_the_next(asked: Runner) -> None:
    approve(asked)
    asked.state.faults.append(Fault("POST", "/comments", Reply(403, {"message": "no"})))
    assert "#1 could not be answered: no." in asked.said("queue", "collect", status=3)
    assert len(asked.records("approval")) == 1
    asked.said("queue", "collect")
    assert not asked.desk.issues[0].is_open
    assert len(asked.records("approval")) == 1


def test_a_lost_answer_opens_no_second_issue_and_says_nothing_twice(runner: Runner) -> None:
    runner.check()
    runner.state.faults.append(Fault("POST", "/issues", Reply(502, {"message": "bad gateway"}), after=True))
    runner.said("queue", "publish")
    assert len(runner.desk.issues) == 1
    approve(runner)
    runner.state.faults.append(Fault("POST", "/comments", Reply(502, {"message": "bad gateway"}), after=True))
    runner.said("queue", "collect")
    assert len([it for it in runner.desk.issues[0].comments if it.mine]) == 1


def test_a_no_is_recorded_with_its_reason_and_is_stronger_than_a_yes(asked: Runner) -> None:
    asked.desk.permissions["bob"], asked.desk.teams["acme/security"]["bob"] = "write", "active"
    approve(asked)
    asked.desk.says("bob", f"remedy-gate reject {asked.patch} it is a public site\nby design")
    out = asked.said("queue", "collect")
    assert "the answer of ada does not count: bob said no, and that is stronger." in out
    [record] = asked.records("rejection")
    assert (record["by"], record["reason"]) == ("bob", "it is a public site by design")
    assert asked.records("approval") == []
    assert (asked.desk.issues[0].is_open, asked.desk.issues[0].reason) == (False, "not_planned")


@pytest.mark.parametrize(
    ("login", "why"),
    [
        ("mallory", "they may not write to this repository"),
        ("rita", "they may not write to this repository"),
        ("olga", "they are in no team that may approve, and no line of CODEOWNERS says who owns main.tf"),
        ("pat", "they are in no team that may approve, and no line of CODEOWNERS says who owns main.tf"),
        ("eve", "the change is their own, and the policy has others answer for it"),
        ("", "nobody knows any more who wrote it"),
    ],
)
def test_a_yes_of_somebody_without_the_right_is_ignored(login: str, why: str, asked: Runner) -> None:
    approve(asked, login)
    assert f"the answer of {login or 'nobody'} does not count: {why}." in asked.said("queue", "collect")
    leaves_alone(asked)


def leaves_alone(runner: Runner) -> None:
    """Nothing was decided: no record, no word, and the issue still asks."""
    assert runner.records("approval") == runner.records("rejection") == []
    assert [it for it in runner.desk.issues[0].comments if it.mine] == []
    assert runner.desk.issues[0].is_open
    assert "the patch waits" in runner.check()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("remedy-gate approve {short}", "it gives only the beginning of the patch's digest"),
        ("remedy-gate approve", "it names no digest"),
        ("remedy-gate approve {other}", "it names another patch"),
        ("remedy-gate approve {patch} once Bob agrees", "it says more than yes, and a yes under conditions is none"),
        ("remedy-gate approve {patch}\n\nonce Bob agrees", "it says more than yes, and a yes under conditions is none"),
        ("> remedy-gate approve {patch}", "its first line is not the answer alone, as it stands in the issue"),
        ("Do not write\nremedy-gate approve {patch}", "its first line is not the answer alone"),
        ("`remedy-gate approve {patch}`", "its first line is not the answer alone"),
        ("remedy-gate reject {patch} no\nremedy-gate approve {patch}", "it answers more than once"),
    ],
)
def test_what_is_not_clearly_a_yes_is_none(text: str, why: str, asked: Runner) -> None:
    patch = asked.patch
    asked.desk.says("ada", text.format(patch=patch, short=patch[:31], other="0" * 32))
    assert why in asked.said("queue", "collect")
    leaves_alone(asked)


def test_talk_is_not_an_answer_and_is_not_told(asked: Runner) -> None:
    asked.desk.says("ada", "Looks good, I shall approve it tomorrow.")
    assert asked.said("queue", "collect") == "1 patch to be answered for; 0 answers recorded.\n"
    leaves_alone(asked)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"edited": "2026-01-01T00:00:00Z"}, "it was edited: nobody can tell what it said before"),
        ({"hidden": True}, "it was hidden"),
        ({"kind": "Bot"}, "it is from an app, or from the account that posts the issues"),
        ({"mine": True}, "it is from an app, or from the account that posts the issues"),
    ],
)
def test_a_comment_that_is_edited_hidden_or_of_a_machine_does_not_count(
    more: dict[str, Any], why: str, asked: Runner
) -> None:
    approve(asked, **more)
    assert why in asked.said("queue", "collect")
    assert asked.records("approval") == []
    assert asked.desk.issues[0].is_open


def test_a_yes_to_words_that_were_changed_since_does_not_count(asked: Runner) -> None:
    issue = asked.desk.issues[0]
    right, issue.body = issue.body, issue.body.replace("+resource", "+# harmless")
    approve(asked)
    assert "no answer counts, as the issue does not say what is asked" in asked.said("queue", "collect")
    issue.body, issue.edited = right, asked.desk.now()
    assert "the words of the issue were changed after it" in asked.said("queue", "collect")
    leaves_alone(asked)
    approve(asked)
    asked.said("queue", "collect")
    assert len(asked.records("approval")) == 1


def test_a_yes_that_ran_out_does_not_count(asked: Runner) -> None:
    asked.desk.issues[0].at = "2026-01-01T00:00:00Z"
    asked.desk.issues[0].comments.clear()
    asked.desk.says("ada", f"remedy-gate approve {asked.patch}").at = "2026-01-02T00:00:00Z"
    assert "does not count: it held until 2026-01-16." in asked.said("queue", "collect")
    leaves_alone(asked)


def test_a_changed_patch_needs_a_new_answer_in_an_issue_of_its_own(asked: Runner) -> None:
    approve(asked)
    asked.said("queue", "collect")
    asked.stage("main.tf", VULNERABLE.replace("example", "another"))
    assert "the patch waits" in asked.check()
    asked.said("queue", "publish")
    assert [it.is_open for it in asked.desk.issues] == [False, True]
    asked.said("queue", "collect")
    assert "the patch waits" in asked.check()


@pytest.mark.parametrize(
    ("label", "kind"), [("remedy-gate-approved", "approval"), ("remedy-gate-rejected", "rejection")]
)
def test_a_label_answers_where_whoever_put_it_may(label: str, kind: str, asked: Runner) -> None:
    asked.desk.labels("ada", label)
    asked.said("queue", "collect")
    [record] = asked.records(kind)
    assert (record["by"], record["comment"]) == ("ada", "https://github.example/acme/infra/issues/1#label-LE_1_0")


def test_a_label_of_somebody_without_the_right_or_that_was_taken_off_is_none(asked: Runner) -> None:
    asked.desk.labels("olga", "remedy-gate-approved")
    assert "the answer of olga does not count" in asked.said("queue", "collect")
    asked.desk.labels("gate", "remedy-gate-approved", kind="Bot")
    assert "it is from an app" in asked.said("queue", "collect")
    asked.desk.labels("ada", "remedy-gate-approved")
    asked.desk.issues[0].labels = ["remedy-gate-approval"]
    assert "1 patch to be answered for; 0 answers recorded." in asked.said("queue", "collect")
    leaves_alone(asked)


def test_a_label_that_got_its_name_after_it_was_put_on_is_no_yes(asked: Runner) -> None:
    """Whoever may write may rename a label, and so could turn one of somebody else's into their yes."""
    asked.desk.labels("ada", "triage")
    asked.desk.renames("triage", "remedy-gate-approved")
    assert "the label itself was changed after it was put on" in asked.said("queue", "collect")
    leaves_alone(asked)
    asked.desk.labels("ada", "remedy-gate-approved")
    asked.said("queue", "collect")
    [record] = asked.records("approval")
    assert record["by"] == "ada"


def test_an_answer_from_a_machine_does_not_close_the_issue_and_one_from_here_does(asked: Runner) -> None:
    assert "until" in asked.said("queue", "approve", asked.patch)
    asked.said("queue", "publish")
    [issue] = asked.desk.issues
    assert not issue.is_open
    assert issue.comments[0].body.startswith("Approved by Carol until ")


def test_where_the_policy_takes_answers_from_github_alone_no_other_yes_counts(asked: Runner) -> None:
    asked.said("queue", "approve", asked.patch)
    assert "approved by Carol" in asked.check()
    asked.stage(".remedy-gate.yml", POLICY.replace("approvals:\n", "approvals:\n  answers: github\n"))
    assert "the patch waits" in asked.check()
    out = asked.said("queue", "approve", asked.patch, status=2)
    assert "The policy takes a yes only from an issue on GitHub" in out
    asked.said("queue", "publish")
    assert asked.desk.issues[0].is_open
    approve(asked)
    asked.said("queue", "collect")
    assert "approved by ada" in asked.check()


def test_what_a_person_closed_stays_closed_and_that_is_said(asked: Runner) -> None:
    asked.desk.issues[0].is_open = False
    out = asked.said("queue", "publish")
    assert "#1 left alone: a person closed it without an answer, and its patch still waits" in out
    assert len(asked.desk.issues) == 1
    assert not asked.desk.issues[0].is_open


def test_an_issue_whose_patch_the_ledger_does_not_know_is_left_alone(asked: Runner) -> None:
    for path in (asked.folder / ".git" / "remedy-gate").iterdir():
        path.unlink()
    assert "#1 left alone: the ledger does not know the patch that it is about." in asked.said("queue", "publish")
    assert asked.desk.issues[0].is_open


def with_owners(runner: Runner, change: Callable[[str], str] = lambda text: text) -> None:
    runner.stage(".remedy-gate.yml", change(POLICY.replace("    teams: [security]\n", "")))
    runner.check()
    runner.said("queue", "publish")


def test_the_owner_of_the_file_by_codeowners_of_the_base_may_answer(runner: Runner) -> None:
    runner.desk.owners = {"HEAD:CODEOWNERS": "* @ada\n*.tf @olga # infra\n", "main:CODEOWNERS": "*.tf @Olga\n"}
    with_owners(runner)
    approve(runner, "ada")
    approve(runner, "olga")
    out = runner.said("queue", "collect")
    assert "does not count: they are in no team that may approve, and do not own main.tf (CODEOWNERS, line 2)" in out
    [record] = runner.records("approval")
    assert record["by"] == "olga"
    assert record["through"].startswith("owner of main.tf (CODEOWNERS of HEAD, line 2)")


def test_owners_of_a_branch_that_anybody_can_make_own_nothing_elsewhere(runner: Runner) -> None:
    runner.desk.pulls[7].base = "mine"
    runner.desk.owners = {"HEAD:CODEOWNERS": "* @ada\n", "mine:CODEOWNERS": "* @olga\n"}
    with_owners(runner)
    approve(runner, "olga")
    assert "the answer of olga does not count" in runner.said("queue", "collect")
    leaves_alone(runner)


def test_a_team_that_owns_the_file_may_answer_by_its_members(runner: Runner) -> None:
    runner.desk.owners = {"HEAD:.github/CODEOWNERS": "/main.tf @acme/security\n", "HEAD:CODEOWNERS": "* @olga\n"}
    runner.desk.owners |= {"main:.github/CODEOWNERS": "/main.tf @acme/security\n"}
    with_owners(runner)
    approve(runner, "olga")
    approve(runner, "ada")
    assert "the answer of olga does not count" in runner.said("queue", "collect")
    assert [it["by"] for it in runner.records("approval")] == ["ada"]


@pytest.mark.parametrize("text", ["*.tf\n", "*.tf @ada olga\n", "*.tf olga@example.com\n", "/other @olga\n"])
def test_where_nobody_owns_the_file_nobody_may_answer(text: str, runner: Runner) -> None:
    runner.desk.owners = {"HEAD:CODEOWNERS": text, "main:CODEOWNERS": text}
    with_owners(runner)
    approve(runner, "olga")
    assert "the answer of olga does not count" in runner.said("queue", "collect")
    leaves_alone(runner)


def test_without_code_owners_in_the_policy_an_owner_may_not_answer(runner: Runner) -> None:
    runner.desk.owners = {"HEAD:CODEOWNERS": "* @olga\n", "main:CODEOWNERS": "* @olga\n"}
    with_owners(runner, lambda text: f"{text}    code_owners: false\n")
    assert "Who may answer: nobody, as the policy stands" in runner.desk.issues[0].body
    approve(runner, "olga")
    runner.said("queue", "collect")
    leaves_alone(runner)


def test_whoever_committed_to_the_change_may_not_answer_and_may_where_the_policy_allows_it(asked: Runner) -> None:
    asked.desk.pulls[7].committers = ("eve", "Ada")
    approve(asked)
    assert "the change is their own, and the policy has others answer for it" in asked.said("queue", "collect")
    assert asked.records("approval") == []
    asked.stage(".remedy-gate.yml", POLICY.replace("approvals:\n", "approvals:\n  self_approval: true\n"))
    asked.said("queue", "publish")
    approve(asked)
    asked.said("queue", "collect")
    assert [it["by"] for it in asked.records("approval")] == ["ada"]


def test_a_patch_that_no_workflow_asked_for_cannot_be_approved_as_nobody_knows_whose_change_it_is(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.delenv("GITHUB_REPOSITORY")
        runner.check()
    runner.said("queue", "publish")
    approve(runner)
    assert "whose change it is cannot be told" in runner.said("queue", "collect")
    assert runner.records("approval") == []


def test_a_push_is_the_change_of_whoever_made_the_commit_and_of_its_pull_request(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_REF", "refs/heads/feature")
    monkeypatch.setenv("GITHUB_SHA", "c0ffee" + "0" * 34)
    runner.desk.pulls[9] = PullState("ada")
    runner.desk.commits["c0ffee" + "0" * 34] = ("eve", [9])
    runner.check()
    runner.said("queue", "publish")
    approve(runner)
    approve(runner, "eve")
    assert runner.said("queue", "collect").count("the change is their own") == 2
    runner.desk.pulls[9].author = "bob"
    runner.said("queue", "collect")
    assert [it["by"] for it in runner.records("approval")] == ["ada"]


def test_of_a_commit_that_is_gone_and_of_a_pull_request_too_long_to_list_nobody_can_tell_whose_it_is(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.desk.pulls[7].committers = ("eve",) * 250
    runner.check()
    runner.said("queue", "publish")
    approve(runner)
    assert "whose change it is cannot be told" in runner.said("queue", "collect")
    runner.desk.pulls[7].committers = ("eve",) * 249
    monkeypatch.setenv("GITHUB_REF", "refs/heads/feature")
    monkeypatch.setenv("GITHUB_SHA", "dec0de" + "0" * 34)
    runner.check()
    assert "whose change it is cannot be told" in runner.said("queue", "collect")
    assert runner.records("approval") == []
    runner.desk.commits["dec0de" + "0" * 34] = ("eve", [])
    runner.said("queue", "collect")
    assert len(runner.records("approval")) == 1


@pytest.mark.parametrize(
    ("event", "payload", "ref", "change"),
    [
        ("schedule", {}, "refs/heads/main", (0, "")),
        (
            "push",
            {"after": "c0ffee" + "0" * 34},
            "refs/heads/gh-readonly-queue/main/pr-9-" + "a" * 40,
            (0, "c0ffee" + "0" * 34),
        ),
        ("merge_group", {"merge_group": {}}, "refs/heads/gh-readonly-queue/main/pr-9-" + "a" * 40, (9, "b" * 40)),
        ("pull_request_target", {"pull_request": {"number": 8}}, "refs/heads/main", (8, "b" * 40)),
    ],
)
def test_a_request_says_for_which_change_it_is(
    event: str, payload: Any, ref: str, change: tuple[int, str], runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    (runner.folder.parent / "event.json").write_text(json.dumps(payload))
    variables = {
        "EVENT_NAME": event,
        "EVENT_PATH": str(runner.folder.parent / "event.json"),
        "REF": ref,
        "SHA": "b" * 40,
    }
    for name, value in variables.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    if event == "pull_request_target":
        runner.stage(".remedy-gate.yml", f"{POLICY}pull_request_target: allow\n")
    runner.check()
    [request] = runner.records("request")
    assert (request["repository"], request["pull_request"], request["commit"]) == ("acme/infra", *change)


def test_a_run_on_a_schedule_is_about_nobodys_change(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    (runner.folder.parent / "event.json").write_text("{}")
    for name, value in {"EVENT_NAME": "schedule", "REF": "refs/heads/main", "SHA": "b" * 40}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(runner.folder.parent / "event.json"))
    runner.check()
    runner.said("queue", "publish")
    assert "asked for by" not in runner.desk.issues[0].body
    approve(runner)
    runner.said("queue", "collect")
    assert [it["by"] for it in runner.records("approval")] == ["ada"]


def test_a_patch_whose_diff_is_not_kept_is_asked_about_nowhere_and_the_run_ends_with_3(runner: Runner) -> None:
    runner.check()
    with contextlib.closing(sqlite3.connect(runner.folder / ".git" / "remedy-gate" / "ledger.sqlite")) as database:
        database.execute("DELETE FROM attachments")
        database.commit()
    out = runner.said("queue", "publish", status=3)
    assert "is asked about nowhere: its diff and its proof are not kept any more; run `check` again." in out
    assert runner.desk.issues == []


def test_a_patch_of_another_repository_in_the_same_ledger_is_not_asked_about_here(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("GITHUB_REPOSITORY", "acme/other")
        runner.check()
    assert runner.said("queue", "publish") == "0 patches to be answered for; 0 issues changed.\n"
    assert runner.desk.issues == []


def refused(status: int, message: str) -> Reply:
    return Reply(status, {"message": message, "documentation_url": "https://docs.github.com/rest"})


@pytest.mark.parametrize(
    ("where", "reply", "words"),
    [
        ("/graphql", refused(401, "Bad credentials"), "The issues of acme/infra could not be read: Bad credentials."),
        ("/permission", refused(401, "Bad credentials"), "What ada may do in acme/infra could not be read"),
        ("/teams/security", refused(404, "Not Found"), "There is no team acme/security, or the token may not see it"),
        ("/memberships/", refused(403, "Forbidden"), "Whether ada is in the team acme/security could not be read"),
        ("/commits", refused(403, "Resource not accessible"), "/pulls/7/commits of acme/infra could not be read"),
    ],
)
def test_what_cannot_be_read_is_said_ends_with_3_and_approves_nothing(
    where: str, reply: Reply, words: str, asked: Runner
) -> None:
    approve(asked)
    asked.state.faults.append(Fault("POST" if where == "/graphql" else "GET", where, reply))
    assert words in asked.said("queue", "collect", status=3)
    leaves_alone(asked)


def test_a_token_that_may_not_read_members_is_told_which_one_may_and_that_one_is_used_for_nothing_else(
    asked: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.desk.guards_members = True
    approve(asked)
    out = asked.said("queue", "collect", status=3)
    assert "The team acme/security could not be read: Resource not accessible by integration." in out
    assert "give such a token as REMEDY_GATE_MEMBERS_TOKEN" in out
    leaves_alone(asked)
    monkeypatch.setenv("REMEDY_GATE_MEMBERS_TOKEN", f"{TOKEN} {MEMBERS}")
    asked.said("queue", "collect")
    assert [it["by"] for it in asked.records("approval")] == ["ada"]


def test_a_token_that_may_not_write_issues_ends_with_3_and_says_what_it_needs(runner: Runner) -> None:
    runner.check()
    runner.state.read_only = True
    out = runner.said("queue", "publish", status=3)
    assert (
        "An issue could not be opened: Resource not accessible by integration. The job's token needs `issues: write`."
        in out
    )


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_without_token_or_repository_it_is_misuse(name: str, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    for verb in ("publish", "collect"):
        assert name in runner.said("queue", verb, status=2)


def test_who_cannot_be_assigned_and_a_label_that_is_not_taken_do_not_keep_the_issue_from_being_opened(
    runner: Runner,
) -> None:
    runner.desk.unassignable, runner.desk.drops_labels = {"ada"}, True
    runner.check()
    out = runner.said("queue", "publish")
    assert "GitHub does not let it be assigned to ada." in out
    runner.said("queue", "publish")
    assert len(runner.desk.issues) == 1


def test_names_that_try_to_be_markup_or_commands_are_shown_as_what_they_are(runner: Runner) -> None:
    name = "a`@acme-all <!-- remedy-gate:approval:v1 --> ##[error]x.tf"
    runner.stage(name, VULNERABLE.replace('"b"', '"c"').replace("example", "x```` @everyone"))
    runner.check()
    out = runner.said("queue", "publish")
    assert "##[" not in out
    issue = next(it for it in runner.desk.issues if "bucket.c" in it.title)
    [fence] = re.findall(r"^(`{3,})diff\n", issue.body, re.MULTILINE)
    assert f"``{name}``" in issue.body
    inside = issue.body.partition(f"{fence}diff\n")[2].partition(f"\n{fence}\n")[0]
    assert max(map(len, re.findall("`+", inside)), default=0) < len(fence)
    outside = issue.body.replace(inside, "").replace(f"``{name}``", "")
    assert "@everyone" not in outside
    assert outside.count("<!--") == 1


def test_under_minimal_disclosure_the_issue_names_no_finding(runner: Runner) -> None:
    runner.stage(".remedy-gate.yml", f"{POLICY}disclosure: minimal\n")
    runner.check()
    runner.said("queue", "publish")
    [issue] = runner.desk.issues
    assert "the details are withheld" in issue.body
    assert "Reported as" not in issue.body
    assert "| `intent` | pass | withheld |" in issue.body


strftime, gmtime, real, nanoseconds = time.strftime, time.gmtime, time.time, time.time_ns


class Later:
    """The clock of the commands, some days from now."""

    def __init__(self, days: int) -> None:
        self.shift = days * 86_400

    def time(self) -> float:
        return real() + self.shift

    def time_ns(self) -> int:
        return nanoseconds() + self.shift * 1_000_000_000

    def gmtime(self) -> Any:
        return gmtime(self.time())

    strftime = staticmethod(strftime)


def after_days(days: int, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "time", Later(days))
    runner.desk.clock = time.time() + days * 86_400 - 3600


def test_an_approval_that_ended_is_asked_for_again_in_the_same_issue_and_the_old_yes_is_not_taken_twice(
    asked: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(asked)
    asked.said("queue", "collect")
    after_days(20, asked, monkeypatch)
    assert asked.said("queue", "publish") == "0 patches to be answered for; 0 issues changed.\n"
    assert "the patch waits" in asked.check()
    assert "#1 opened again: The approval of ada held until " in asked.said("queue", "publish")
    assert len(asked.desk.issues) == 1
    before = asked.writes
    asked.said("queue", "publish")
    assert asked.said("queue", "collect") == "1 patch to be answered for; 0 answers recorded.\n"
    assert asked.writes == before
    assert "the patch waits" in asked.check()
    approve(asked)
    asked.said("queue", "collect")
    assert len(asked.records("approval")) == 2
    assert "approved by ada" in asked.check()


def test_what_a_person_closed_after_we_opened_it_again_stays_closed(
    asked: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(asked)
    asked.said("queue", "collect")
    after_days(20, asked, monkeypatch)
    asked.check()
    asked.said("queue", "publish")
    asked.desk.issues[0].is_open = False
    assert "#1 left alone: a person closed it" in asked.said("queue", "publish")


def test_a_patch_that_no_run_asks_for_any_more_does_not_wait_and_does_again_once_one_asks(
    asked: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_days(30, asked, monkeypatch)
    asked.said("queue", "publish")
    assert asked.desk.issues[0].is_open
    after_days(31, asked, monkeypatch)
    assert "#1 closed: No run has asked for this patch since " in asked.said("queue", "publish")
    assert (asked.desk.issues[0].is_open, asked.desk.issues[0].reason) == (False, "not_planned")
    asked.said("queue", "publish")
    asked.check()
    assert "#1 opened again: The patch is asked for again" in asked.said("queue", "publish")


def test_a_patch_that_was_taken_over_does_not_wait_any_more(asked: Runner) -> None:
    opened, _ = this_ledger(None, read_settings(sys.stdout))
    [waiting] = queue(opened.ledger.records(KINDS), 20_000)
    body = {
        "id": "5" * 32,
        "kind": "outcome",
        "outcome": "merged",
        "patch": waiting.patch,
        "at": "2999-01-01T00:00:00Z",
    }
    opened.ledger.append((Entry("5" * 32, "outcome", json.dumps(body, sort_keys=True, separators=(",", ":"))),))
    assert "#1 closed: The patch was taken over" in asked.said("queue", "publish")
    assert (asked.desk.issues[0].is_open, asked.desk.issues[0].reason) == (False, "completed")


def test_a_second_issue_about_the_same_patch_is_closed_and_the_first_stands(asked: Runner) -> None:
    first = asked.desk.issues[0]
    asked.desk.issues.append(IssueState(first.title, first.body, asked.desk.now(), list(first.labels)))
    asked.desk.says("ada", f"remedy-gate approve {asked.patch}", number=2)
    assert "#2 closed: The same is asked in #1." in asked.said("queue", "collect")
    assert asked.records("approval") == []
    assert [it.is_open for it in asked.desk.issues] == [True, False]


def test_more_comments_and_issues_than_a_page_holds_are_all_read(asked: Runner) -> None:
    others = [IssueState("x", "y", asked.desk.now(), ["remedy-gate-approval"], mine=False) for _ in range(150)]
    asked.desk.issues += others
    for number in range(150):
        asked.desk.says("olga", f"word {number}")
        asked.desk.labels("olga", "remedy-gate-approved")
    approve(asked)
    asked.said("queue", "collect")
    assert [it["by"] for it in asked.records("approval")] == ["ada"]


def test_in_ci_a_ledger_that_begins_anew_each_time_is_warned_of_and_the_head_is_printed(
    asked: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "schedule")
    approve(asked)
    out = asked.said("queue", "collect")
    assert "the ledger is in this checkout's git directory, where a workflow begins anew each time" in out
    assert "remedy-gate: ledger head " in out


def test_with_a_shared_ledger_the_job_that_asks_the_one_that_takes_answers_and_the_gate_share_no_checkout(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    shared = f"{POLICY}ledger: {{table: audit, region: eu-west-1}}\n"
    with mock_aws():
        boto3.client("dynamodb", region_name="eu-west-1").create_table(
            TableName="audit",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        runner.stage(".remedy-gate.yml", shared)
        assert "the patch waits" in runner.check()
        desk = tmp_path / "default-branch"
        subprocess.run(["git", "init", "-q", "-b", "main", desk], check=True)
        (desk / ".remedy-gate.yml").write_text(shared)
        with monkeypatch.context() as job:
            job.chdir(desk)
            job.setenv("CI", "true")
            job.setenv("GITHUB_REF", "refs/heads/main")
            job.setenv("GITHUB_EVENT_NAME", "issue_comment")
            out = runner.said("queue", "publish")
            assert "begins anew" not in out
            approve(runner)
            runner.said("queue", "collect")
            assert not (desk / ".git" / "remedy-gate").exists()
        assert "approved by ada" in runner.check()
        assert "The ledger holds" in runner.said("ledger", "verify")
