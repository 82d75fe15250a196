"""What every ledger promises, over every implementation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger_cases import AT, IMPLEMENTATIONS, SEGMENT, entries, entry

from remedy_gate.domain.ledger import Entry, Head
from remedy_gate.domain.seams import Ledger
from remedy_gate.errors import LedgerError
from remedy_gate.ledger.canonical import canonical, digest_of
from remedy_gate.ledger.chain import START
from remedy_gate.ledger.dynamodb import DynamoLedger
from remedy_gate.ledger.exports import Export, export_lines
from remedy_gate.ledger.sqlite import SqliteLedger
from remedy_gate.ledger.verifying import verify

AnyLedger = SqliteLedger | DynamoLedger
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


@pytest.fixture(params=IMPLEMENTATIONS, ids=lambda make: make.__name__)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyLedger]:
    with request.param(tmp_path) as made:
        yield made


def test_it_is_a_ledger(ledger: AnyLedger) -> None:
    seam: Ledger = ledger
    assert seam.append(()) == START


def test_an_empty_ledger_holds(ledger: AnyLedger) -> None:
    assert verify(ledger) == (0, START, ())
    assert list(ledger.records()) == []


def test_entries_come_back_in_their_order_and_the_chain_holds(ledger: AnyLedger) -> None:
    ledger.append(entries(3))
    head = ledger.append(entries(57, 3))
    found = list(ledger.records())
    assert [record.text for record in found] == [one.text for one in entries(60)]
    assert [record.seq for record in found] == list(range(1, 61))
    assert verify(ledger, (head,)) == (60, head, ())


def test_the_same_entry_is_never_there_twice(ledger: AnyLedger) -> None:
    first = ledger.append(entries(5))
    assert ledger.append(entries(5)) == first
    assert ledger.append(entries(7)).seq == 7


def test_records_of_a_kind_are_found_and_others_left_out(ledger: AnyLedger) -> None:
    ledger.append((entry(1), entry(2, "approval"), entry(3, "request"), entry(4), entry(5, "approval")))
    assert [record.seq for record in ledger.records(("approval", "request"))] == [2, 3, 5]
    assert [record.seq for record in ledger.records(("decision",))] == [1, 4]
    assert list(ledger.records(("outcome",))) == []


def test_an_attachment_is_kept_by_its_digest_and_no_other_text_is(ledger: AnyLedger) -> None:
    ledger.append((entry(1, "request", "a diff, é"), entry(2)))
    assert ledger.attachment(digest_of("a diff, é")) == "a diff, é"
    assert ledger.attachment(digest_of("another")) is None


def test_another_opening_sees_what_was_recorded(tmp_path: Path) -> None:
    folder = str(tmp_path)
    head = SqliteLedger(folder).append(entries(3))
    assert SqliteLedger(folder).append(()) == head


def test_it_can_be_exported_and_examined_elsewhere(ledger: AnyLedger) -> None:
    head = ledger.append(entries(5))
    export = Export(export_lines(ledger.records(), ledger.start()), "x")
    assert verify(export, (head,)) == (5, head, ())
    shorter = Export(list(export_lines(ledger.records(), ledger.start()))[:-1], "x")
    assert "missing at the end" in verify(shorter, (head,)).faults[0].what


def prune_entry(through: int) -> Entry:
    return Entry("f" * 32, "prune", canonical({"at": AT, "id": "f" * 32, "kind": "prune", "through": through}))


def test_what_is_pruned_is_gone_and_the_rest_still_holds(ledger: AnyLedger) -> None:
    old = ledger.append(entries(SEGMENT + 5))
    head = ledger.prune(SEGMENT, prune_entry(SEGMENT))
    assert [record.seq for record in ledger.records()] == list(range(SEGMENT + 1, SEGMENT + 7))
    assert ledger.start().seq == SEGMENT
    assert verify(ledger, (old, head)) == (6, head, ())
    assert ledger.append(entries(1, 5000)).seq == SEGMENT + 7


def test_nothing_is_pruned_up_to_a_record_that_is_not_there(ledger: AnyLedger) -> None:
    head = ledger.append(entries(3))
    with pytest.raises(LedgerError):
        ledger.prune(9, prune_entry(9))
    assert verify(ledger) == (3, head, ())


def test_a_head_that_never_was_is_told(ledger: AnyLedger) -> None:
    ledger.append(entries(3))
    assert verify(ledger, (Head(2, "a" * 64),)).faults[0].what == (
        "record 2 once had the hash aaaaaaaaaaaaaaaa...: the chain was written anew"
    )
    assert verify(ledger, (Head(4, "a" * 64),)).faults[0].what.startswith("record 4 is missing at the end")
