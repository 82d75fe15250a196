"""What is remembered: entries, the records that they become once they are chained, and what they say of the past."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """Something that happened.

    `kind` is run, decision, attempt, request, approval, rejection, publication, suggestion, outcome or prune.
    `id` is its own, so that the same entry is never there twice, however often it is handed in. `text` is canonical
    JSON, `id` and `kind` in it. `attachment` goes with it and is kept apart from the chain, which names its digest: it
    may hold code, and the chain never does.
    """

    id: str
    kind: str
    text: str
    attachment: str | None = None


class Head(NamedTuple):
    """The end of a chain: the number of its last record, and that record's hash. 0 and zeros for an empty one."""

    seq: int
    hash: str


class Record(NamedTuple):
    """One link. `hash` covers the entry's text, the number, and the hash of the record before."""

    seq: int
    hash: str
    text: str


class TrackRecord(NamedTuple):
    """How many patches of a control or model people approved, and how many were reverted."""

    approved: int = 0
    reverted: int = 0


class Memory(NamedTuple):
    """What the past says of one case.

    `recurrences`: how often the problem was repaired before. `approver`: who said yes to this very patch, made from
    this very code, with this very proof, and not too long ago. `standing`: the record of whoever made the patch.
    """

    recurrences: int = 0
    approver: str | None = None
    standing: TrackRecord = TrackRecord()
