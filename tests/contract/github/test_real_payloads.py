"""Payloads that GitHub itself sent, before the reading of events, `check` and `publish`.

All of them are of one repository; what comes from a fork, of a deleted one, or was forced, is theirs with that changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from github_contract import payload
from github_desk import Desk
from github_standin import HEAD, PullRequestState, serving
from test_check_from_event import BASE, MORE, Checkout

from remedy_gate.changes.event import Event, event_of

PULL_BASE, PULL_HEAD = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e", "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
GROUP_BASE, GROUP_HEAD = "380387fbc80638b734a49e1be1c4dfec1c01b33c", "2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d"
PUSHED = "6113728f27ae82c7b1a177c8d03f9e96e0adf246"
RUN = "3484a3fb816e0859fd6e1cea078d76385ff50625"
HELLO = "Codertocat/Hello-World"


def read(tmp_path: Path, name: str, event: Any) -> Event:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event))
    return event_of(name, str(path))


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("name", ["pull_request", "pull_request_target"])
def test_a_pull_request_that_was_opened_or_pushed_to(name: str, number: int, tmp_path: Path) -> None:
    assert read(tmp_path, name, payload("pull_request", number)) == Event(
        name, 2, PULL_BASE, "master", PULL_HEAD, HELLO, "changes"
    )


def test_a_pull_request_of_a_fork_and_of_one_that_is_gone(tmp_path: Path) -> None:
    event = payload("pull_request")
    event["pull_request"]["head"]["repo"]["full_name"] = "eve/Hello-World"
    assert read(tmp_path, "pull_request", event).head_repository == "eve/Hello-World"
    event["pull_request"]["head"]["repo"] = None
    assert read(tmp_path, "pull_request", event) == Event(
        "pull_request", 2, PULL_BASE, "master", PULL_HEAD, "", "changes"
    )


def test_a_merge_group(tmp_path: Path) -> None:
    assert read(tmp_path, "merge_group", payload("merge_group")) == Event(
        "merge_group", base=GROUP_BASE, head=GROUP_HEAD
    )


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, Event("push", head=PUSHED)),  # a new tag
        (1, Event("push", base=PUSHED)),  # a tag that is gone
        (2, Event("push", head=PUSHED)),  # a new branch
    ],
)
def test_a_push(number: int, expected: Event, tmp_path: Path) -> None:
    assert read(tmp_path, "push", payload("push", number)) == expected


@pytest.mark.parametrize(
    ("number", "head", "branch", "on"),
    [
        (0, "5779607b49aab1200488439f02372c57b4f75444", "main", "workflow_dispatch"),
        (1, RUN, "master", "repository_dispatch"),
    ],
)
def test_the_end_of_a_workflow(number: int, head: str, branch: str, on: str, tmp_path: Path) -> None:
    assert read(tmp_path, "workflow_run", payload("workflow_run", number)) == Event(
        "workflow_run", head=head, head_repository="octo-org/octo-repo", head_branch=branch, on=on
    )


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    return Checkout(tmp_path, monkeypatch)


def changed(checkout: Checkout) -> str:
    checkout.write("main.tf", BASE + MORE)
    return checkout.commit()


def test_check_looks_at_what_a_pull_request_changes(checkout: Checkout) -> None:
    event = payload("pull_request", 1, {PULL_HEAD: changed(checkout), PULL_BASE: checkout.base})
    assert checkout.check("pull_request", event, "master") == (1, {"aws_s3_bucket.data"})


def test_check_refuses_the_same_on_pull_request_target(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    event = payload("pull_request", 1, {PULL_HEAD: changed(checkout), PULL_BASE: checkout.base})
    assert checkout.check("pull_request_target", event, "master")[0] == 2
    assert "This workflow runs on pull_request_target" in capsys.readouterr().err


def test_check_looks_at_what_a_merge_group_brings(checkout: Checkout) -> None:
    event = payload("merge_group", 0, {GROUP_HEAD: changed(checkout), GROUP_BASE: checkout.base})
    assert checkout.check("merge_group", event) == (1, {"aws_s3_bucket.data"})


def test_check_looks_at_everything_on_a_new_branch_and_at_what_a_later_push_brings(checkout: Checkout) -> None:
    head = changed(checkout)
    event = payload("push", 2, {PUSHED: head})
    assert checkout.check("push", event) == (1, {"aws_s3_bucket.site", "aws_s3_bucket.data"})
    assert checkout.check("push", event | {"before": checkout.base}) == (1, {"aws_s3_bucket.data"})


@pytest.fixture
def state() -> PullRequestState:
    return PullRequestState({"main.tf": (BASE + MORE).encode()}, {"main.tf": BASE.encode()}, fork="eve/infra")


@pytest.fixture
def desk(tmp_path: Path, state: PullRequestState, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with serving(state) as address:
        yield Desk(tmp_path, address, monkeypatch)
    assert state.broken == []


@pytest.fixture
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a real check wrote of the same code."""
    with pytest.MonkeyPatch.context() as patch:
        checkout = Checkout(tmp_path_factory.mktemp("checked"), patch)
        event = payload("pull_request", 1, {PULL_HEAD: changed(checkout), PULL_BASE: checkout.base})
        checkout.check("pull_request", event, "master")
    return checkout.report_path.read_text()


def ended(**changes: Any) -> Any:
    """The end of a workflow that a fork's pull request started; GitHub's example is of another event."""
    event = payload("workflow_run", 1, {RUN: HEAD, "octo-org/octo-repo": "eve/infra"})
    event["workflow_run"] |= {"event": "pull_request", "head_branch": "feature", **changes}
    return event


def test_publish_finds_the_pull_request_of_a_finished_workflow(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    desk.event("workflow_run", ended())
    assert desk.publish(report) == 0
    assert len(state.reviews) == 1


def test_publish_says_nothing_to_the_end_of_a_workflow_on_another_event(
    state: PullRequestState, desk: Desk, report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.event("workflow_run", ended(event="repository_dispatch"))
    assert desk.publish(report) == 0
    assert "There is no pull request to post to." in capsys.readouterr().out
    assert state.writes == []
