"""Patches of files that a change does not touch, in a pull request beside it: where policy says so, once, and in order."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from github_desk import Desk
from github_reports import APPLY, SUGGEST, Checked, checked
from github_standin import BASE_TIP, HEAD, Beside, Fault, PullRequestState, Ref, Reply, serving

from remedy_gate.cli import main

TOPIC = b'resource "aws_sns_topic" "news" {\n  name = "news"\n}\n'
QUEUE = b'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'
CRLF = QUEUE.replace(b"\n", b"\r\n")
FILES = {"main.tf": TOPIC, "far/queue.tf": CRLF, "away/topic.tf": TOPIC.replace(b"news", b"away")}
BASE = {**FILES, "main.tf": b"# nothing\n"}
ON = "companion_pull_request: true\n"
PULL = {
    "number": 7,
    "base": {"ref": "main", "sha": ""},
    "head": {"ref": "feature", "sha": HEAD, "repo": {"full_name": "acme/infra"}},
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return checked(tmp_path_factory.mktemp("whole"), FILES, SUGGEST)


@pytest.fixture
def state() -> PullRequestState:
    return PullRequestState(dict(FILES), dict(BASE))


@pytest.fixture
def desk(tmp_path: Path, state: PullRequestState, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with serving(state) as address:
        made = Desk(tmp_path, address, monkeypatch)
        made.event("pull_request", {"pull_request": PULL})
        made.set(GITHUB_REF="refs/pull/7/merge")
        (tmp_path / ".remedy-gate.yml").write_text(SUGGEST + ON)
        yield made
    assert state.broken == [], "requests and answers keep to GitHub's description"


def of_schedule(desk: Desk, event: str = "schedule", branch: str = "main") -> None:
    desk.event(event, {"repository": {"default_branch": "main"}})
    desk.set(GITHUB_REF=f"refs/heads/{branch}")


def asked(state: PullRequestState) -> list[str]:
    return [f"{verb} {path.partition('/repos/acme/infra')[2]}" for verb, path, _ in state.writes]


def test_patches_of_untouched_files_are_proposed_in_one_pull_request_beside_it(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    assert desk.publish(whole.report) == 0
    [one] = state.beside
    [(name, ref)] = state.refs.items()
    assert (one.base, one.branch, one.title) == ("main", name, "Remedy Gate: 2 proven repairs beside #7")
    assert ref.files == {**BASE, **{it: whole.repaired[it] for it in ("far/queue.tf", "away/topic.tf")}}
    assert b"sqs_managed_sse_enabled = true\r\n" in ref.files["far/queue.tf"]
    [given] = state.made
    assert given["expectedHeadOid"] == BASE_TIP
    assert sorted(it["path"] for it in given["fileChanges"]["additions"]) == ["away/topic.tf", "far/queue.tf"]
    assert state.head_files == FILES
    assert len([it for it in state.comments if "```suggestion" in it.body]) == 1
    assert (
        "2 patches proposed in another pull request: [&#35;&#8203;8](https://github.example/acme/infra/pull/8)."
        in state.reviews[0].body
    )


def test_its_body_has_every_patch_by_its_control_with_diff_and_proof(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    desk.publish(whole.report)
    body = state.beside[0].body
    assert body.index("### `sns-topic-encrypted`") < body.index("### `sqs-queue-encrypted`")
    assert body.count("```diff\n") == 2
    assert body.count("| `no_weakening` | pass |") == 2
    assert "aws_sns_topic.news" not in body
    assert body.splitlines()[-1].startswith("<!-- remedy-gate:companion v1 ")


def test_without_the_policys_word_nothing_is_proposed(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    (desk.folder / ".remedy-gate.yml").write_text(SUGGEST)
    assert desk.publish(whole.report) == 0
    assert (state.beside, state.refs, state.made) == ([], {}, [])
    assert "aws_sqs_queue.jobs" in state.reviews[0].body


def test_where_all_is_touched_nothing_is_proposed(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    state.base_files = {"main.tf": b"", "far/queue.tf": b"", "away/topic.tf": b""}
    assert desk.publish(whole.report) == 0
    assert (state.beside, state.refs) == ([], {})


def test_a_second_run_proposes_nothing_and_writes_nothing(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    desk.publish(whole.report)
    writes, requests = len(state.writes), len(state.requests)
    assert desk.publish(whole.report) == 0
    assert (len(state.writes), len(state.made), len(state.beside)) == (writes, 1, 1)
    assert (requests, len(state.requests) - requests) == (12, 8)


def test_there_are_so_many_patches_at_most_the_most_severe(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    (desk.folder / ".remedy-gate.yml").write_text(SUGGEST + "companion_pull_request: {patches: 1}\n")
    desk.publish(whole.report)
    assert state.beside[0].title == "Remedy Gate: 1 proven repair beside #7"
    assert "there are 1 patches in it already" in state.reviews[0].body


def test_an_open_one_is_known_again_behind_a_hundred_of_others(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.beside += [Beside(100 + it, f"work-{it}", "main", "x", "x", mine=False) for it in range(150)]
    assert desk.publish(whole.report) == 0
    [one] = [it for it in state.beside if it.mine]
    before = len(state.writes)
    assert desk.publish(whole.report) == 0
    assert len(state.writes) == before
    assert [it for it in state.beside if it.mine] == [one]
    assert "2 patches proposed in another pull request" in state.reviews[0].body


def test_an_open_one_is_updated_and_no_second_one_opened(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    policy = desk.folder / ".remedy-gate.yml"
    policy.write_text(SUGGEST + "companion_pull_request: {patches: 1}\n")
    desk.publish(whole.report)
    first = dict(next(iter(state.refs.values())).files)
    policy.write_text(SUGGEST + ON)
    assert desk.publish(whole.report) == 0
    [one] = state.beside
    [ref] = state.refs.values()
    assert one.title == "Remedy Gate: 2 proven repairs beside #7"
    assert ref.files == {**BASE, **{it: whole.repaired[it] for it in ("far/queue.tf", "away/topic.tf")}} != first


def test_what_is_proposed_no_more_is_taken_back_from_an_open_one(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    desk.publish(whole.report)
    desk.publish(whole.report, without("far/queue.tf"))
    [ref] = state.refs.values()
    assert ref.files == {**BASE, "away/topic.tf": whole.repaired["away/topic.tf"]}
    assert state.beside[0].title == "Remedy Gate: 1 proven repair beside #7"


def without(path: str) -> Any:
    def change(report: Any) -> None:
        report["remediations"] = [
            it for it in report["remediations"] if path not in (it["patch"] or {"files": []})["files"]
        ]

    return change


def test_one_that_others_committed_to_is_left_to_them(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    desk.publish(whole.report)
    [(name, ref)] = state.refs.items()
    state.refs[name] = mine = Ref("a" * 40, {**ref.files, "far/queue.tf": b"# mine\n"})
    assert desk.publish(whole.report, without("away/topic.tf")) == 0
    assert state.refs == {name: mine}
    assert "has commits of others, and is left to them" in state.reviews[-1].body


def test_one_that_a_person_closed_is_never_opened_again(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    desk.publish(whole.report)
    state.beside[0].state = "closed"
    writes = len(state.writes)
    assert desk.publish(whole.report) == 0
    assert desk.publish(whole.report, without("away/topic.tf")) == 0
    assert len(state.beside) == 1
    assert not [it for it in asked(state)[writes:] if "refs" in it or it.startswith("POST /pulls")]
    assert "it was in &#35;&#8203;8, which is closed" in state.reviews[-1].body


def test_one_that_was_closed_long_ago_is_known_by_its_branch(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    desk.publish(whole.report)
    state.beside[0].state, state.beside[0].mine = "closed", False  # so that it is not among those that are listed
    assert desk.publish(whole.report) == 0
    assert len(state.beside) == 1
    assert "8 had the same patches and is closed: it is not opened again." in state.reviews[-1].body


def test_what_a_closed_one_did_not_have_is_proposed(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    desk.publish(whole.report, without("away/topic.tf"))
    state.beside[0].state = "closed"
    desk.publish(whole.report)
    assert [it.title for it in state.beside] == ["Remedy Gate: 1 proven repair beside #7"] * 2
    assert state.refs[state.beside[1].branch].files == {**BASE, "away/topic.tf": whole.repaired["away/topic.tf"]}


def test_our_mark_in_a_pull_request_of_somebody_else_counts_for_nothing(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    desk.publish(whole.report)
    theirs = state.beside[0].body
    state.beside = [Beside(8, "remedy-gate/x", "main", "x", theirs, "closed", mine=False)]
    state.refs.clear()
    assert desk.publish(whole.report) == 0
    assert [it.number for it in state.beside] == [8, 9]


def test_what_waits_in_the_one_of_another_change_is_not_proposed_twice(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    desk.publish(whole.report)
    of_schedule(desk)
    state.base_files = dict(FILES)
    assert desk.publish(whole.report) == 0
    assert [it.title for it in state.beside] == [
        "Remedy Gate: 2 proven repairs beside #7",
        "Remedy Gate: 1 proven repair of the backlog",
    ]


def test_what_does_not_hold_on_the_base_branch_is_not_proposed(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.base_files["far/queue.tf"] = state.head_files["far/queue.tf"] = CRLF + b"# newer\r\n"
    assert desk.publish(whole.report) == 0
    assert list(state.refs[state.beside[0].branch].files) == list(state.base_files)
    assert state.refs[state.beside[0].branch].files["far/queue.tf"] == CRLF + b"# newer\r\n"


def test_the_backlog_of_a_schedule_is_proposed_to_the_default_branch(
    state: PullRequestState, desk: Desk, whole: Checked, capsys: pytest.CaptureFixture[str]
) -> None:
    of_schedule(desk)
    state.base_files = dict(FILES)
    assert desk.publish(whole.report) == 0
    [one] = state.beside
    assert (one.base, one.title) == ("main", "Remedy Gate: 3 proven repairs of the backlog")
    assert state.refs[one.branch].files == whole.repaired
    told = capsys.readouterr().out
    assert told.startswith(
        "3 patches proposed in #8: https://github.example/acme/infra/pull/8\nThe backlog is proposed.\n"
    )
    assert desk.publish(whole.report) == 0
    assert len(state.made) == len(state.beside) == 1


@pytest.mark.parametrize(
    ("event", "branch"), [("push", "main"), ("workflow_dispatch", "other"), ("merge_group", "main")]
)
def test_other_runs_propose_no_backlog(
    event: str, branch: str, state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    of_schedule(desk, event, branch)
    assert desk.publish(whole.report) == 0
    assert state.requests == []


def test_a_run_on_an_old_state_of_the_default_branch_proposes_only_what_fits_it(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    of_schedule(desk)
    state.base_files = {**FILES, "main.tf": TOPIC + b"# newer\n"}
    assert desk.publish(whole.report) == 0
    assert state.beside[0].title == "Remedy Gate: 2 proven repairs of the backlog"
    assert state.refs[state.beside[0].branch].files["main.tf"] == TOPIC + b"# newer\n"


def test_a_token_that_may_not_make_branches_loses_nothing(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    state.may_commit = False
    assert desk.publish(whole.report) == 0
    body = state.reviews[0].body.replace("\\", "")
    assert "The token may not make a branch (Resource not accessible by integration): give the job" in body
    assert "aws_sqs_queue.jobs" in body
    assert len([it for it in state.comments if "```suggestion" in it.body]) == 1


def test_a_token_that_may_not_ends_the_backlogs_run_with_3_and_annotations(
    state: PullRequestState, desk: Desk, whole: Checked, capsys: pytest.CaptureFixture[str]
) -> None:
    of_schedule(desk)
    state.may_commit = False
    assert desk.publish(whole.report) == 3
    told = capsys.readouterr().out
    assert "The token may not make a branch" in told
    assert "file=far/queue.tf" in told


def test_actions_that_may_not_open_pull_requests_are_told_where_to_allow_it(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.may_open = False
    assert desk.publish(whole.report) == 0
    body = state.reviews[0].body.replace("\\", "")
    assert "Allow it in the repository's settings (Actions, General), or open one from the branch remedy-gate/" in body
    state.may_open = True
    assert desk.publish(whole.report) == 0
    assert (len(state.beside), len(state.made)) == (1, 1)


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("path", ["/git/refs", "/pulls"])
def test_a_lost_answer_opens_one_pull_request(
    path: str, after: bool, state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.faults.append(Fault("POST", f"infra{path}", Reply(502, {"message": "Server Error"}), after))
    assert desk.publish(whole.report) == 0
    assert len(state.beside) == len(state.refs) == 1


def test_an_outage_beside_the_change_does_not_cost_its_review(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.faults += [Fault("GET", f"trees/{BASE_TIP}", Reply(502, {"message": "Bad Gateway"}))] * 3
    assert desk.publish(whole.report) == 0
    assert state.beside == []
    assert "Nothing could be proposed beside: " in state.reviews[0].body


def test_a_report_that_anyone_could_have_written_proposes_nothing(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    run = {"head_sha": HEAD, "head_branch": "feature", "event": "pull_request"}
    desk.event("workflow_run", {"workflow_run": {**run, "head_repository": {"full_name": "acme/infra"}}})
    assert desk.publish(whole.report) == 0
    assert (state.beside, state.refs) == ([], {})
    assert "the report comes from a run that anyone could have written" in state.reviews[0].body


def test_what_is_applied_goes_on_the_branch_and_the_rest_beside_it(
    state: PullRequestState, desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (desk.folder / ".remedy-gate.yml").write_text(APPLY + ON)
    found = checked(tmp_path_factory.mktemp("both"), FILES, APPLY)
    assert desk.publish(found.report) == 0
    assert state.head_files == {**FILES, "main.tf": found.repaired["main.tf"]}
    [ref] = state.refs.values()
    assert ref.files == {**found.repaired, "main.tf": BASE["main.tf"]}
    body = state.reviews[0].body
    assert f"1 patch committed to `feature`: [{state.head[:10]}]" in body
    assert "2 patches proposed in another pull request" in body


def test_under_minimal_disclosure_nothing_of_a_finding_is_told(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    (desk.folder / ".remedy-gate.yml").write_text(SUGGEST + ON + "disclosure: minimal\n")
    assert desk.publish(whole.report) == 0
    [one] = state.beside
    [given] = state.made
    told = one.title + one.body + given["message"]["headline"] + given["message"]["body"]
    assert "aws_sqs_queue.jobs" in told
    for item in json.loads(whole.report)["remediations"]:
        assert item["finding"]["fingerprint"] not in told
        assert item["finding"]["title"] not in told


def test_where_it_was_proposed_is_recorded(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    subprocess.run(["git", "init", "-q"], cwd=desk.folder, check=True)
    (desk.folder / ".remedy-gate.yml").write_text(SUGGEST.replace("ledger: none\n", "") + ON)
    of_schedule(desk)
    state.base_files = dict(FILES)
    desk.publish(whole.report)
    desk.set(CI="false", GITHUB_EVENT_NAME="")  # as a person reads it
    path = desk.folder / "ledger.jsonl"
    assert main(["ledger", "export", "--output", str(path)]) == 0
    texts = path.read_text().splitlines()
    [one] = [it for line in texts for it in [json.loads(line)] if "publication" in line]
    entry = one.get("entry", one)
    [landed] = entry["landed"]
    assert (landed["place"], landed["name"], landed["branch"]) == ("companion", "#8", state.beside[0].branch)
    assert len(landed["patches"]) == 3
