"""What policy marks `apply` is committed to the pull request's branch, byte for byte; and everything that is not."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from github_desk import Desk
from github_reports import APPLY, CONTROLS, SUGGEST, Checked, checked
from github_standin import HEAD, Fault, PullRequestState, Reply, serving

from remedy_gate.cli import main
from remedy_gate.domain.diff import unified_diff
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.reporting.commit_message import mark_in

TOPIC = b'resource "aws_sns_topic" "news" {\n  name = "news"\n}\n'
QUEUE = b'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'
FILE = TOPIC + b"\n" + QUEUE
PULL = {
    "number": 7,
    "base": {"ref": "main", "sha": ""},
    "head": {"ref": "feature", "sha": HEAD, "repo": {"full_name": "acme/infra"}},
}
NOBODY = b"\xef\xbb\xbf"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return checked(tmp_path_factory.mktemp("apply"), {"main.tf": FILE}, APPLY)


@pytest.fixture(scope="module")
def suggesting(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return checked(tmp_path_factory.mktemp("suggest"), {"main.tf": FILE}, SUGGEST)


@pytest.fixture
def state() -> PullRequestState:
    return PullRequestState({"main.tf": FILE}, {"main.tf": b"# nothing\n"})


@pytest.fixture
def desk(tmp_path: Path, state: PullRequestState, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with serving(state) as address:
        made = Desk(tmp_path, address, monkeypatch)
        made.event("pull_request", {"pull_request": PULL})
        made.set(GITHUB_REF="refs/pull/7/merge")
        (tmp_path / ".remedy-gate.yml").write_text(APPLY)
        yield made
    assert state.broken == [], "requests and answers keep to GitHub's description"


def suggested(state: PullRequestState) -> list[str]:
    return [it.body for it in state.comments if "```suggestion" in it.body and not it.minimized]


def message(state: PullRequestState) -> str:
    [given] = state.made
    return f"{given['message']['headline']}\n\n{given['message']['body']}"


def is_meant(item: Any) -> bool:
    """Whether the policy speaks of the remediation."""
    return item["finding"]["control"] in CONTROLS and item["patch"] is not None


def deciding(address: str, action: str) -> Callable[[Any], object]:
    """Let policy have decided otherwise on the patches of one block."""

    def change(report: Any) -> None:
        for item in report["remediations"]:
            if item["match"]["address"] == address and item["finding"]["control"] in CONTROLS:
                item["decision"]["action"] = action

    return change


def test_what_policy_applies_is_committed_and_not_suggested(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    assert desk.publish(whole.report) == 0
    assert state.head_files == whole.repaired
    assert state.head_files["main.tf"].count(b"sqs_managed_sse_enabled = true") == 1
    assert suggested(state) == []
    [review] = state.reviews
    [given] = state.made
    assert given["expectedHeadOid"] == HEAD
    assert given["branch"] == {"repositoryNameWithOwner": "acme/infra", "branchName": "feature"}
    link = f"[{state.head[:10]}](https://github.example/acme/infra/commit/{state.head})"
    assert f"2 patches committed to `feature`: {link}." in review.body
    assert review.body.count(f"| proven, committed in `{state.head[:10]}` |") == 2


def test_the_message_names_what_it_repairs_and_who_made_it(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    desk.publish(whole.report)
    items = {it["match"]["address"]: it for it in json.loads(whole.report)["remediations"] if is_meant(it)}
    queue, topic = items["aws_sqs_queue.jobs"], items["aws_sns_topic.news"]
    versions = {it["patch"]["origin"]["name"]: it["patch"]["origin"]["version"] for it in (queue, topic)}
    lines = message(state).splitlines()
    assert lines[0] == "Apply 2 proven repairs: sns-topic-encrypted, sqs-queue-encrypted"
    assert lines[2:4] == [
        f"- control=sns-topic-encrypted block=aws_sns_topic.news finding={topic['finding']['fingerprint']}",
        f"- control=sqs-queue-encrypted block=aws_sqs_queue.jobs finding={queue['finding']['fingerprint']}",
    ]
    assert lines[5].startswith("Remedy-Gate: v1 ")
    assert lines[6:] == [
        f"Co-authored-by: {name} {versions[name]} (Remedy Gate catalogue) <catalogue@remedy-gate.invalid>"
        for name in ("sns-topic-encrypted", "sqs-queue-encrypted")
    ]


@pytest.mark.parametrize(
    "content",
    [FILE, FILE.replace(b"\n", b"\r\n"), NOBODY + FILE, NOBODY + FILE.replace(b"\n", b"\r\n"), FILE.rstrip(b"\n")],
    ids=["plain", "crlf", "bom", "bom-crlf", "no-newline"],
)
def test_the_branch_has_the_proven_file_byte_for_byte(
    content: bytes, state: PullRequestState, desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = checked(tmp_path_factory.mktemp("bytes"), {"main.tf": content, "far/x.tf": TOPIC}, APPLY)
    state.head_files = {"main.tf": content, "far/x.tf": TOPIC}
    state.base_files = {"main.tf": b"# nothing\n", "far/x.tf": TOPIC}
    assert desk.publish(found.report) == 0
    assert found.repaired["main.tf"] != content
    assert state.head_files == {"main.tf": found.repaired["main.tf"], "far/x.tf": TOPIC}
    [given] = state.made
    [addition] = given["fileChanges"]["additions"]
    assert base64.b64decode(addition["contents"]) == found.repaired["main.tf"]


def test_what_is_only_suggested_is_left_to_people(state: PullRequestState, desk: Desk, suggesting: Checked) -> None:
    assert desk.publish(suggesting.report) == 0
    assert state.made == []
    assert state.head_files == {"main.tf": FILE}
    assert len(suggested(state)) == 2


def test_what_is_left_to_people_is_suggested_on_top_of_the_commit(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    assert desk.publish(whole.report, deciding("aws_sqs_queue.jobs", "suggest")) == 0
    assert b"kms_master_key_id" in state.head_files["main.tf"]
    assert b"sqs_managed" not in state.head_files["main.tf"]
    assert len(suggested(state)) == 1
    assert state.accepted("main.tf") == whole.repaired["main.tf"]
    [(_, _, review)] = [it for it in state.writes if it[1].endswith("/reviews")]
    assert review["commit_id"] == state.head != HEAD


def test_a_check_run_is_about_the_commit_that_was_made(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    assert desk.publish(whole.report, check_run="Cloud posture") == 0
    [run] = state.checks.runs
    assert run.fields["head_sha"] == state.head != HEAD


def test_a_comment_for_what_is_committed_now_is_hidden(
    state: PullRequestState, desk: Desk, whole: Checked, suggesting: Checked
) -> None:
    desk.publish(suggesting.report)
    assert desk.publish(whole.report) == 0
    assert [it.minimized for it in state.comments if "```suggestion" in it.body] == [True, True]


def again(desk: Desk, state: PullRequestState, report: str) -> int:
    """A run on the commit that was made, which tells the same findings as before."""
    pull = {**PULL, "head": {**PULL["head"], "sha": state.head}}  # type: ignore[dict-item]
    desk.event("pull_request", {"pull_request": pull})
    return desk.publish(report)


def test_a_run_on_our_commit_commits_nothing_where_nothing_is_left(
    state: PullRequestState, desk: Desk, whole: Checked, tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk.publish(whole.report)
    then = checked(tmp_path_factory.mktemp("again"), dict(state.head_files), APPLY)
    assert again(desk, state, then.report) == 0
    assert len(state.made) == 1
    assert suggested(state) == []


def test_what_our_last_commit_was_to_repair_is_not_committed_again(
    state: PullRequestState, desk: Desk, whole: Checked, tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk.publish(whole.report)
    mark = mark_in(state.message)
    assert mark
    state.head_files = {"main.tf": FILE + b"# undone by something\n"}
    then = checked(tmp_path_factory.mktemp("undone"), state.head_files, APPLY)
    assert again(desk, state, then.report) == 0
    assert len(state.made) == 1
    assert len(suggested(state)) == 2
    assert "the last commit was to repair it already, and a person has to look" in state.reviews[-1].body


def test_another_problem_on_our_commit_is_repaired_and_the_mark_keeps_what_was_before(
    state: PullRequestState, desk: Desk, whole: Checked, tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk.publish(whole.report)
    first = mark_in(state.message)
    state.head_files = {"main.tf": state.head_files["main.tf"] + b"\n" + TOPIC.replace(b"news", b"more")}
    then = checked(tmp_path_factory.mktemp("more"), state.head_files, APPLY)
    assert again(desk, state, then.report) == 0
    assert len(state.made) == 2
    second = mark_in(state.message)
    assert first
    assert second
    assert (len(second.keys), set(first.keys) < set(second.keys)) == (3, True)


def test_a_branch_that_moved_on_is_not_committed_to_and_the_run_ends_with_3(
    state: PullRequestState, desk: Desk, whole: Checked, capsys: pytest.CaptureFixture[str]
) -> None:
    state.moved_to = "d" * 40
    assert desk.publish(whole.report) == 3
    assert (state.made, state.writes) == ([], [])
    told = capsys.readouterr().out
    assert "The branch feature has moved on; the run for its new head will tell it." in told
    assert "main.tf" in told
    assert "aws_sqs_queue.jobs" in (desk.folder / "summary.md").read_text()


def test_a_branch_that_moves_on_at_that_moment_is_refused_by_github_and_nothing_is_posted(
    state: PullRequestState, desk: Desk, whole: Checked, capsys: pytest.CaptureFixture[str]
) -> None:
    words = f'Expected branch to point to "{HEAD}" but it did not. Pull and try again.'
    error = {"type": "STALE_DATA", "message": words}
    state.faults.append(Fault("commit", "graphql", Reply(200, {"data": None, "errors": [error]})))
    assert desk.publish(whole.report) == 3
    assert state.head_files == {"main.tf": FILE}
    assert state.writes == []
    assert "The branch feature has moved on: nothing was committed to it." in capsys.readouterr().out


def falls_back(state: PullRequestState, desk: Desk, report: str, words: str) -> None:
    """Nothing is committed, everything is suggested, and the review says why."""
    assert desk.publish(report) == 0
    assert state.head_files == {"main.tf": FILE}
    assert len(suggested(state)) == 2
    assert words in state.reviews[0].body.replace("\\", "").replace("\u200b", "")


def test_a_token_that_may_not_commit_falls_back_to_suggestions(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.may_commit = False
    words = "The token may not commit to feature of acme/infra (Resource not accessible by integration): give the job"
    falls_back(state, desk, whole.report, words)


def test_a_protected_branch_falls_back_to_suggestions(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    state.protected = {"feature"}
    words = "GitHub refused the commit to feature: Repository rule violations found: Cannot update this protected ref"
    falls_back(state, desk, whole.report, words)


def test_a_forks_branch_without_the_right_to_edit_falls_back_to_suggestions(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.fork = "eve/infra"
    words = "as the branch is a fork's, whose owner does not let maintainers push to it: aws_sns_topic.news"
    falls_back(state, desk, whole.report, words)
    assert state.made == []


def test_a_forks_branch_that_maintainers_may_edit_is_committed_to(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.fork, state.may_edit = "eve/infra", True
    assert desk.publish(whole.report) == 0
    assert state.head_files == whole.repaired
    assert state.made[0]["branch"]["repositoryNameWithOwner"] == "eve/infra"


def test_a_fork_that_is_gone_falls_back_to_suggestions(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    state.fork = ""
    falls_back(state, desk, whole.report, "as the repository of the branch is gone")
    # GitHub answers null here, and its description does not say so
    assert state.broken == ["head/repo: None for not nullable", "head/repo: None is not of type 'object'"]
    state.broken.clear()


def test_nothing_is_committed_to_the_default_branch(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    state.head_branch = state.default = "trunk"
    falls_back(state, desk, whole.report, "as nothing is committed to trunk directly")
    assert state.made == []


def test_the_default_branch_of_a_fork_is_a_branch_like_any_other(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.fork, state.may_edit, state.head_branch = "eve/infra", True, "main"
    assert desk.publish(whole.report) == 0
    assert state.head_files == whole.repaired


def test_a_report_that_anyone_could_have_written_commits_nothing(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    run = {"head_sha": HEAD, "head_branch": "feature", "event": "pull_request"}
    desk.event("workflow_run", {"workflow_run": {**run, "head_repository": {"full_name": "acme/infra"}}})
    falls_back(state, desk, whole.report, "as the report comes from a run that anyone could have written")
    assert state.made == []


@pytest.mark.parametrize("mode", ["100755", "120000", "160000"])
def test_what_is_no_plain_file_is_not_committed(mode: str, state: PullRequestState, desk: Desk, whole: Checked) -> None:
    state.modes = {"main.tf": mode}
    assert desk.publish(whole.report) == 0
    assert state.made == []
    assert state.head_files == {"main.tf": FILE}


def test_a_file_that_the_pull_request_does_not_change_is_not_committed(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.base_files = {"main.tf": FILE, "other.tf": b""}
    assert desk.publish(whole.report) == 0
    assert state.made == []
    assert "it changes files that this pull request does not" in state.reviews[0].body


def test_a_closed_pull_request_gets_no_commit(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    state.state = "closed"
    assert desk.publish(whole.report) == 3
    assert (state.made, state.head_files) == ([], {"main.tf": FILE})


@pytest.mark.parametrize("status", [0, 502])
@pytest.mark.parametrize("after", [True, False])
def test_a_lost_answer_to_a_commit_makes_one_commit(
    status: int, after: bool, state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.faults.append(Fault("commit", "graphql", Reply(status, {"message": "Server Error"}), after))
    assert desk.publish(whole.report) == 0
    assert state.head_files == whole.repaired
    assert f"committed in `{state.head[:10]}`" in state.reviews[0].body


def test_a_pull_request_that_shows_the_commit_late_is_waited_for(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    state.slow = 2
    assert desk.publish(whole.report) == 0
    assert f"committed in `{state.head[:10]}`" in state.reviews[0].body


def test_a_commit_that_the_pull_request_never_shows_is_told_in_the_log(
    state: PullRequestState, desk: Desk, whole: Checked, capsys: pytest.CaptureFixture[str]
) -> None:
    state.slow = 20
    assert desk.publish(whole.report) == 3
    assert f"2 patches committed as {state.head[:10]}; the pull request does not show it yet" in capsys.readouterr().out
    assert f"committed in `{state.head[:10]}`" in (desk.folder / "summary.md").read_text()


def test_an_outage_after_the_commit_keeps_the_commit_told(
    state: PullRequestState, desk: Desk, whole: Checked, capsys: pytest.CaptureFixture[str]
) -> None:
    state.faults += [Fault("POST", "/reviews", Reply(502, {"message": "Bad Gateway"}))] * 3
    assert desk.publish(whole.report) == 3
    assert state.head_files == whole.repaired
    told = capsys.readouterr().out
    assert f"2 patches committed to feature: https://github.example/acme/infra/commit/{state.head}\n" in told
    assert "GitHub did not take a comment: Bad Gateway." in told


@pytest.mark.parametrize("action", ["withhold", "annotate", "ignore"])
def test_what_waits_for_a_person_or_is_kept_back_is_not_committed(
    action: str, state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    desk.publish(whole.report, deciding("aws_sqs_queue.jobs", action))
    assert b"kms_master_key_id" in state.head_files["main.tf"]
    assert b"sqs_managed" not in state.head_files["main.tf"]
    assert suggested(state) == []


def test_a_commit_is_recorded_with_its_place(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    import subprocess

    subprocess.run(["git", "init", "-q"], cwd=desk.folder, check=True)
    (desk.folder / ".remedy-gate.yml").write_text(APPLY.replace("ledger: none\n", ""))
    assert desk.publish(whole.report) == 0
    found = outcomes(desk)
    assert [it["outcome"] for it in found] == ["applied", "applied"]
    assert [it["where"] for it in found] == [
        {"repository": "acme/infra", "branch": "feature", "commit": state.head, "pull_request": 7}
    ] * 2
    ids = {it["patch"]["id"] for it in json.loads(whole.report)["remediations"] if is_meant(it)}
    assert {it["patch"] for it in found} == ids


def test_what_was_not_committed_is_not_recorded_as_applied(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    import subprocess

    subprocess.run(["git", "init", "-q"], cwd=desk.folder, check=True)
    (desk.folder / ".remedy-gate.yml").write_text(APPLY.replace("ledger: none\n", ""))
    state.may_commit = False
    assert desk.publish(whole.report) == 0
    assert outcomes(desk) == []


def outcomes(desk: Desk) -> list[Any]:
    desk.set(CI="false", GITHUB_EVENT_NAME="")  # as a person reads it
    path = desk.folder / "ledger.jsonl"
    assert main(["ledger", "export", "--output", str(path)]) == 0
    records = [json.loads(line) for line in path.read_text().splitlines()]
    entries = [it.get("entry", it) for it in records]
    return [it for it in entries if it.get("kind") == "outcome"]


def test_under_minimal_disclosure_the_message_names_no_finding(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    (desk.folder / ".remedy-gate.yml").write_text(APPLY + "disclosure: minimal\n")
    assert desk.publish(whole.report) == 0
    assert state.head_files == whole.repaired
    told = message(state) + state.reviews[0].body
    assert "block=aws_sqs_queue.jobs" in told
    for item in json.loads(whole.report)["remediations"]:
        assert item["finding"]["fingerprint"] not in told
        assert item["finding"]["title"] not in told


def opened(report: Any) -> None:
    """A "repair" that opens the queue to everyone, with a proof that says all is well, and policy's word to apply it."""
    everyone = (
        b'  policy = jsonencode({Statement = [{Effect = "Allow", Principal = "*", Action = "*", Resource = "*"}]})\n'
    )
    [item] = [it for it in report["remediations"] if is_meant(it) and it["match"]["address"] == "aws_sqs_queue.jobs"]
    after = FILE.replace(b'name = "jobs"\n', b'name = "jobs"\n  sqs_managed_sse_enabled = true\n' + everyone)
    patch = Patch(Origin(OriginKind.CATALOGUE, "sqs", "1"), (FilePatch("main.tf", FILE, after),))
    item["patch"] |= {"id": patch.id, "files": ["main.tf"], "diff": unified_diff(patch)}
    report["remediations"] = [item]


def test_a_patch_that_is_refuted_when_it_is_proven_again_is_never_committed(
    state: PullRequestState, desk: Desk, whole: Checked
) -> None:
    assert desk.publish(whole.report, opened) == 0
    assert state.made == []
    assert "was refuted when it was proven again" in state.reviews[0].body.replace("\\", "")


def test_a_commit_and_its_review_take_few_requests(state: PullRequestState, desk: Desk, whole: Checked) -> None:
    desk.publish(whole.report)
    assert len(state.requests) == 11


def test_where_nothing_is_to_be_applied_no_request_is_made_for_it(
    state: PullRequestState, desk: Desk, suggesting: Checked
) -> None:
    desk.publish(suggesting.report)
    assert len(state.requests) == 6
