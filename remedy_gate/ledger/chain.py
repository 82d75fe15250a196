"""The chain: each record's hash covers the one before, so that whatever is changed later no longer fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from remedy_gate.domain.ledger import Head, Record

START = Head(0, "0" * 64)
SEGMENT = 1000
"""Records that are sealed, stored and pruned together."""

_MOST_FAULTS = 20


class Fault(NamedTuple):
    """Something that is not as it was written. `seq` is the number of the record where it shows."""

    seq: int
    what: str


class Examination(NamedTuple):
    """What an examination of a chain came to: how many records, up to which head, and what is wrong with them."""

    records: int
    head: Head
    faults: tuple[Fault, ...]


def link(seq: int, previous: str, text: str) -> str:
    """The hash of a record: SHA-256 over the canonical JSON of its entry, the hash before it, and its number."""
    return sha256(f'{{"entry":{text},"previous":"{previous}","seq":{seq}}}'.encode("utf-8", "replace")).hexdigest()


def line(record: Record, previous: str) -> str:
    """A record as a line of an export, itself canonical JSON, without the newline."""
    return f'{{"entry":{record.text},"hash":"{record.hash}","previous":"{previous}","seq":{record.seq}}}'


def examine(records: Iterable[Record], start: Head = START, anchors: Iterable[Head] = ()) -> Examination:
    """Follow the chain from `start`. `anchors` are heads that were once seen: each still has to be there.

    Each fault is told once, where it shows; the examination then goes on from what is there.
    """
    wanted = {(anchor.seq, anchor.hash) for anchor in anchors}
    unseen = {anchor for anchor in wanted if anchor[0] >= start.seq} - {(start.seq, start.hash)}
    faults: list[Fault] = []
    head, count = start, 0
    for record in records:
        count += 1
        if len(faults) < _MOST_FAULTS:
            faults += _faults(record, head)
        if (record.seq, record.hash) in unseen:
            unseen.discard((record.seq, record.hash))
        head = Head(record.seq, record.hash)
    faults += _missing(head, unseen)
    return Examination(count, head, tuple(faults))


def _faults(record: Record, before: Head) -> Iterator[Fault]:
    if record.seq > before.seq + 1:
        yield Fault(record.seq, f"{_span(before.seq + 1, record.seq - 1)} missing")
    elif record.seq <= before.seq:
        yield Fault(record.seq, f"record {record.seq} stands after record {before.seq}")
    elif link(record.seq, before.hash, record.text) != record.hash:
        yield Fault(
            record.seq, f"record {record.seq} is not what was written: text, number, hash or the link before it"
        )


def _missing(head: Head, unseen: Iterable[tuple[int, str]]) -> Iterator[Fault]:
    for seq, digest in sorted(unseen):
        if seq > head.seq:
            yield Fault(seq, f"{_span(head.seq + 1, seq)} missing at the end: the head was once {seq}:{digest[:16]}")
        else:
            yield Fault(seq, f"record {seq} once had the hash {digest[:16]}...: the chain was written anew")


def _span(first: int, last: int) -> str:
    return f"record {first} is" if first == last else f"records {first} to {last} are"
