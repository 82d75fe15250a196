"""What a pull request sees, in front of a stand-in that refuses what GitHub refuses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from github_contract import SOURCE, request_faults
from github_standin import HEAD, TOKEN, Comment, Fault, PullRequestState, Reply, Review, serving

from remedy_gate.domain.decision import Action, Decision
from remedy_gate.domain.finding import Finding, Severity
from remedy_gate.domain.match import InCode, Match, MatchState
from remedy_gate.domain.patch import FilePatch, NoPatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import REQUIRED, CheckName, CheckResult, Proof, Status
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.source import LineRange, Resource
from remedy_gate.errors import ReportingError, UsageError
from remedy_gate.reporting.github import Published, Refused, publish
from remedy_gate.reporting.github_api import Clock, Target
from remedy_gate.reporting.github_queries import DOCUMENTS
from remedy_gate.reporting.json_reader import report_from
from remedy_gate.reporting.json_report import render
from remedy_gate.reporting.marker import marker_in
from remedy_gate.reporting.pull_request import PullRequest

BASE = b"".join(b"line %d\n" % number for number in range(1, 41))
HEAD_FILE = BASE.replace(b"line 3\n", b"line three\n").replace(b"line 30\n", b"line thirty\n")
PROOF = Proof(
    tuple(CheckResult(name, Status.PASS if name in REQUIRED else Status.NOT_RUN, "seen") for name in CheckName)
)


def edit(
    line: int,
    text: str = "repaired",
    *,
    path: str = "main.tf",
    content: bytes = HEAD_FILE,
    severity: Severity = Severity.HIGH,
    address: str = "aws_s3_bucket.logs",
) -> Remediation:
    lines = content.decode().split("\n")
    lines[line - 1] = text
    patch = Patch(
        Origin(OriginKind.CATALOGUE, "s3-keep", "2"),
        (FilePatch(path, content, "\n".join(lines).encode()),),
        "Repairs it.",
    )
    return Remediation(
        Finding("checkov", f"RULE_{line}", f"Line {line} is wrong", severity),
        Match(
            MatchState.MATCHED, Resource(address, "aws_s3_bucket", path, LineRange(line, line)), 1.0, (), InCode.OPEN
        ),
        patch,
        PROOF,
        Decision(Action.SUGGEST, False, "default"),
    )


def note(line: int, path: str = "main.tf") -> Remediation:
    item = edit(line, path=path)
    return item._replace(remedy=NoPatch("by hand"), proof=None, decision=Decision(Action.ANNOTATE, False, "default"))


def report(*items: Remediation, verdict: Verdict = Verdict.BLOCK) -> Report:
    return Report(verdict, items)


class Waits:
    """A clock that stands until somebody waits."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def clock(self) -> Clock:
        return Clock(lambda: 1_000_000.0 + sum(self.waited), self.waited.append)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def state() -> PullRequestState:
    return PullRequestState({"main.tf": HEAD_FILE, "other.tf": BASE}, {"main.tf": BASE, "other.tf": BASE})


@pytest.fixture
def target(state: PullRequestState) -> Iterator[Target]:
    with serving(state) as address:
        yield Target(TOKEN, "acme/infra", 7, address, pause=0)
    assert state.broken == [], "requests and answers keep to GitHub's description"


def run(target: Target, whole: Report, waits: Waits) -> Published | Refused:
    return publish(whole, PullRequest(target, waits.clock()))


