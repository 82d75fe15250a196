"""The whole Action, as nektos/act runs the workflows that we show: real steps, real installation, stand-ins behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from act_stage import ACT, Stage
from contract.bedrock.runtime_double import Double, edits, running
from github_contract import payload
from github_standin import TOKEN, PullRequestState, serving

pytestmark = [
    pytest.mark.act,
    pytest.mark.skipif(ACT is None, reason="act is not on PATH: pip install -r .ci/act-requirements.lock"),
]

BASE = 'resource "aws_s3_bucket" "site" {\n  bucket = "example-site"\n}\n'
QUEUE = '\nresource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'
FINDING: dict[str, Any] = {
    "ruleId": "ORG-7",
    "level": "error",
    "message": {"text": "Queues have to carry the tag Owner."},
    "locations": [
        {"physicalLocation": {"artifactLocation": {"uri": "main.tf"}, "region": {"startLine": 5, "endLine": 7}}}
    ],
}
SARIF = {
    "version": "2.1.0",
    "runs": [{"tool": {"driver": {"name": "own-scanner", "rules": [{"id": "ORG-7"}]}}, "results": [FINDING]}],
}
GROUP_BASE, GROUP_HEAD = "380387fbc80638b734a49e1be1c4dfec1c01b33c", "2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d"
AWS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "nobody's"}


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    changed = {"main.tf": BASE + QUEUE, ".remedy-gate/findings/own.sarif": json.dumps(SARIF)}
    return Stage(tmp_path, {"main.tf": BASE}, changed)


@pytest.fixture
def state(stage: Stage) -> Iterator[PullRequestState]:
    files = {"main.tf": (BASE + QUEUE).encode(), ".remedy-gate/findings/own.sarif": json.dumps(SARIF).encode()}
    state = PullRequestState(files, {"main.tf": BASE.encode()}, head=stage.head)
    state.checks.commits.add(stage.head)
    yield state
    assert state.broken == []


def test_a_pull_request_is_checked_a_model_asked_and_review_and_check_run_posted(
    stage: Stage, state: PullRequestState
) -> None:
    tags = ('  name = "jobs"\n', '  name = "jobs"\n  tags = {\n    Owner = "data"\n  }\n')
    inputs = {"aws-region": "eu-west-1", "remedies": "catalogue,bedrock", "check-run": "Cloud posture"}
    with serving(state) as url, running(Double(edits(tags))) as bedrock:
        aws = AWS | {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.url, "AWS_ENDPOINT_URL_STS": bedrock.url}
        status = stage.run("pull-request.yml", stage.pull_request(), TOKEN, inputs, **github(url), **aws)
    assert status == 1, stage.log  # policy blocks what the change brings
    assert bedrock.faults == []
    assert bedrock.requests
    [review] = state.reviews
    assert review.body.startswith("## Remedy Gate: block\n")
    assert "Patch from bedrock: `eu.anthropic.claude-sonnet-5-5`" in review.body
    assert b"sqs_managed_sse_enabled = true\n" in state.accepted("main.tf")
    [run] = state.checks.runs
    assert (run.fields["name"], run.fields["conclusion"]) == ("Cloud posture", "failure")
    assert {(it["start_line"], it["end_line"]) for it in run.annotations} == {(5, 7)}
    assert "::set-output:: verdict=block" in stage.log
    assert TOKEN not in stage.log.partition("\n")[2]


def test_a_second_run_of_the_workflow_posts_nothing(stage: Stage, state: PullRequestState) -> None:
    with serving(state) as url:
        assert stage.run("pull-request.yml", stage.pull_request(), TOKEN, {}, **github(url)) == 1, stage.log
        posted = len(state.writes)
        assert stage.run("pull-request.yml", stage.pull_request(), TOKEN, {}, **github(url)) == 1, stage.log
    assert posted == len(state.writes) > 0
    assert len(state.reviews) == 1
    assert "Nothing new to post" in stage.log


def test_a_change_without_fault_passes_and_nothing_is_posted(tmp_path: Path) -> None:
    clean = {"main.tf": BASE, "README.md": "Words.\n"}
    stage = Stage(tmp_path, {"main.tf": BASE}, clean)
    state = PullRequestState({"main.tf": BASE.encode(), "README.md": b"Words.\n"}, {"main.tf": BASE.encode()})
    state.head = stage.head
    with serving(state) as url:
        assert stage.run("pull-request.yml", stage.pull_request(), TOKEN, {}, **github(url)) == 0, stage.log
    assert (state.writes, state.broken) == ([], [])
    assert "::set-output:: verdict=pass" in stage.log


def test_a_fork_is_checked_without_a_right_and_told_by_the_second_workflow(
    stage: Stage, state: PullRequestState
) -> None:
    state.fork = "eve/infra"
    with serving(state) as url:
        fork = stage.pull_request("eve/infra")
        assert stage.run("fork-check.yml", fork, "read-only", {}, **github(url)) == 1, stage.log
        assert state.requests == []
        assert [it.name for it in stage.artifacts.iterdir()] == ["remedy-gate.json"]
        stage.git("checkout", "-q", "main")
        run = {"id": 1, "head_sha": stage.head, "head_branch": "feature", "event": "pull_request"}
        ended = {"workflow_run": {**run, "head_repository": {"full_name": "eve/infra"}}}
        assert stage.run("fork-publish.yml", ended, TOKEN, {}, **github(url)) == 0, stage.log
    [review] = state.reviews
    assert "This report was made by a run that anyone could have written." in review.body
    assert b"sqs_managed_sse_enabled = true\n" in state.accepted("main.tf")


def test_a_merge_group_is_checked_and_told_nobody(stage: Stage, state: PullRequestState) -> None:
    group = payload("merge_group", 0, {GROUP_BASE: stage.base, GROUP_HEAD: stage.head})
    with serving(state) as url:
        assert stage.run("merge-queue.yml", group, TOKEN, {}, **github(url)) == 1, stage.log
    assert state.writes == []
    assert "::set-output:: verdict=block" in stage.log


def github(url: str) -> dict[str, str]:
    return {"GITHUB_API_URL": url, "GITHUB_REPOSITORY": "acme/infra"}
