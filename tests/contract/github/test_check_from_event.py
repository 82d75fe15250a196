"""`check` without `--base`, in a real repository, on the events of GitHub."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from remedy_gate.cli import main

BASE = 'resource "aws_s3_bucket" "site" {\n  bucket = "example-site"\n}\n'
MORE = '\nresource "aws_s3_bucket" "data" {\n  bucket = "example-data"\n}\n'
IDENTITY = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


class Checkout:
    """A repository as the runner has it, with a file that holds the event."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.event_path = folder / "work", folder / "event.json"
        self.report_path = folder / "report.json"
        self._environment = monkeypatch
        self.root.mkdir()
        self.git("init", "-q", "-b", "main")
        self.write("main.tf", BASE)
        self.base = self.commit()
        monkeypatch.chdir(self.root)
        monkeypatch.setenv("CI", "true")

    def git(self, *words: str) -> str:
        environment = os.environ | IDENTITY | {"GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(["git", *words], cwd=self.root, env=environment, check=True, capture_output=True)
        return done.stdout.decode().strip()

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-qm", "x")
        return self.git("rev-parse", "HEAD")

    def check(self, event: str, payload: Any, base_branch: str = "") -> tuple[int, set[str]]:
        """The status, and the addresses that the report is about."""
        self.event_path.write_text(json.dumps(payload))
        variables = {"NAME": event, "PATH": str(self.event_path)}
        for name, value in variables.items():
            self._environment.setenv(f"GITHUB_EVENT_{name}", value)
        if base_branch:
            self._environment.setenv("GITHUB_BASE_REF", base_branch)
        words = ["check", "--findings", "catalogue", "--proof", "quick", "--format", "json", "--output"]
        status = main([*words, str(self.report_path)])
        if status > 1:
            return status, set()
        found = json.loads(self.report_path.read_text())["remediations"]
        return status, {str(item["match"]["address"]) for item in found}


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    return Checkout(tmp_path, monkeypatch)


def pull(base: str, head: str) -> dict[str, Any]:
    return {"pull_request": {"number": 7, "base": {"ref": "main", "sha": base}, "head": {"ref": "x", "sha": head}}}


def test_a_pull_request_is_compared_with_its_base_branch(checkout: Checkout) -> None:
    """Not with the event's commit, which may be older than the base of the merge commit that is checked out."""
    checkout.write("other.tf", MORE.replace("data", "of_others"))
    newer = checkout.commit()
    checkout.git("update-ref", "refs/remotes/origin/main", newer)
    checkout.write("main.tf", BASE + MORE)
    head = checkout.commit()
    assert checkout.check("pull_request", pull(checkout.base, head), "main") == (1, {"aws_s3_bucket.data"})


def test_a_pull_request_whose_base_branch_was_not_fetched_is_compared_with_the_commit_of_the_event(
    checkout: Checkout,
) -> None:
    checkout.write("main.tf", BASE + MORE)
    assert checkout.check("pull_request", pull(checkout.base, checkout.commit()), "main") == (
        1,
        {"aws_s3_bucket.data"},
    )


def test_more_files_than_github_lists_in_a_diff_and_a_renamed_one_are_all_seen(checkout: Checkout) -> None:
    about = "# what this is for\n" * 20
    checkout.write("main.tf", about + BASE)
    base = checkout.commit()
    for number in range(301):
        checkout.write(f"notes{number}.txt", "x\n")
    checkout.git("mv", "main.tf", "renamed.tf")
    checkout.write("renamed.tf", about + BASE + MORE)
    checkout.write("zz.tf", MORE.replace("data", "last"))
    status, found = checkout.check("pull_request", pull(base, checkout.commit()))
    assert (status, found) == (1, {"aws_s3_bucket.data", "aws_s3_bucket.last"})


def test_a_merge_group_is_compared_with_its_base(checkout: Checkout) -> None:
    checkout.write("main.tf", BASE + MORE)
    group = {"merge_group": {"base_sha": checkout.base, "head_sha": checkout.commit()}}
    assert checkout.check("merge_group", group) == (1, {"aws_s3_bucket.data"})


def test_a_push_is_compared_with_what_was_there(checkout: Checkout) -> None:
    checkout.write("main.tf", BASE + MORE)
    pushed = {"before": checkout.base, "after": checkout.commit()}
    assert checkout.check("push", pushed) == (1, {"aws_s3_bucket.data"})


@pytest.mark.parametrize(
    ("event", "payload"),
    [("push", {"before": "0" * 40}), ("push", {"before": "1" * 40, "forced": True}), ("schedule", {})],
)
def test_where_there_is_nothing_to_compare_with_every_file_is_judged(
    event: str, payload: Any, checkout: Checkout
) -> None:
    assert checkout.check(event, payload)[1] == {"aws_s3_bucket.site"}


def test_pull_request_target_is_refused_with_the_reason(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write("main.tf", BASE + MORE)
    checkout.write(".remedy-gate.yml", "version: 1\npull_request_target: allow\n")
    assert checkout.check("pull_request_target", pull(checkout.base, checkout.commit()), "main")[0] == 2
    assert capsys.readouterr().err == (
        "remedy-gate: This workflow runs on pull_request_target: code that a fork brings would be read next to the "
        "repository's secrets and a token that may write. Run on pull_request, and publish the report from a workflow "
        "on workflow_run (docs/github.md); or say `pull_request_target: allow` in the policy of the base branch.\n"
    )


def test_pull_request_target_is_allowed_by_the_policy_of_the_base_alone(checkout: Checkout) -> None:
    checkout.write(".remedy-gate.yml", "version: 1\npull_request_target: allow\n")
    base = checkout.commit()
    checkout.write("main.tf", BASE + MORE)
    assert checkout.check("pull_request_target", pull(base, checkout.commit()))[0] == 1
