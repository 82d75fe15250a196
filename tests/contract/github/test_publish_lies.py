"""`publish` from its command line: whose pull request it is, and what is posted of reports that lie."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from github_desk import Desk
from github_standin import HEAD, Fault, PullRequestState, Reply, serving

from remedy_gate.cli import main
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch

BASE = b'resource "aws_s3_bucket" "site" {\n  bucket = "example-site"\n}\n'
CHANGED = BASE + b'\nresource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a real check of one change."""
    folder = tmp_path_factory.mktemp("checked")
    work, report = folder / "work", folder / "report.json"
    work.mkdir()
    (work / "main.tf").write_bytes(CHANGED)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        main(["check", "--all", "--findings", "catalogue", "--format", "json", "--output", str(report)])
    return report.read_text()


def item_of(report: Any) -> Any:
    """The remediation of the queue whose patch encrypts it: what the tests lie about."""
    patched = (it for it in report["remediations"] if it["patch"])
    [found] = [it for it in patched if it["patch"]["origin"]["name"] == "sqs-queue-encrypted"]
    assert found["match"]["address"] == "aws_sqs_queue.jobs"
    return found


@pytest.fixture
def state() -> PullRequestState:
    return PullRequestState({"main.tf": CHANGED}, {"main.tf": BASE}, fork="eve/infra")


