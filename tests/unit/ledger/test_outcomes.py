"""What became of suggestions, as entries; and how often a problem counts as repaired."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from remedy_gate.domain.finding import Finding
from remedy_gate.domain.ledger import Entry, Head, Record
from remedy_gate.ledger.approvals import LedgerPast
from remedy_gate.ledger.chain import START, link
from remedy_gate.ledger.outcomes import (
    Proposed,
    Seen,
    ShownFile,
    Suggestion,
    ids_of,
    last_shown,
    outcome_entry,
    suggestion_entry,
)

AT = "2026-11-24T00:00:00Z"
FINDING = Finding("checkov", "CKV_AWS_1", "It is open").fingerprint
ITEM = Proposed(FINDING, "a" * 32, "catalogue:s3")
FILE = ShownFile("main.tf", "1" * 40, "2" * 64, "3" * 64)
SHOWN = Suggestion("acme/infra", 7, "c" * 40, "a" * 32, "suggestion", (ITEM,), ("f" * 32,), (FILE,))


def records(*entries: Entry) -> tuple[Record, ...]:
    found: list[Record] = []
    head = START
    for entry in entries:
        head = Head(head.seq + 1, link(head.seq + 1, head.hash, entry.text))
        found.append(Record(head.seq, head.hash, entry.text))
    return tuple(found)


class Remembered:
    """A ledger that holds these entries."""

    def __init__(self, *entries: Entry) -> None:
        self._records = records(*entries)

    def append(self, entries: object) -> Head:
        raise NotImplementedError

    def attachment(self, digest: str) -> str | None:
        raise NotImplementedError

    def records(self, kinds: tuple[str, ...] = ()) -> Iterator[Record]:
        return iter(self._records)


def outcome(what: str, item: Proposed = ITEM, shown: Suggestion = SHOWN) -> Entry:
    return outcome_entry(shown, item, Seen(what, "d" * 40), AT)


def test_a_suggestion_comes_back_as_it_was_recorded() -> None:
    entry = suggestion_entry(SHOWN, "[]", AT)
    [found] = last_shown(records(entry)).values()
    assert found == {ITEM: SHOWN._replace(edits=json.loads(entry.text)["attachment"])}


def test_of_a_finding_the_patch_that_was_shown_last_counts() -> None:
    newer = SHOWN._replace(commit="e" * 40, patch="b" * 32, items=(ITEM._replace(patch="b" * 32),))
    [found] = last_shown(records(suggestion_entry(SHOWN, "[]", AT), suggestion_entry(newer, "[]", AT))).values()
    assert [item.patch for item in found] == ["b" * 32]


def test_what_was_shown_before_the_day_and_what_is_no_suggestion_are_left_out() -> None:
    broken = Entry("x", "suggestion", '{"kind":"suggestion"}')
    assert last_shown(records(broken)) == {}
    assert last_shown(records(suggestion_entry(SHOWN, "[]", AT)), "2026-11-25") == {}
    assert last_shown(records(suggestion_entry(SHOWN, "[]", AT)), "2026-11-24") != {}


@pytest.mark.parametrize(
    "other",
    [
        outcome("edited"),
        outcome("accepted", ITEM._replace(patch="b" * 32)),
        outcome("accepted", ITEM._replace(finding="other")),
        outcome("accepted", shown=SHOWN._replace(pull_request=8)),
        outcome("accepted", shown=SHOWN._replace(repository="acme/other")),
    ],
)
def test_the_same_outcome_has_the_same_id_whenever_it_is_seen_and_another_has_another(other: Entry) -> None:
    entry = outcome("accepted")
    later = outcome_entry(SHOWN, ITEM, Seen("accepted", "0" * 40, "resolved"), "2027-01-01T00:00:00Z")
    assert entry.id == later.id
    assert entry.id != other.id
    assert ids_of(records(entry, other)) == {entry.id, other.id}


def test_a_repair_that_was_applied_accepted_and_merged_is_one_repair() -> None:
    finding = Finding("checkov", "CKV_AWS_1", "It is open")
    past = LedgerPast(Remembered(outcome("applied"), outcome("accepted"), outcome("merged")), 0)
    assert past.of(finding, None, None).recurrences == 1


def test_repairs_by_two_patches_are_two_and_what_was_not_taken_is_none() -> None:
    finding = Finding("checkov", "CKV_AWS_1", "It is open")
    second = outcome("accepted", ITEM._replace(patch="b" * 32))
    assert LedgerPast(Remembered(outcome("accepted"), second), 0).of(finding, None, None).recurrences == 2
    assert LedgerPast(Remembered(outcome("rejected"), outcome("edited")), 0).of(finding, None, None).recurrences == 0
