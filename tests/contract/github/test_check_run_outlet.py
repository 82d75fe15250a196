"""`publish --check-run` from its command line: one check run for the head, kept up to date by every later run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from check_runs_standin import CheckRunState
from github_desk import Desk
from github_standin import HEAD, Fault, PullRequestState, Reply, serving

from remedy_gate.cli import main

QUEUE = 'resource "aws_sqs_queue" "q%d" {\n  name = "q%d"\n}\n'
BASE = b'resource "aws_s3_bucket" "site" {\n  bucket = "example-site"\n}\n'
CHANGED = BASE + b'\nresource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'
MANY = "".join(QUEUE % (number, number) for number in range(60)).encode()
NAME = "Remedy Gate findings"


def checked(folder: Path, text: bytes) -> str:
    """The report of a real check of one file."""
    work, report = folder / "work", folder / "report.json"
    work.mkdir()
    (work / "main.tf").write_bytes(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        main(["check", "--all", "--findings", "catalogue", "--format", "json", "--output", str(report)])
    return report.read_text()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    return checked(tmp_path_factory.mktemp("checked"), CHANGED)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> str:
    return checked(tmp_path_factory.mktemp("many"), MANY)


@pytest.fixture
def state() -> PullRequestState:
    return PullRequestState({"main.tf": CHANGED}, {"main.tf": BASE})


@pytest.fixture
def desk(tmp_path: Path, state: PullRequestState, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with serving(state) as address:
        desk = Desk(tmp_path, address, monkeypatch)
        head = {"sha": HEAD, "ref": "feature", "repo": {"full_name": "acme/infra"}}
        desk.event("pull_request", {"pull_request": {"number": 7, "head": head, "base": {}}})
        yield desk
    assert state.broken == []


def only(state: PullRequestState) -> CheckRunState:
    [run] = state.checks.runs
    return run


def lines(run: CheckRunState) -> list[tuple[int, int, str]]:
    return [(it["start_line"], it["end_line"], it["annotation_level"]) for it in run.annotations]


def whole(run: CheckRunState) -> list[str]:
    return [json.dumps(it, sort_keys=True) for it in run.annotations]


def test_one_check_run_is_made_for_the_head_with_an_annotation_at_each_block(
    state: PullRequestState, desk: Desk, report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.publish(report, check_run=NAME) == 0
    run = only(state)
    said = {key: run.fields[key] for key in ("name", "head_sha", "status", "conclusion")}
    assert said == {"name": NAME, "head_sha": HEAD, "status": "completed", "conclusion": "failure"}
    assert run.fields["output"]["title"].startswith("block: ")
    assert run.fields["output"]["summary"].startswith("## Remedy Gate: block\n")
    blocks = {"aws_s3_bucket.site": (1, 3), "aws_sqs_queue.jobs": (5, 7)}
    assert {it["path"] for it in run.annotations} == {"main.tf"}
    for it in run.annotations:
        assert (it["start_line"], it["end_line"]) == blocks[it["title"].rpartition(" ")[2]]
    assert {it["title"].rpartition(" ")[2] for it in run.annotations} == set(blocks)
    out = capsys.readouterr().out
    assert f"Told a check run (failure, {len(run.annotations)} annotations new): https://x.example/runs/" in out
    assert "::error" not in out


def test_without_being_asked_for_there_is_no_check_run(state: PullRequestState, desk: Desk, report: str) -> None:
    assert desk.publish(report) == 0
    assert state.checks.runs == []
    assert not any("check-runs" in path for _, path, _ in state.requests)


def test_the_policy_of_the_base_asks_for_one_and_names_it(state: PullRequestState, desk: Desk, report: str) -> None:
    desk.policy("version: 1\ncheck_run: {name: Cloud posture}\n")
    assert desk.publish(report) == 0
    assert only(state).fields["name"] == "Cloud posture"


def test_a_second_run_of_the_same_asks_once_and_writes_nothing(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    desk.publish(report, check_run=NAME)
    before, writes = len(state.requests), len(state.writes)
    assert desk.publish(report, check_run=NAME) == 0
    assert len(state.writes) == writes
    assert sum("check-runs" in path for _, path, _ in state.requests[before:]) == 1


def test_a_conclusion_that_somebody_changed_is_set_right(state: PullRequestState, desk: Desk, report: str) -> None:
    desk.publish(report, check_run=NAME)
    told = len(only(state).annotations)
    only(state).fields["conclusion"] = "neutral"
    desk.publish(report, check_run=NAME)
    assert only(state).fields["conclusion"] == "failure"
    assert len(only(state).annotations) == told


def test_a_run_that_knows_more_adds_what_is_new_to_the_same_check_run(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    def without_the_queue(report: Any) -> None:
        report["remediations"] = [it for it in report["remediations"] if "site" in it["match"]["address"]]

    desk.publish(report, without_the_queue, check_run=NAME)
    few = len(only(state).annotations)
    desk.publish(report, check_run=NAME)
    told = whole(only(state))
    assert few < len(told) == len(set(told))


def test_a_finding_that_is_gone_is_not_in_the_newest_check_run_of_the_name(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    """GitHub takes no annotation back, and shows the newest check run of a name."""

    def nothing(whole: Any) -> None:
        whole.update(verdict="pass", remediations=[])

    desk.publish(report, check_run=NAME)
    desk.publish(report, nothing, check_run=NAME)
    assert [(run.fields["conclusion"], bool(run.annotations)) for run in state.checks.runs] == [
        ("failure", True),
        ("success", False),
    ]
    writes = len(state.writes)
    desk.publish(report, nothing, check_run=NAME)
    assert len(state.writes) == writes


def test_more_annotations_than_a_request_holds_are_all_told_once(
    state: PullRequestState, desk: Desk, many: str
) -> None:
    state.head_files["main.tf"] = MANY
    assert desk.publish(many, check_run=NAME) == 0
    told = whole(only(state))
    assert len(told) == len(set(told)) == 120
    sent = [len(body["output"]["annotations"]) for verb, path, body in state.writes if "check-runs" in path]
    assert max(sent) == 50
    assert sum(sent) == len(told)
    assert {it[:2] for it in lines(only(state))} == {(3 * number + 1, 3 * number + 3) for number in range(60)}


@pytest.mark.parametrize("after", [False, True])
def test_an_answer_that_was_lost_half_way_doubles_and_loses_nothing(
    state: PullRequestState, desk: Desk, many: str, *, after: bool
) -> None:
    state.head_files["main.tf"] = MANY
    state.faults = [
        Fault("PATCH", "/check-runs/", Reply(502, {}), after),
        Fault("POST", "/check-runs", Reply(0, {}), after),
    ]
    assert desk.publish(many, check_run=NAME) == 0
    told = whole(only(state))
    assert len(told) == len(set(told)) == 120


def test_a_token_without_the_right_is_told_so_and_the_findings_are_annotated(
    state: PullRequestState, desk: Desk, report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    state.checks.denied = True
    assert desk.publish(report, check_run=NAME) == 3
    out = capsys.readouterr().out
    assert (
        "The token may not make a check run (403: Resource not accessible by integration). Give the job `checks: write`.\n"
        in out
    )
    assert "::error endLine=3,file=main.tf,line=1,title=Remedy Gate" in out
    assert len(state.reviews) == 1


def test_a_token_that_may_only_write_checks_still_tells_every_finding(
    state: PullRequestState, desk: Desk, report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    state.faults = [Fault("POST", "/reviews", Reply(403, {"message": "Resource not accessible by integration"}))]
    state.base_files = {}
    assert desk.publish(report, check_run=NAME) == 3
    assert only(state).annotations
    assert "::error" not in capsys.readouterr().out


def test_what_github_answers_speaks_to_no_runner(
    state: PullRequestState, desk: Desk, report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    state.faults = [Fault("POST", "/check-runs", Reply(422, {"message": "no\n::add-mask::x\x1b[2J"}))]
    assert desk.publish(report, check_run=NAME) == 3
    assert "GitHub refused the check run (422: no ::add-mask::x).\n" in capsys.readouterr().out


def test_an_outage_of_github_is_said_and_the_findings_are_annotated(
    state: PullRequestState, desk: Desk, report: str, capsys: pytest.CaptureFixture[str]
) -> None:
    state.faults = [Fault("POST", "/check-runs", Reply(502, {})) for _ in range(3)]
    assert desk.publish(report, check_run=NAME) == 3
    out = capsys.readouterr().out
    assert "There is no check run: GitHub did not take the check run: it gave no answer.\n::error" in out


def test_a_check_run_of_another_app_is_left_alone_whatever_it_bears(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    theirs = CheckRunState({"name": NAME, "head_sha": HEAD, "external_id": "remedy-gate:v1:abc"}, app=2)
    state.checks.runs.append(theirs)
    assert desk.publish(report, check_run=NAME) == 0
    assert theirs.fields["external_id"] == "remedy-gate:v1:abc"
    assert theirs.annotations == []
    assert len(state.checks.runs) == 2
    assert desk.publish(report, check_run=NAME) == 0
    assert len(state.checks.runs) == 2


def test_a_check_run_of_ours_that_bears_no_mark_such_as_the_jobs_own_is_left_alone(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    job = CheckRunState({"name": NAME, "head_sha": HEAD, "external_id": "9ce2a0a5-7e4f-5d08"})
    state.checks.runs.append(job)
    assert desk.publish(report, check_run=NAME) == 0
    assert job.annotations == []
    assert len(state.checks.runs) == 2


@pytest.mark.parametrize(
    ("verdict", "policy", "conclusion"),
    [
        ("pass", "", "success"),
        ("error", "", "neutral"),
        ("error", "check_run: {on_error: failure}\n", "failure"),
        ("pass", "check_run: {on_error: failure}\n", "success"),
    ],
)
def test_the_conclusion_is_the_verdict_and_an_outage_of_ours_is_red_only_if_policy_says_so(
    verdict: str, policy: str, conclusion: str, state: PullRequestState, desk: Desk, report: str
) -> None:
    desk.policy(f"version: 1\n{policy}")
    desk.publish(report, lambda whole: whole.update(verdict=verdict, remediations=[]), check_run=NAME)
    assert only(state).fields["conclusion"] == conclusion


def test_a_pass_that_a_fork_says_of_itself_is_no_success(state: PullRequestState, desk: Desk, report: str) -> None:
    state.fork = "eve/infra"
    run = {"head_sha": HEAD, "head_branch": "feature", "event": "pull_request"}
    desk.event("workflow_run", {"workflow_run": {**run, "head_repository": {"full_name": "eve/infra"}}})
    assert desk.publish(report, lambda it: it.update(verdict="pass", remediations=[]), check_run=NAME) == 0
    assert only(state).fields["conclusion"] == "neutral"


def test_annotations_stand_where_the_block_is_in_the_head_whatever_lines_the_report_says(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    """A check of the merge commit sees lines that the base brought."""
    state.head_files["main.tf"] = b"# a line\n# another\n" + CHANGED
    desk.publish(report, check_run=NAME)
    assert {(first, last) for first, last, _ in lines(only(state))} == {(3, 5), (7, 9)}


def test_a_block_that_is_not_in_the_head_is_counted_and_not_annotated(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    state.head_files["main.tf"] = BASE + b"\n"
    desk.publish(report, check_run=NAME)
    assert {(first, last) for first, last, _ in lines(only(state))} == {(1, 3)}
    assert "without an annotation: no line in this commit, or one too many." in only(state).fields["output"]["summary"]


def test_texts_of_others_are_on_one_line_and_within_githubs_limits(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    def lie(whole: Any) -> None:
        for item in whole["remediations"]:
            item["finding"]["title"] = "a\u202eb\x1b[31m\n::add-mask::x " + "y" * 5000
            item["decision"]["rule"] = "z" * 5000

    desk.publish(report, lie, check_run=NAME)
    for it in only(state).annotations:
        assert it["message"].startswith("ab ::add-mask::x yyy")
        assert len(it["message"].encode()) < 3000
        assert "\x1b" not in it["message"]
        assert len(it["title"]) <= 255
    assert len(only(state).fields["output"]["summary"].encode()) <= 65_535


def test_under_minimal_disclosure_a_check_run_names_no_finding(
    state: PullRequestState, desk: Desk, report: str
) -> None:
    desk.policy("version: 1\ndisclosure: minimal\n")
    titles = {it["finding"]["title"] for it in json.loads(report)["remediations"]}
    desk.publish(report, check_run=NAME)
    said = json.dumps([only(state).fields, only(state).annotations])
    assert only(state).annotations
    assert [title for title in titles if title in said] == []
    assert "A setting of this block is to be hardened; the details are withheld" in said


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("push", {"before": "0" * 40, "after": HEAD}),
        ("merge_group", {"merge_group": {"head_sha": HEAD, "base_sha": ""}}),
    ],
)
def test_a_push_and_a_merge_group_have_a_check_run_and_no_review(
    name: str, payload: Any, state: PullRequestState, desk: Desk, report: str
) -> None:
    desk.event(name, payload)
    assert desk.publish(report, check_run=NAME) == 0
    assert lines(only(state))
    assert state.reviews == []


def test_a_closed_pull_request_gets_no_check_run(state: PullRequestState, desk: Desk, report: str) -> None:
    state.state = "closed"
    assert desk.publish(report, check_run=NAME) == 3
    assert state.checks.runs == []


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 101, "\u202ex"])
def test_a_name_that_could_mislead_is_refused_before_any_request(
    name: str, state: PullRequestState, desk: Desk, report: str
) -> None:
    assert desk.publish(report, check_run=name) == 2
    assert state.requests == []