@pytest.fixture
def desk(tmp_path: Path, state: PullRequestState, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with serving(state) as address:
        yield Desk(tmp_path, address, monkeypatch)
    assert state.broken == []


def suggested(state: PullRequestState) -> list[str]:
    return [it.body for it in state.comments if "```suggestion" in it.body]


def test_an_honest_report_of_a_fork_is_told_with_patches_proven_again(
    state: PullRequestState, desk: Desk, honest: str
) -> None:
    assert desk.publish(honest) == 0
    assert "aws_sqs_queue.jobs" in "".join(suggested(state))
    assert "This report was made by a run that anyone could have written." in state.reviews[0].body
    assert "could not be proven again" not in state.reviews[0].body
    assert b"sqs_managed_sse_enabled" in state.accepted("main.tf")


def test_the_pull_request_is_the_one_of_the_runs_commit_whatever_the_report_is_called(
    state: PullRequestState, desk: Desk, honest: str
) -> None:
    state.lists_by_commit = False  # as GitHub does for the commits of a fork
    desk.set(GITHUB_REF="refs/pull/99/merge")
    assert desk.publish(honest) == 0
    assert {
        path.split("?")[0].rpartition("/repos/acme/infra")[2] for verb, path, _ in state.requests if verb == "GET"
    } == {
        f"/commits/{HEAD}/pulls",
        "/pulls",
        "/pulls/7",
        "/pulls/7/files",
        f"/git/trees/{HEAD}",
    }


@pytest.mark.parametrize(
    "other",
    [
        {"head_sha": "d" * 40},
        {"head_repository": {"full_name": "mallory/infra"}},
        {"head_repository": None},
        {"head_sha": "main"},
        {"event": "push"},
        {"event": "pull_request_target"},
    ],
)
def test_a_run_of_another_commit_fork_or_event_posts_nothing(
    other: dict[str, Any], state: PullRequestState, desk: Desk, honest: str
) -> None:
    run = {"head_sha": HEAD, "head_branch": "feature", "event": "pull_request"}
    desk.event("workflow_run", {"workflow_run": run | {"head_repository": {"full_name": "eve/infra"}} | other})
    desk.publish(honest)
    assert state.writes == []


def test_a_commit_that_is_the_head_of_two_pull_requests_is_told_to_none(
    state: PullRequestState, desk: Desk, honest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    state.others = [{"number": 8}]
    assert desk.publish(honest) == 3
    assert state.writes == []
    assert "c0ffee0000 is the head of several pull requests (#7, #8); none is told" in capsys.readouterr().out


def test_a_head_that_moved_since_the_check_is_refused(
    state: PullRequestState, desk: Desk, honest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pull = {"number": 7, "base": {"ref": "main", "sha": ""}, "head": {"ref": "feature", "sha": "e" * 40}}
    desk.event("pull_request", {"pull_request": pull})
    assert desk.publish(honest) == 3
    assert state.writes == []
    assert "The pull request has moved on since the check" in capsys.readouterr().out


def repatched(item: Any, after: bytes, path: str = "main.tf", before: bytes = CHANGED) -> None:
    """Put another patch there, with the id that belongs to it: a lie that fits together."""
    patch = Patch(Origin(OriginKind.CATALOGUE, "sqs", "1"), (FilePatch(path, before, after),), "Encrypts the queue.")
    from remedy_gate.domain.diff import unified_diff

    item["patch"] |= {"id": patch.id, "files": [path], "diff": unified_diff(patch)}


def opened(report: Any) -> None:
    """A "repair" that opens the queue to everyone, with a proof that says all is well."""
    everyone = (
        b'  policy = jsonencode({Statement = [{Effect = "Allow", Principal = "*", Action = "*", Resource = "*"}]})\n'
    )
    item = item_of(report)
    good = CHANGED.replace(b'name = "jobs"\n', b'name = "jobs"\n  sqs_managed_sse_enabled = true\n' + everyone)
    repatched(item, good)


def elsewhere(report: Any) -> None:
    """A patch of a file that has nothing to do with it, such as a workflow."""
    repatched(item_of(report), b"on: push\n", ".github/workflows/x.yml", b"")


def useless(report: Any) -> None:
    """A patch that repairs nothing, said to be proven."""
    repatched(item_of(report), CHANGED.replace(b'"jobs"\n}', b'"jobs"\n\n  tags = { a = "b" }\n}'))


def removed(report: Any) -> None:
    """A patch that deletes what it should repair."""
    repatched(item_of(report), BASE)


def unknown(report: Any) -> None:
    """A finding of a rule that nobody knows, so that nothing can be proven."""
    from remedy_gate.domain.finding import Finding

    item = item_of(report)
    finding = item["finding"]
    finding |= {"control": None, "rule_id": "MY_RULE", "resources": [], "location": None}
    finding["fingerprint"] = Finding("x", "MY_RULE", "").fingerprint


def silenced(report: Any) -> None:
    repatched(item_of(report), CHANGED.replace(b'"jobs"\n}', b'"jobs"\n  # checkov:skip=CKV_AWS_27:fine\n}'))


@pytest.mark.parametrize("lie", [opened, elsewhere, useless, removed, unknown, silenced], ids=lambda it: it.__name__)
def test_a_patch_that_the_report_lies_about_is_never_suggested_and_that_is_said(
    lie: Callable[[Any], object], state: PullRequestState, desk: Desk, honest: str
) -> None:
    assert desk.publish(honest, lambda report: (lie(report), report.update(remediations=[item_of(report)]))) == 0
    assert suggested(state) == []
    assert all("```diff" not in comment.body for comment in state.comments)
    [review] = state.reviews
    assert "The patch of the report " in review.body
    assert "```diff" not in review.body


def stale(report: Any) -> None:
    item = item_of(report)
    repatched(item, CHANGED + b"# x\n", before=CHANGED + b"# y\n")


def other_id(report: Any) -> None:
    item_of(report)["patch"]["id"] = "0" * 32


@pytest.mark.parametrize("lie", [stale, other_id])
def test_a_patch_of_other_contents_is_dropped_and_that_is_said(
    lie: Callable[[Any], object], state: PullRequestState, desk: Desk, honest: str
) -> None:
    assert desk.publish(honest, lambda report: (lie(report), report.update(remediations=[item_of(report)]))) == 0
    assert suggested(state) == []
    assert "The patch of the report " in "".join(comment.body for comment in state.comments)


def test_a_proof_of_a_fork_is_not_shown_but_our_own(state: PullRequestState, desk: Desk, honest: str) -> None:
    def boast(report: Any) -> None:
        for check in item_of(report)["proof"]["checks"]:
            check |= {"status": "pass", "detail": "looks perfect to me"}

    assert desk.publish(honest, boast) == 0
    assert suggested(state)
    assert "looks perfect to me" not in "".join(
        [*(it.body for it in state.comments), *(it.body for it in state.reviews)]
    )


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda it: it.update(extra=1), "at $ it breaks the rule 'additionalProperties'"),
        (lambda it: it.update(verdict="fine"), "at $.verdict it breaks the rule 'enum'"),
        (lambda it: item_of(it).update(proof=[]), "it breaks the rule "),
        (lambda it: item_of(it)["finding"].update(severity="worst"), "finding.severity it breaks the rule 'enum'"),
        (lambda it: it.update(remediations=[item_of(it)] * 10_001), "more than 10,000 remediations"),
    ],
)
def test_what_is_not_a_report_is_refused_before_a_request_is_made(
    change: Callable[[Any], object],
    rule: str,
    state: PullRequestState,
    desk: Desk,
    honest: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert desk.publish(honest, change) == 3
    assert rule in capsys.readouterr().err
    assert state.requests == []


def test_a_report_beyond_all_size_is_not_even_read(
    state: PullRequestState, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desk.folder / "huge.json"
    with path.open("wb") as file:
        file.truncate((32 << 20) + 1)
    assert main(["publish", str(path)]) == 3
    assert "has more than 33,554,432 bytes" in capsys.readouterr().err
    assert state.requests == []


def test_pull_request_target_posts_nothing_unless_the_policy_allows_it(
    state: PullRequestState, desk: Desk, honest: str
) -> None:
    pull = {"number": 7, "base": {"ref": "main", "sha": ""}, "head": {"ref": "feature", "sha": HEAD}}
    desk.event("pull_request_target", {"pull_request": pull})
    assert desk.publish(honest) == 3
    assert state.requests == []
    (desk.folder / ".remedy-gate.yml").write_text("version: 1\npull_request_target: allow\n")
    assert desk.publish(honest) == 0
    assert suggested(state)


def test_a_trusted_report_keeps_the_proof_that_was_made_where_more_could_run(
    state: PullRequestState, desk: Desk, honest: str
) -> None:
    pull = {"number": 7, "base": {"ref": "main", "sha": ""}, "head": {"ref": "feature", "sha": HEAD}}
    desk.event("pull_request", {"pull_request": pull})

    def more(report: Any) -> None:
        item_of(report)["proof"]["checks"][6] |= {"status": "pass", "detail": "checkov lists it as passed"}

    assert desk.publish(honest, more) == 0
    assert "checkov lists it as passed" in "".join(suggested(state))
    assert "anyone could have written" not in state.reviews[0].body


def test_under_minimal_disclosure_comments_summary_and_log_name_no_finding(
    state: PullRequestState, desk: Desk, honest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk.folder / ".remedy-gate.yml").write_text("version: 1\ndisclosure: minimal\n")
    title = item_of(json.loads(honest))["finding"]["title"]
    assert desk.publish(honest) == 0
    told = [*(it.body for it in state.comments), *(it.body for it in state.reviews)]
    told += [capsys.readouterr().out, (desk.folder / "summary.md").read_text()]
    assert suggested(state)
    assert all(title not in text for text in told)
    state.read_only = True
    assert desk.publish(honest) == 0  # all stands there already
    state.reviews.clear()
    assert desk.publish(honest) == 3
    assert title not in capsys.readouterr().out


def test_a_policy_that_the_caller_names_says_what_is_shown(
    state: PullRequestState, desk: Desk, honest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk.folder / "public.yml").write_text("version: 1\ndisclosure: minimal\n")
    title = item_of(json.loads(honest))["finding"]["title"]
    assert desk.publish(honest, policy="public.yml") == 0
    told = [*(it.body for it in state.comments), *(it.body for it in state.reviews)]
    assert suggested(state)
    assert all(title not in text for text in (*told, capsys.readouterr().out, (desk.folder / "summary.md").read_text()))


@pytest.mark.parametrize("content", [None, "version: 9\n"])
def test_a_named_policy_that_cannot_be_read_shows_the_least_and_posts_nothing(
    content: str | None, state: PullRequestState, desk: Desk, honest: str
) -> None:
    if content is not None:
        (desk.folder / "public.yml").write_text(content)
    assert desk.publish(honest, policy="public.yml") == 2
    summary = (desk.folder / "summary.md").read_text()
    assert "Remedy Gate" in summary
    assert item_of(json.loads(honest))["finding"]["title"] not in summary
    assert state.requests == []


def test_a_report_of_a_fork_cannot_use_up_what_the_repository_may_ask_of_github(
    state: PullRequestState, desk: Desk, honest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """1,000 requests an hour are all that the workflows of a repository have between them."""
    paths = [f"data/{number}.tf" for number in range(1_200)]
    state.head_files |= {path: b"\xff%d" % number for number, path in enumerate(paths)}  # told one by one: no text

    def everywhere(report: Any) -> None:
        first = item_of(report)
        for path in paths:
            diff = f"--- a/{path}\n+++ b/{path}\n@@ -1,1 +1,1 @@\n-x\n+y\n"
            report["remediations"].append(first | {"patch": first["patch"] | {"files": [path], "diff": diff}})

    assert desk.publish(honest, everywhere) == 3
    assert "one by one" in capsys.readouterr().err
    assert len(state.requests) < 500
    assert state.writes == []
    assert item_of(json.loads(honest))["finding"]["title"] in (desk.folder / "summary.md").read_text()


def test_a_large_file_beside_the_patched_one_costs_nothing(state: PullRequestState, desk: Desk, honest: str) -> None:
    state.head_files["inventory.tf.json"] = b'{"locals": {"list": "' + b"x" * 4_000_000 + b'"}}'
    state.base_files["inventory.tf.json"] = state.head_files["inventory.tf.json"]
    assert desk.publish(honest) == 0
    assert suggested(state)


def test_what_github_says_is_no_command_to_the_runner_that_reads_the_log(
    state: PullRequestState, desk: Desk, honest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An answer may repeat what a report or a fork says."""
    refusal = Reply(403, {"message": "no ##[add-mask]pass\n::add-mask::block", "documentation_url": "https://x"})
    state.faults.append(Fault("POST", "/reviews", refusal))
    assert desk.publish(honest) == 3
    said = capsys.readouterr().out.splitlines()
    assert any("## [add-mask]pass" in line for line in said)
    assert not any("##[" in line or line.startswith("::add-mask") for line in said)


@pytest.mark.parametrize("variable", [{"GITHUB_API_URL": "http://example.com"}, {"GITHUB_REPOSITORY": "../infra"}])
def test_what_can_be_sent_nowhere_is_in_the_summary_all_the_same(
    variable: dict[str, str], state: PullRequestState, desk: Desk, honest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.set(**variable)
    assert desk.publish(honest) == 2
    title = item_of(json.loads(honest))["finding"]["title"]
    assert title in (desk.folder / "summary.md").read_text()
    assert "::" in capsys.readouterr().out
    assert state.requests == []
