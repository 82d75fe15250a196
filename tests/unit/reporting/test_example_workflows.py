"""The workflows that we show: pinned, with the least rights, and right about our own Action."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "workflows"
WORKFLOWS: dict[str, dict[Any, Any]] = {
    path.name: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yml"))
}
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
COMMITTING = ("apply.yml", "backlog-pull-request.yml")
OURS = "remedy-gate/remedy-gate@"


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in WORKFLOWS[name]["jobs"].values() for step in job["steps"]]


def test_there_is_one_for_each_case() -> None:
    assert list(WORKFLOWS) == [
        "apply.yml",
        "approvals.yml",
        "aws-oidc.yml",
        "backlog-pull-request.yml",
        "fork-check.yml",
        "fork-publish.yml",
        "github-enterprise-server.yml",
        "merge-queue.yml",
        "pull-request.yml",
        "schedule.yml",
    ]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_by_commit_with_the_version_beside_it(name: str) -> None:
    lines = re.findall(r"uses: (.+)", (FOLDER / name).read_text("utf-8"))
    assert lines
    for line in lines:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # .+", line)
        assert line.startswith(OURS) is ("@" + "0" * 40 in line), "ours alone has no release to pin yet"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_rights_are_given_by_job_and_no_credentials_are_left_behind(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow[True]  # YAML's `on`
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 30
        written = {key for key, value in job["permissions"].items() if value == "write"}
        assert written <= {"pull-requests", "id-token", "issues", *(["contents"] if name in COMMITTING else [])}
    for step in steps(name):
        assert "${{" not in step.get("run", "")
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
            assert "ref" not in step["with"]
            assert "repository" not in step["with"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_our_action_is_called_with_inputs_that_it_has(name: str) -> None:
    ours = [step for step in steps(name) if step.get("uses", "").startswith(OURS)]
    assert len(ours) == 1
    assert set(ours[0].get("with", {})) <= set(ACTION["inputs"])


def test_the_pair_for_forks_separates_reading_the_code_from_the_right_to_write() -> None:
    check, publish = WORKFLOWS["fork-check.yml"], WORKFLOWS["fork-publish.yml"]
    assert publish[True]["workflow_run"]["workflows"] == [check["name"]]
    [job] = check["jobs"].values()
    assert job["permissions"] == {"contents": "read"}
    [ours] = [step for step in steps("fork-check.yml") if step.get("uses", "").startswith(OURS)]
    assert ours["with"]["mode"] == "check"
    [ours] = [step for step in steps("fork-publish.yml") if step.get("uses", "").startswith(OURS)]
    assert ours["with"]["mode"] == "publish"


def test_approvals_are_taken_on_the_default_branch_with_no_word_of_a_comment_in_any_command() -> None:
    workflow = WORKFLOWS["approvals.yml"]
    assert set(workflow[True]) == {"issue_comment", "schedule", "workflow_dispatch"}
    [job] = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read", "issues": "write", "pull-requests": "read", "id-token": "write"}
    assert "github.event.issue.pull_request == null" in job["if"]
    text = (FOLDER / "approvals.yml").read_text("utf-8")
    assert "comment.body" not in text
    assert "issue.title" not in text
    [ours] = [step for step in steps("approvals.yml") if step.get("uses", "").startswith(OURS)]
    assert ours["with"]["mode"] == "approvals"


def test_the_role_trusts_the_pull_requests_of_one_repository_and_may_do_two_things() -> None:
    [trust] = json.loads((FOLDER / "aws-oidc-trust.json").read_text("utf-8"))["Statement"]
    assert trust["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:acme/infra:pull_request",
        }
    }
    statements = json.loads((FOLDER / "aws-oidc-policy.json").read_text("utf-8"))["Statement"]
    assert [it["Action"] for it in statements] == ["securityhub:GetFindings", "bedrock:InvokeModel"]


def test_ci_holds_them_to_zizmor_and_to_githubs_schema() -> None:
    run = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert "zizmor --offline --no-progress --strict-collection . docs/workflows/*.yml" in run
    assert (
        "check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml docs/workflows/*.yml" in run
    )
