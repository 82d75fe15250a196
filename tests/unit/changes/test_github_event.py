"""What is read from the payloads of GitHub's events. The shapes are GitHub's own, written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from remedy_gate.changes.event import MOST_BYTES, NO_EVENT, Event, event_of
from remedy_gate.errors import ChangesError

A, B, ZEROS = "a" * 40, "b" * 40, "0" * 40
PULL = {
    "number": 7,
    "base": {"ref": "main", "sha": A, "repo": {"full_name": "acme/infra"}},
    "head": {"ref": "feature", "sha": B, "repo": {"full_name": "eve/infra"}},
}


def read(tmp_path: Path, name: str, payload: Any) -> Event:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(payload))
    return event_of(name, str(path))


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target"])
def test_a_pull_request_names_itself_its_base_and_whose_head_it_is(name: str, tmp_path: Path) -> None:
    assert read(tmp_path, name, {"pull_request": PULL}) == Event(name, 7, A, "main", B, "eve/infra", "feature")


def test_a_head_whose_repository_was_deleted_names_none(tmp_path: Path) -> None:
    gone = {**PULL, "head": {"ref": "feature", "sha": B, "repo": None}}
    assert read(tmp_path, "pull_request", {"pull_request": gone}).head_repository == ""


def test_a_merge_group_is_compared_with_its_base_and_is_no_pull_request(tmp_path: Path) -> None:
    group = {"head_sha": B, "head_ref": "refs/heads/gh-readonly-queue/main/pr-104-x", "base_sha": A}
    assert read(tmp_path, "merge_group", {"merge_group": group}) == Event("merge_group", base=A, head=B)


def test_a_push_is_compared_with_what_was_there_before(tmp_path: Path) -> None:
    pushed = {"before": A, "after": B, "forced": False}
    assert read(tmp_path, "push", pushed) == Event("push", base=A, head=B)


@pytest.mark.parametrize("pushed", [{"before": ZEROS, "after": B}, {"before": A, "after": B, "forced": True}])
def test_a_new_branch_and_a_forced_push_have_nothing_to_compare_with(pushed: Any, tmp_path: Path) -> None:
    assert read(tmp_path, "push", pushed) == Event("push", head=B)


def test_the_end_of_a_workflow_names_the_commit_and_where_it_came_from(tmp_path: Path) -> None:
    run = {"head_sha": B, "head_branch": "x", "event": "pull_request", "head_repository": {"full_name": "eve/infra"}}
    expected = Event("workflow_run", head=B, head_repository="eve/infra", head_branch="x", on="pull_request")
    assert read(tmp_path, "workflow_run", {"workflow_run": run}) == expected


@pytest.mark.parametrize("name", ["schedule", "workflow_dispatch"])
def test_a_run_about_everything_names_the_default_branch(name: str, tmp_path: Path) -> None:
    assert read(tmp_path, name, {"repository": {"default_branch": "trunk"}}) == Event(name, default_branch="trunk")


def test_another_event_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "schedule", {"schedule": "0 4 * * 1"}) == Event("schedule")
    assert read(tmp_path, "release", {"repository": {"default_branch": "main"}}) == Event("release")
    assert event_of("", "") == NO_EVENT


@pytest.mark.parametrize("sha", ["--upload-pack=x", "HEAD", "a" * 39, 7, None, "A" * 40])
def test_what_is_no_commit_id_is_not_taken_for_one(sha: object, tmp_path: Path) -> None:
    assert read(tmp_path, "push", {"before": sha, "after": B}).base == ""


@pytest.mark.parametrize("payload", [[], "x", {"pull_request": 1}, {"pull_request": {"number": -1, "base": []}}])
def test_a_payload_of_another_shape_says_nothing(payload: object, tmp_path: Path) -> None:
    assert read(tmp_path, "pull_request", payload) == Event("pull_request")


def test_a_payload_that_is_not_there_not_json_or_too_long_is_an_error_or_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(ChangesError, match=r"could not be read \(FileNotFoundError\)"):
        event_of("push", str(tmp_path / "none"))
    broken = tmp_path / "broken"
    broken.write_bytes(b"{")
    with pytest.raises(ChangesError, match="JSONDecodeError"):
        event_of("push", str(broken))
    broken.write_bytes(b" " * (MOST_BYTES + 1))
    assert event_of("push", str(broken)) == Event("push")
