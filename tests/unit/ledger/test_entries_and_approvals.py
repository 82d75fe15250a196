"""What a record holds and what it leaves out; approvals that are bound to one patch; track records."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
from fakes import FakeProver

from remedy_gate.domain.decision import Action, Decision
from remedy_gate.domain.finding import CloudResource, Finding, Severity
from remedy_gate.domain.ledger import Entry, Memory, Record, TrackRecord
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import FilePatch, NoPatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import Status
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.source import LineRange, Resource
from remedy_gate.ledger.answers import answer_id, asked, issue_opened
from remedy_gate.ledger.approvals import (
    APPROVAL,
    REJECTION,
    Answer,
    Asking,
    LedgerPast,
    answer,
    outcome,
    queue,
    request,
)
from remedy_gate.ledger.entries import Trigger, run_entries
from remedy_gate.ledger.statements import statements

AT = "2026-11-20T08:00:00Z"
FINDING = Finding(
    "wiz",
    "wc-1",
    "the title of jane@example.com",
    Severity.HIGH,
    control="s3-versioning",
    resources=(CloudResource("arn:aws:s3:::b", tags=(("owner", "jane@example.com"),)),),
)
MATCH = Match(MatchState.MATCHED, Resource("aws_s3_bucket.b", "aws_s3_bucket", "main.tf", LineRange(1, 3)), 0.95)
PATCH = Patch(
    Origin(OriginKind.BEDROCK, "a-model", "7"), (FilePatch("main.tf", b"secret code", b"better code"),), "why"
)
ITEM = Remediation(FINDING, MATCH, PATCH, FakeProver().proof, Decision(Action.SUGGEST, True, "the rule"))
TRIGGER = Trigger(AT, "check", "0.1.0", "f" * 32, repository="o/r", policy=".remedy-gate.yml", policy_digest="d" * 64)


class FakeLedger:
    """A ledger in a list."""

    def __init__(self, *entries: Entry) -> None:
        self.entries = entries

    def records(self, kinds: tuple[str, ...] = ()) -> Any:
        return (Record(seq, "", one.text) for seq, one in enumerate(self.entries, 1) if not kinds or one.kind in kinds)

    def append(self, entries: Any) -> Any:
        raise NotImplementedError

    def attachment(self, digest: str) -> str | None:
        raise NotImplementedError


class Always:
    """Patches that all reach the same environments."""

    def __init__(self, places: tuple[str, ...]) -> None:
        self.places = places

    def __call__(self, _finding: Finding, _patch: Patch) -> tuple[str, ...]:
        return self.places


def records(*entries: Entry) -> Any:
    return FakeLedger(*entries).records()


def test_a_run_is_recorded_with_every_decision_and_its_grounds() -> None:
    numbers = count()
    report = Report(Verdict.BLOCK, (ITEM, ITEM._replace(remedy=NoPatch("none"), proof=None)), applied=("main.tf",))
    run, first, second = run_entries(report, TRIGGER, lambda: f"{next(numbers):032}")
    body = json.loads(run.text)
    assert (run.kind, body["verdict"], body["decided"], body["policy"]["digest"]) == ("run", "block", 2, "d" * 64)
    body = json.loads(first.text)
    assert body["run"] == TRIGGER.run
    assert body["origin"] == {"kind": "bedrock", "name": "a-model", "version": "7"}
    assert body["patch"]["id"] == PATCH.id
    assert body["patch"]["files"][0]["before"] == PATCH.files[0].base_digest
    assert [check["name"] for check in body["proof"]["checks"]][:2] == ["applies", "parses"]
    assert body["decision"]["rule"] == "the rule"
    assert body["applied"] is True
    assert json.loads(second.text)["patch"] is None


def test_neither_code_nor_titles_nor_tags_nor_mail_addresses_are_recorded() -> None:
    for entry in run_entries(Report(Verdict.BLOCK, (ITEM,)), TRIGGER, lambda: "0" * 32):
        for word in ("secret code", "better code", "jane", "title"):
            assert word not in entry.text


SEEN = '{"diff": "..."}'
ASKED = request(ITEM, AT, SEEN)
(WAITING,) = queue(records(ASKED), 0)


def test_the_same_patch_of_the_same_code_with_the_same_proof_is_asked_about_once_a_day_and_change() -> None:
    again = request(ITEM, "2026-11-20T18:00:00Z", SEEN)
    other = request(ITEM._replace(proof=FakeProver(rescan=Status.NOT_RUN).proof), AT, SEEN)
    assert again.id == ASKED.id != other.id
    later = request(ITEM, "2026-11-21T08:00:00Z", SEEN)
    change = request(ITEM, AT, SEEN, asking=Asking("o/r", 7, "c0ffee"))
    assert len({ASKED.id, later.id, change.id}) == 3
    [waiting] = queue(records(ASKED, later, change), 20_777)
    assert waiting.askings == (Asking(), Asking("o/r", 7, "c0ffee"))
    assert queue(records(ASKED, later), 20_777)[0].last == "2026-11-21T08:00:00Z"
    assert queue(records(ASKED, later), 20_777)[0].asked == AT


def test_a_yes_that_was_not_given_in_an_issue_counts_unless_the_policy_wants_one() -> None:
    here = answer(WAITING, Answer(APPROVAL, "Ada", 20_800), AT, "2" * 32)
    there = answer(WAITING, Answer(APPROVAL, "ada", 20_800, issue="#1", comment="#1-1", through="owner"), AT, "3" * 32)
    no = answer(WAITING, Answer(REJECTION, "Ada"), AT, "4" * 32)
    assert "comment" not in json.loads(here.text)
    assert queue(records(ASKED, here), 20_777)[0].state == "approved"
    assert queue(records(ASKED, here), 20_777, from_issues=True)[0].state == "waiting"
    assert queue(records(ASKED, there), 20_777, from_issues=True)[0].state == "approved"
    assert queue(records(ASKED, there, no), 20_777, from_issues=True)[0].state == "rejected"
    for approval_entry, counted in ((here, 0), (there, 1)):
        past = LedgerPast(FakeLedger(ASKED, approval_entry), 20_777, from_issues=True)
        assert past.of(FINDING, PATCH, ITEM.proof).standing.approved == counted


def test_an_answer_in_an_issue_has_one_id_however_often_it_is_read() -> None:
    assert answer_id(WAITING, "#1-1") == answer_id(WAITING, "#1-1") != answer_id(WAITING, "#1-2")
    opened = issue_opened(WAITING, "o/r", 3, "https://x.example/3", AT)
    there = answer(WAITING, Answer(APPROVAL, "ada", 20_800, issue="#1", comment="#1-1"), AT, "3" * 32)
    found = asked(records(opened, there), "o/r")
    assert found.comments == {"#1-1"}
    assert dict(found.issues) == {WAITING.key: 3}
    assert dict(asked(records(opened), "o/other").issues) == {}


def approval(day: int = 20_800, by: str = "Ada") -> Entry:
    return answer(WAITING, Answer(APPROVAL, by, day), AT, "2" * 32)


def test_a_patch_waits_and_what_a_person_has_to_see_is_kept_apart() -> None:
    assert (WAITING.patch, WAITING.state, WAITING.address, WAITING.path) == (
        PATCH.id,
        "waiting",
        "aws_s3_bucket.b",
        "main.tf",
    )
    assert ASKED.attachment == SEEN
    assert SEEN not in ASKED.text
    assert WAITING.attachment in ASKED.text


@pytest.mark.parametrize(("today", "state"), [(20_799, "approved"), (20_800, "approved"), (20_801, "expired")])
def test_an_approval_holds_to_the_end_of_its_last_day(today: int, state: str) -> None:
    assert queue(records(ASKED, approval()), today)[0].state == state


def test_the_last_answer_counts() -> None:
    no = answer(WAITING, Answer(REJECTION, "Bob"), AT, "3" * 32)
    assert queue(records(ASKED, approval(), no), 0)[0]._replace(expires=0) == WAITING._replace(
        state="rejected", by="Bob"
    )
    assert queue(records(ASKED, no, approval()), 0)[0].state == "approved"


def of(past: LedgerPast, item: Remediation = ITEM) -> Memory:
    return past.of(item.finding, item.patch, item.proof)


def test_an_approval_lets_that_very_patch_through() -> None:
    assert of(LedgerPast(FakeLedger(ASKED, approval()), 20_800)).approver == "Ada"


OTHER_CODE = Patch(PATCH.origin, (FilePatch("main.tf", b"secret code, changed", b"better code"),), "why")
OTHER_PATCH = Patch(PATCH.origin, (FilePatch("main.tf", b"secret code", b"other code"),), "why")


@pytest.mark.parametrize(
    "item",
    [
        ITEM._replace(remedy=OTHER_CODE),
        ITEM._replace(remedy=OTHER_PATCH),
        ITEM._replace(proof=FakeProver(rescan=Status.NOT_RUN).proof),
    ],
)
def test_any_change_of_code_patch_or_proof_needs_a_new_approval(item: Remediation) -> None:
    assert of(LedgerPast(FakeLedger(ASKED, approval()), 20_800), item).approver is None


def test_an_approval_that_nobody_asked_for_is_none() -> None:
    assert of(LedgerPast(FakeLedger(approval()), 20_800)).approver is None


def test_a_track_record_counts_each_patch_once_whichever_version_made_it() -> None:
    new = iter(f"{number:032}" for number in range(100))
    others = [
        ITEM._replace(remedy=Patch(PATCH.origin._replace(version="8"), (FilePatch("m", b"", bytes([n])),)))
        for n in range(3)
    ]
    entries: list[Entry] = []
    for item in (ITEM, ITEM, *others):
        asked = request(item, AT, "")
        (waiting,) = queue(records(asked), 0)
        entries += [asked, answer(waiting, Answer(APPROVAL, "Ada", 99_999), AT, next(new))]
    entries.append(outcome(ITEM, "reverted", AT, lambda: next(new)))
    assert of(LedgerPast(FakeLedger(*entries), 0)).standing == TrackRecord(4, 1)


def test_a_track_record_in_staging_is_none_in_production() -> None:
    asked = request(ITEM, AT, "", ("staging",))
    (waiting,) = queue(records(asked), 0)
    ledger = FakeLedger(asked, answer(waiting, Answer(APPROVAL, "Ada", 99_999), AT, "2" * 32))
    for places, approved in ((("staging",), 1), ((), 1), (("production",), 0), (("staging", "production"), 0)):
        assert of(LedgerPast(ledger, 0, Always(places))).standing == TrackRecord(approved, 0)


def test_a_problem_that_was_repaired_before_recurs() -> None:
    entries = [outcome(ITEM, what, AT, lambda: "9" * 32) for what in ("applied", "rejected")]
    assert of(LedgerPast(FakeLedger(*entries), 0)).recurrences == 1
    other = ITEM._replace(finding=FINDING._replace(control="s3-other"))
    assert of(LedgerPast(FakeLedger(*entries), 0), other).recurrences == 0


def test_records_that_are_not_what_we_write_are_passed_over() -> None:
    odd = [Entry("x", "approval", text) for text in ("[]", "{", '{"kind":"approval","patch":3}', '{"kind":"request"}')]
    assert of(LedgerPast(FakeLedger(*odd), 0)) == Memory()


def test_a_patch_that_was_let_through_has_an_in_toto_statement() -> None:
    numbers = count()
    entries = run_entries(Report(Verdict.BLOCK, (ITEM,)), TRIGGER, lambda: f"{next(numbers):032}")
    (statement,) = map(json.loads, statements(records(entries[1])))
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["subject"][0]["name"] == "main.tf"
    assert len(statement["subject"][0]["digest"]["sha256"]) == 64
    withheld = ITEM._replace(decision=Decision(Action.WITHHOLD, True, "r"))
    entries = run_entries(Report(Verdict.BLOCK, (withheld,)), TRIGGER, lambda: f"{next(numbers):032}")
    assert list(statements(records(entries[1]))) == []