def test_one_review_with_suggestions_is_posted_on_the_head(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    outcome = run(target, report(edit(3), edit(30), note(31)), waits)
    assert isinstance(outcome, Published)
    assert outcome == Published("https://github.example/acme/infra/pull/7#pullrequestreview-1", 3, 0, 0, 0)
    [(verb, path, body)] = state.writes
    assert (verb, path.rpartition("/")[2], body["event"], body["commit_id"]) == ("POST", "reviews", "COMMENT", HEAD)
    assert [{key: it[key] for key in it if key != "body"} for it in body["comments"]] == [
        {"path": "main.tf", "line": 3, "side": "RIGHT"},
        {"path": "main.tf", "line": 30, "side": "RIGHT"},
        {"path": "main.tf", "line": 31, "side": "RIGHT"},
    ]
    assert "```suggestion\nrepaired\n```" in body["comments"][0]["body"]
    assert "There is no patch: by hand" in body["comments"][2]["body"]
    assert body["body"].startswith("## Remedy Gate: block\n")


def test_every_suggestion_accepted_gives_exactly_the_proven_file(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    after = (
        HEAD_FILE.replace(b"line three\n", b"line three\nnew\n")
        .replace(b"line 32\n", b"")
        .replace(b"line 5\n", b"FIVE\n")
    )
    item = edit(3)
    assert item.patch
    item = item._replace(remedy=item.patch._replace(files=(FilePatch("main.tf", HEAD_FILE, after),)))
    run(target, report(item), waits)
    assert len(state.comments) == 2
    assert "This is part 1 of 2 of one patch" in state.comments[0].body
    assert state.accepted("main.tf") == after


def test_a_second_run_posts_nothing(state: PullRequestState, target: Target, waits: Waits) -> None:
    whole = report(edit(3), edit(15), note(31), note(9, "far.tf"))
    run(target, whole, waits)
    before = len(state.writes)
    assert run(target, whole, waits) == Published(None, 0, 0, 3, 0)
    assert len(state.writes) == before == 2


def test_a_run_on_a_new_head_with_moved_lines_updates_the_summary_and_posts_nothing(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    run(target, report(edit(3)), waits)
    state.head = "dec0de" + "0" * 34
    state.head_files["main.tf"] = moved = b"# a line above\n" + HEAD_FILE
    state.comments[0].line = 4
    outcome = run(target, report(edit(4, content=moved)._replace(finding=edit(3).finding)), waits)
    assert outcome == Published("https://x.example/1", 0, 0, 1, 0)
    assert [verb for verb, _, _ in state.writes] == ["POST", "PUT"]
    assert "`main.tf:4`" in state.reviews[0].body


def test_a_new_finding_posts_one_new_comment_and_leaves_the_others(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    run(target, report(edit(3)), waits)
    outcome = run(target, report(edit(3), edit(30)), waits)
    assert isinstance(outcome, Published)
    assert (outcome.inline, outcome.unchanged, outcome.hidden) == (1, 1, 0)
    assert [it.line for it in state.comments] == [3, 30]


def test_a_finding_that_is_gone_has_its_comment_hidden_and_the_summary_updated(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    run(target, report(edit(3), edit(30)), waits)
    outcome = run(target, report(edit(30), verdict=Verdict.PASS), waits)
    assert isinstance(outcome, Published)
    assert (outcome.inline, outcome.unchanged, outcome.hidden) == (0, 1, 1)
    assert [it.minimized for it in state.comments] == [True, False]
    assert len(state.reviews) == 1
    assert state.reviews[0].body.startswith("## Remedy Gate: pass\n")


def test_a_run_that_could_not_look_hides_nothing(state: PullRequestState, target: Target, waits: Waits) -> None:
    run(target, report(edit(3)), waits)
    run(target, report(verdict=Verdict.ERROR), waits)
    assert not state.comments[0].minimized


def test_a_comment_of_which_other_words_are_so_now_is_edited_and_the_others_left(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    run(target, report(edit(3), edit(30)), waits)
    other = edit(3)
    other = other._replace(finding=other.finding._replace(due="2026-12-24"))
    assert run(target, report(other, edit(30)), waits) == Published(None, 0, 0, 1, 0, (), 1)
    assert [verb for verb, _, _ in state.writes] == ["POST", "PATCH"]
    assert ["due 2026-12-24" in it.body for it in state.comments] == [True, False]
    assert run(target, report(other, edit(30)), waits) == Published(None, 0, 0, 2, 0)


def test_a_comment_that_a_person_settled_is_not_edited(state: PullRequestState, target: Target, waits: Waits) -> None:
    run(target, report(edit(3)), waits)
    state.comments[0].resolved = True
    other = edit(3)
    assert run(target, report(other._replace(finding=other.finding._replace(due="2026-12-24"))), waits) == Published(
        None, 0, 0, 1, 0
    )


def test_a_comment_that_a_person_settled_is_neither_hidden_nor_repeated(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    run(target, report(edit(3)), waits)
    state.comments[0].resolved = state.comments[0].outdated = True
    assert run(target, report(edit(3)), waits) == Published(None, 0, 0, 1, 0)
    assert not state.comments[0].minimized


def test_an_outdated_comment_is_posted_anew_and_the_old_one_hidden(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    run(target, report(edit(3)), waits)
    state.comments[0].outdated = True
    outcome = run(target, report(edit(3)), waits)
    assert isinstance(outcome, Published)
    assert (outcome.inline, outcome.hidden) == (1, 1)
    assert [it.minimized for it in state.comments] == [True, False]


def test_hiding_that_is_not_allowed_is_a_note_and_no_failure(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    run(target, report(edit(3)), waits)
    state.refuse_hiding = True
    outcome = run(target, report(edit(30)), waits)
    assert isinstance(outcome, Published)
    assert outcome.notes == ("An outdated comment could not be hidden: Resource not accessible by integration.",)


def test_our_mark_in_a_comment_of_somebody_else_hides_nothing(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    run(target, report(edit(3)), waits)
    [theirs] = state.comments
    state.reviews = [Review("", mine=False, comments=[Comment(theirs.body, "main.tf", 3, mine=False)])]
    state.file_comments = []
    outcome = run(target, report(edit(3)), waits)
    assert isinstance(outcome, Published)
    assert outcome.inline == 1
    assert marker_in(theirs.body)
    assert not state.comments[0].minimized


def test_more_than_a_hundred_threads_are_all_read(state: PullRequestState, target: Target, waits: Waits) -> None:
    state.file_comments = [Comment("of a person", "main.tf", None, mine=False) for _ in range(230)]
    run(target, report(edit(3)), waits)
    state.reviews, state.file_comments = [], [*state.file_comments, *state.comments[:1]]
    assert isinstance(run(target, report(edit(3)), waits), Published)
    assert sum("graphql" in path for _, path, _ in state.requests) == 6


def test_a_patch_outside_the_hunks_is_a_comment_on_its_file(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    assert run(target, report(edit(15)), waits) == Published(
        "https://github.example/acme/infra/pull/7#pullrequestreview-1", 0, 1, 0, 0
    )
    [comment] = state.file_comments
    assert "```diff\n" in comment.body
    assert "```suggestion" not in comment.body
    assert "not in this pull request's diff" in comment.body


def test_a_file_without_a_patch_in_the_answer_gets_comments_on_the_file_alone(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.without_patch.add("main.tf")
    outcome = run(target, report(edit(3)), waits)
    assert isinstance(outcome, Published)
    assert (outcome.inline, outcome.on_files) == (0, 1)


def test_more_files_than_a_page_holds_are_all_places_for_a_comment(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.head_files |= {f"a/{number:03}.txt": b"x\n" for number in range(301)}
    outcome = run(target, report(edit(3)), waits)
    assert isinstance(outcome, Published)
    assert (outcome.inline, outcome.on_files) == (1, 0)
    assert sum("/files" in path for _, path, _ in state.requests) == 4


def test_a_patch_of_a_file_that_is_not_in_the_pull_request_is_in_the_summary(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    outcome = run(target, report(edit(3, path="other.tf", content=BASE)), waits)
    assert isinstance(outcome, Published)
    assert (outcome.inline, outcome.on_files) == (0, 0)
    assert "+repaired" in state.reviews[0].body
    assert "Not a suggestion, as it changes lines of other.tf" in state.reviews[0].body


def test_a_file_with_other_line_ends_is_told_on_the_file(state: PullRequestState, target: Target, waits: Waits) -> None:
    content = HEAD_FILE.replace(b"\n", b"\r\n")
    state.head_files["main.tf"] = content
    outcome = run(target, report(edit(3, content=content)), waits)
    assert isinstance(outcome, Published)
    assert (outcome.inline, outcome.on_files) == (0, 1)
    assert "its lines do not all end in a plain newline" in state.file_comments[0].body


def test_a_range_has_a_start_line_and_a_single_line_has_none(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    after = HEAD_FILE.replace(b"line three\nline 4\n", b"three\nfour\n")
    item = edit(3)
    assert item.patch
    run(
        target,
        report(item._replace(remedy=item.patch._replace(files=(FilePatch("main.tf", HEAD_FILE, after),)))),
        waits,
    )
    [comment] = state.writes[0][2]["comments"]
    assert {key: comment[key] for key in comment if key != "body"} == {
        "path": "main.tf",
        "line": 4,
        "side": "RIGHT",
        "start_line": 3,
        "start_side": "RIGHT",
    }


def test_a_clean_report_says_nothing(state: PullRequestState, target: Target, waits: Waits) -> None:
    assert run(target, report(verdict=Verdict.PASS), waits) == Published(None, 0, 0, 0, 0)
    assert state.writes == []


def refusal(status: int, message: str, *headers: tuple[str, str], **more: Any) -> Reply:
    return Reply(status, {"message": message, "documentation_url": "https://x.example", **more}, headers)


def test_a_review_that_is_refused_is_posted_without_comments_and_loses_nothing(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    line = "Pull request review thread line must be part of the diff"
    state.faults.append(Fault("POST", "/reviews", refusal(422, "Unprocessable Entity", errors=[line])))
    outcome = run(target, report(edit(3), edit(30)), waits)
    assert isinstance(outcome, Published)
    assert outcome.inline == 0
    assert outcome.notes == (
        f"GitHub refused a place in the diff (Unprocessable Entity; {line}); all is told in the summary.",
    )
    [review] = state.reviews
    assert review.comments == []
    assert review.body.count("+repaired") == 2
    assert review.body.count("Not a suggestion, as GitHub refused a comment at these lines.") == 2


def test_a_comment_on_a_file_that_is_refused_is_in_the_summary(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.faults.append(Fault("POST", "/pulls/7/comments", refusal(422, "Validation Failed")))
    outcome = run(target, report(edit(15)), waits)
    assert isinstance(outcome, Published)
    assert outcome.on_files == 0
    assert "GitHub refused a comment on the file (Validation Failed)" in state.reviews[0].body
    assert "+repaired" in state.reviews[0].body


def test_a_review_that_is_refused_even_without_comments_is_an_error(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.faults += [Fault("POST", "/reviews", refusal(422, "Unprocessable Entity"))] * 2
    with pytest.raises(ReportingError, match="The review could not be posted: Unprocessable Entity"):
        run(target, report(edit(3)), waits)


@pytest.mark.parametrize("line", [3, 15])
def test_a_token_that_may_only_read_posts_nothing_and_says_what_to_do(
    line: int, state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.read_only = True
    outcome = run(target, report(edit(line)), waits)
    assert outcome == Refused(
        "The token may not write to this pull request (403: Resource not accessible by integration). For a fork the "
        "token can only read: publish the report from a workflow on `workflow_run`."
    )
    assert state.comments == []
    assert waits.waited == []


def test_a_write_that_is_answered_404_is_refused_as_well(state: PullRequestState, target: Target, waits: Waits) -> None:
    state.faults.append(Fault("POST", "/reviews", refusal(404, "Not Found")))
    assert isinstance(run(target, report(edit(3)), waits), Refused)


def test_a_wrong_token_is_an_error_in_one_line(target: Target, waits: Waits) -> None:
    with pytest.raises(ReportingError, match=r"^/pulls/7 of acme/infra could not be read: Bad credentials. Check the"):
        run(target._replace(token="another"), report(edit(3)), waits)


def test_a_pull_request_that_moved_on_is_left_to_the_next_run(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.moved_to = "f" * 40
    assert isinstance(run(target, report(edit(3)), waits), Refused)
    assert state.writes == []


def test_a_closed_pull_request_is_left_alone(state: PullRequestState, target: Target, waits: Waits) -> None:
    state.state = "closed"
    assert run(target, report(edit(3)), waits) == Refused("The pull request is not open any more.")
    assert state.writes == []


LIMIT = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@pytest.mark.parametrize(
    ("reply", "wait"),
    [
        (refusal(403, LIMIT, ("Retry-After", "7")), 7),
        (refusal(403, LIMIT), 60),
        (refusal(429, "slow down", ("Retry-After", "3")), 3),
        (refusal(403, "API rate limit exceeded", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1000020")), 21),
        (refusal(422, "Validation Failed", errors=[{"code": "abuse", "resource": "x", "field": "y"}]), 60),
        (refusal(422, "Validation Failed", errors=["was submitted too quickly"]), 60),
    ],
)
def test_a_limit_is_waited_for_and_the_review_posted_once(
    reply: Reply, wait: float, state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.faults.append(Fault("POST", "/reviews", reply))
    outcome = run(target, report(edit(3)), waits)
    assert isinstance(outcome, Published)
    assert outcome.inline == 1
    assert waits.waited == [wait]
    assert len(state.reviews) == 1


def test_a_limit_beyond_all_patience_is_an_error_and_no_denial(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.faults.append(Fault("POST", "/reviews", refusal(403, LIMIT, ("Retry-After", "3600"))))
    with pytest.raises(ReportingError, match="to be tried again in 3600 seconds"):
        run(target, report(edit(3)), waits)
    assert waits.waited == []


@pytest.mark.parametrize("status", [0, 500, 502])
def test_a_lost_answer_to_a_write_that_was_made_is_not_written_again(
    status: int, state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.faults += [
        Fault("POST", "/reviews", refusal(status, "Server Error"), after=True),
        Fault("POST", "/pulls/7/comments", refusal(status, "Server Error"), after=True),
    ]
    outcome = run(target, report(edit(3), edit(15)), waits)
    assert isinstance(outcome, Published)
    assert (outcome.inline, outcome.on_files) == (1, 1)
    assert len(state.reviews) == len(state.file_comments) == 1


def test_a_lost_write_is_made_again(state: PullRequestState, target: Target, waits: Waits) -> None:
    state.faults.append(Fault("POST", "/reviews", refusal(502, "Server Error")))
    run(target, report(edit(3)), waits)
    assert len(state.reviews) == 1


def test_a_server_that_is_down_is_an_error_after_three_attempts(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.faults += [Fault("POST", "/reviews", refusal(502, "Server Error"))] * 3
    with pytest.raises(ReportingError, match="GitHub did not take a comment: Server Error"):
        run(target, report(edit(3)), waits)
    assert state.reviews == []


def test_a_read_that_fails_is_repeated(state: PullRequestState, target: Target, waits: Waits) -> None:
    state.faults += [Fault("GET", "/pulls/7", refusal(502, "Bad Gateway"))] * 2
    assert isinstance(run(target, report(edit(3)), waits), Published)
    assert waits.waited == [2, 4]


def test_no_answer_at_all_is_an_error_in_one_line(waits: Waits) -> None:
    with serving(PullRequestState({})) as address:
        pass
    with pytest.raises(ReportingError, match=r"^/pulls/7 of acme/infra could not be read: ConnectionError: no answer"):
        PullRequest(Target(TOKEN, "acme/infra", 7, address), waits.clock())


@pytest.mark.parametrize(
    "target",
    [
        Target("", "acme/infra", 7),
        Target(TOKEN, "acme", 7),
        Target(TOKEN, "acme/infra/../x", 7),
        Target(TOKEN, "acme/infra", 0),
        Target(TOKEN, "acme/infra", 7, "http://github.example"),
        Target(TOKEN, "acme/infra", 7, "ftp://127.0.0.1"),
    ],
)
def test_a_token_is_sent_nowhere_unsafe(target: Target, waits: Waits) -> None:
    with pytest.raises(UsageError):
        PullRequest(target, waits.clock())


def test_the_files_of_the_head_are_read_byte_for_byte_and_no_link_is_followed(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.head_files |= {"a/b/x.tf": b"\xff\r\n\0", "a/link.tf": b"../secret", "a/run.sh": b"#!"}
    state.modes = {"a/link.tf": "120000", "a/run.sh": "100755"}
    pull = PullRequest(target, waits.clock())
    assert pull.read("a/b/x.tf") == b"\xff\r\n\0"
    assert pull.read("a/link.tf") is None
    assert pull.read("a/run.sh") == b"#!"
    assert [pull.read(path) for path in ("a", "a/b/none.tf", "none/x.tf", "main.tf/x", "a/link.tf/x")] == [None] * 5
    assert pull.names("") == ("main.tf", "other.tf")
    assert pull.names("a") == ("a/run.sh",)


def test_a_commit_too_large_to_be_listed_whole_is_read_folder_by_folder(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.head_files["a/b/x.tf"] = b"x"
    state.truncated = True
    pull = PullRequest(target, waits.clock())
    assert (pull.read("a/b/x.tf"), pull.read("a/none/x.tf")) == (b"x", None)
    assert pull.names("") == ("main.tf", "other.tf")


def test_many_files_come_in_one_request_and_what_is_no_text_by_itself(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    state.head_files |= {f"a/{number}.tf": b"x %d\r\n" % number for number in range(60)} | {"a/raw.tf": b"\xff"}
    pull = PullRequest(target, waits.clock())
    pull.fetch(sorted(state.head_files))
    before = len(state.requests)
    assert [pull.read(path) for path in sorted(state.head_files)] == [
        state.head_files[path] for path in sorted(state.head_files)
    ]
    assert before == 2 + 1 + 2
    assert len(state.requests) == before + 1


class Copies:
    """A checkout of which one file was changed."""

    def read(self, path: str) -> bytes | None:
        return {"main.tf": HEAD_FILE, "other.tf": b"changed"}.get(path)

    def names(self, directory: str) -> tuple[str, ...]:
        raise AssertionError(directory)


def test_a_copy_on_disk_saves_a_request_only_if_it_is_the_very_file(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    pull = PullRequest(target, waits.clock(), Copies())
    assert (pull.read("main.tf"), pull.read("other.tf")) == (HEAD_FILE, BASE)
    assert sum("/git/blobs/" in path for _, path, _ in state.requests) == 1


def test_a_report_of_a_fork_is_told_only_as_far_as_it_fits_the_head(
    state: PullRequestState, target: Target, waits: Waits
) -> None:
    fits, stale = edit(3), edit(30, content=HEAD_FILE + b"more\n")
    pull = PullRequest(target, waits.clock())
    again = report_from(render(report(fits, stale)), pull.read)
    assert again.verdict is Verdict.BLOCK
    outcome = publish(again, pull)
    assert isinstance(outcome, Published)
    assert outcome.inline == 2
    assert "```suggestion\nrepaired\n```" in state.comments[0].body
    assert "the files have changed since the check" in state.comments[1].body
    assert "```suggestion" not in state.comments[1].body


def test_forty_remediations_take_few_requests(state: PullRequestState, target: Target, waits: Waits) -> None:
    lines = range(1, 41)
    state.base_files["main.tf"] = b"".join(b"old %d\n" % number for number in lines)
    whole = report(*(edit(line) for line in lines))
    run(target, whole, waits)
    assert len(state.requests) == 4
    run(target, whole, waits)
    assert len(state.requests) == 4 + 3


def test_our_graphql_documents_are_the_ones_that_were_validated() -> None:
    assert [hashlib.sha256(it.encode()).hexdigest() for it in DOCUMENTS] == SOURCE["graphql"]["validated"]


@pytest.mark.parametrize(
    "change",
    [
        {"event": "SUGGEST"},
        {"comments": [{"body": "x"}]},
        {"comments": [{"path": "x", "body": "y", "line": "3"}]},
        {"extra": 1},
        {"comments": [{"path": "x", "body": "y", "side": "MIDDLE"}]},
    ],
)
def test_a_request_that_github_does_not_describe_is_seen(change: dict[str, object]) -> None:
    path = "/repos/acme/infra/pulls/7/reviews"
    good: dict[str, object] = {"event": "COMMENT", "body": "x", "comments": [{"path": "x", "body": "y", "line": 3}]}
    assert request_faults("POST", path, good) == []
    assert request_faults("POST", path, good | change) != []
