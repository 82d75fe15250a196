"""Whatever is done to a chain afterwards shows, and shows as what it is."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remedy_gate.domain.ledger import Head, Record
from remedy_gate.ledger.chain import START, Fault, examine, line, link
from remedy_gate.ledger.exports import Export, export_lines


def chain(count: int) -> list[Record]:
    records, previous = [], START.hash
    for seq in range(1, count + 1):
        text = f'{{"id":"{seq}","kind":"run"}}'
        previous = link(seq, previous, text)
        records.append(Record(seq, previous, text))
    return records


RECORDS = chain(30)
HEAD = Head(30, RECORDS[-1].hash)


def test_a_hash_is_that_of_the_canonical_json_of_the_record() -> None:
    whole = json.dumps(
        {"seq": 1, "previous": "0" * 64, "entry": {"kind": "run", "id": "1"}}, sort_keys=True, separators=(",", ":")
    )
    assert RECORDS[0].hash == sha256(whole.encode()).hexdigest()


def test_a_whole_chain_holds() -> None:
    assert examine(RECORDS, START, (HEAD, Head(7, RECORDS[6].hash), START)) == (30, HEAD, ())


def test_an_empty_chain_holds() -> None:
    assert examine(()) == (0, START, ())


def test_a_dropped_record_is_a_gap() -> None:
    assert examine([*RECORDS[:9], *RECORDS[10:]]).faults[0] == Fault(11, "record 10 is missing")


def test_dropped_records_are_a_gap() -> None:
    assert examine([*RECORDS[:9], *RECORDS[12:]]).faults[0] == Fault(13, "records 10 to 12 are missing")


def test_two_swapped_records_are_out_of_order() -> None:
    swapped = [*RECORDS[:9], RECORDS[10], RECORDS[9], *RECORDS[11:]]
    assert [fault.what for fault in examine(swapped).faults][:2] == [
        "record 10 is missing",
        "record 10 stands after record 11",
    ]


def test_two_records_with_their_texts_swapped_are_not_what_was_written() -> None:
    one, two = RECORDS[9], RECORDS[10]
    changed = [*RECORDS[:9], one._replace(text=two.text), two._replace(text=one.text), *RECORDS[11:]]
    assert [fault.seq for fault in examine(changed).faults] == [10, 11]


def test_a_record_that_is_given_another_text_and_hash_breaks_the_next_one() -> None:
    text = '{"id":"x","kind":"run"}'
    forged = Record(10, link(10, RECORDS[8].hash, text), text)
    assert [fault.seq for fault in examine([*RECORDS[:9], forged, *RECORDS[10:]]).faults] == [11]


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_cut_end_is_found_by_a_head_that_was_seen(cut: int) -> None:
    found = examine(RECORDS[:-cut], START, (HEAD,))
    assert found.faults[0].what.endswith(f"missing at the end: the head was once 30:{HEAD.hash[:16]}")


def test_a_chain_written_anew_is_found_by_a_head_that_was_seen() -> None:
    other, previous = [], START.hash
    for seq in range(1, 31):
        previous = link(seq, previous, '{"forged":true}')
        other.append(Record(seq, previous, '{"forged":true}'))
    assert examine(other).faults == ()
    assert "the chain was written anew" in examine(other, START, (HEAD,)).faults[0].what


def test_a_chain_from_another_start_does_not_fit() -> None:
    assert examine(RECORDS[10:], Head(10, "a" * 64)).faults[0].seq == 11
    assert examine(RECORDS[10:], Head(10, RECORDS[9].hash)) == (20, HEAD, ())


@given(st.integers(0, 29), st.integers(0, 10_000), st.sampled_from(("text", "hash")))
@settings(deadline=None)
def test_one_flipped_bit_is_always_found(at: int, bit: int, field: str) -> None:
    record = RECORDS[at]
    value = getattr(record, field).encode("latin-1")
    place = bit % (len(value) * 8)
    flipped = bytes(byte ^ (1 << place % 8) if index == place // 8 else byte for index, byte in enumerate(value))
    change: dict[str, Any] = {field: flipped.decode("latin-1")}
    changed = record._replace(**change)
    assert examine([*RECORDS[:at], changed, *RECORDS[at + 1 :]], START, (HEAD,)).faults


def test_an_export_is_examined_without_the_ledger_and_a_byte_of_it_counts() -> None:
    lines = list(export_lines(RECORDS, START))
    export = Export(lines, "x")
    assert examine(export.records(), export.start(), (HEAD,)) == (30, HEAD, ())
    lines[4] = lines[4].replace('"id":"5"', '"id":"6"')
    assert examine(Export(lines, "x").records()).faults[0].seq == 5


def test_a_line_of_an_export_is_canonical_json() -> None:
    text = line(RECORDS[1], RECORDS[0].hash)
    assert json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")) == text


def test_a_record_from_another_chain_does_not_fit_here() -> None:
    text = '{"id":"other","kind":"run"}'
    replayed = Record(31, link(31, "b" * 64, text), text)
    assert examine([*RECORDS, replayed]).faults[0].seq == 31
