"""How many requests `publish` makes, from its command line, in front of the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from github_desk import Desk
from github_standin import HEAD, PullRequestState, serving

from remedy_gate.cli import main

QUEUE = 'resource "aws_sqs_queue" "q%d" {\n  name = "q%d"\n}\n'
PADDING = "# padding\n" * 20


def files(*, changed: bool) -> dict[str, bytes]:
    """40 modules with a queue each. In 30 the queue is new; in 10 another line is, far from it."""
    found = {}
    for number in range(40):
        queue, line = QUEUE % (number, number), "# a new line\n" if changed else ""
        text = (queue if changed else "# nothing\n") if number < 30 else queue + PADDING + line
        found[f"modules/m{number:02}/main.tf"] = text.encode()
    return found


@pytest.fixture
def state() -> PullRequestState:
    return PullRequestState(files(changed=True), files(changed=False), fork="eve/infra")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("checked")
    for path, content in files(changed=True).items():
        (folder / "work" / path).parent.mkdir(parents=True)
        (folder / "work" / path).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder / "work")
        main(["check", "--all", "--findings", "catalogue", "--format", "json", "--output", str(folder / "report.json")])
    return (folder / "report.json").read_text()


@pytest.fixture
def desk(tmp_path: Path, state: PullRequestState, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with serving(state) as address:
        yield Desk(tmp_path, address, monkeypatch)
    assert state.broken == []


def apply(report: object) -> None:
    """Let policy have decided that the 40 are applied."""
    forty(report)
    assert isinstance(report, dict)
    for item in report["remediations"]:
        item["decision"] |= {"action": "apply", "blocks": False}


def forty(report: object) -> None:
    """The 40 remediations of one control: what is counted here."""
    assert isinstance(report, dict)
    report["remediations"] = [
        it for it in report["remediations"] if it["finding"]["rule_id"] == "sqs-queue-encrypted" and it["patch"]
    ]
    assert len(report["remediations"]) == 40


def test_forty_new_remediations_take_at_most_sixty_requests_and_unchanged_ones_at_most_twelve(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    assert desk.publish(report, forty) == 0
    new = len(state.requests)
    assert (len(state.reviews[0].comments), len(state.file_comments)) == (30, 10)
    assert desk.publish(report, forty) == 0
    again = len(state.requests) - new
    assert len(state.reviews) == 1
    assert (new, again) == (17, 6)
    assert new <= 60
    assert again <= 12


def test_a_check_run_takes_two_requests_more_and_one_where_nothing_changed(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    assert desk.publish(report, forty, check_run="Cloud posture") == 0
    new = len(state.requests)
    assert len(state.checks.runs[0].annotations) == 40
    assert desk.publish(report, forty, check_run="Cloud posture") == 0
    assert (new, len(state.requests) - new) == (19, 7)


def test_forty_applied_remediations_are_one_commit_and_take_few_requests(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    state.fork = "acme/infra"
    pull = {"number": 7, "base": {"ref": "main", "sha": ""}, "head": {"ref": "feature", "sha": HEAD}}
    desk.event("pull_request", {"pull_request": pull})
    assert desk.publish(report, apply) == 0
    [commit] = state.made
    assert len(commit["fileChanges"]["additions"]) == 40
    assert (len(state.comments), len(state.reviews)) == (0, 1)
    assert len(state.requests) == 11


def test_forty_proposed_beside_a_change_are_one_pull_request_and_take_few_requests(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    state.fork, state.base_files = "acme/infra", {**state.head_files}
    state.head_files["README.md"] = b"changed"
    pull = {"number": 7, "base": {"ref": "main", "sha": ""}, "head": {"ref": "feature", "sha": HEAD}}
    desk.event("pull_request", {"pull_request": pull})
    (desk.folder / ".remedy-gate.yml").write_text("version: 1\ncompanion_pull_request: {patches: 40}\n")
    assert desk.publish(report, forty) == 0
    new = len(state.requests)
    assert len(state.beside) == len(state.made) == len(state.reviews) == 1
    assert desk.publish(report, forty) == 0
    assert (new, len(state.requests) - new, len(state.made)) == (12, 8, 1)
