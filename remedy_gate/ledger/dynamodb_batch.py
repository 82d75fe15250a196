"""What the head's item in DynamoDB carries: the records of the last step, and how entries are cut into steps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from remedy_gate.domain.ledger import Entry, Head, Record
from remedy_gate.errors import LedgerError

from .chain import link

Item: TypeAlias = "dict[str, dict[str, str]]"

POINTED = ("request", "approval", "rejection", "issue", "outcome", "prune", "publication", "suggestion")
"""Kinds that are asked for by name, and so have a pointer each."""

MOST_BATCH = 300_000
"""Bytes of one batch, which has to fit into the head's item of 400 KB."""


_SHORTEST_WAIT, _LONGEST_WAIT = 0.02, 3.0  # seconds


class Link(NamedTuple):
    """A record with what it is found by."""

    seq: int
    hash: str
    id: str
    kind: str
    text: str


def chained(entries: Iterable[Entry], before: Head) -> tuple[Link, ...]:
    """The entries as records that follow a head."""
    links: list[Link] = []
    head = before
    for entry in entries:
        head = Head(head.seq + 1, link(head.seq + 1, head.hash, entry.text))
        links.append(Link(head.seq, head.hash, entry.id, entry.kind, entry.text))
    return tuple(links)


def chunks(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The entries in steps that fit into the head's item. Raises `LedgerError` for one that never does."""
    chunk: list[Entry] = []
    size = 0
    for entry in entries:
        length = len(json.dumps(entry.text)) + 200
        if length > MOST_BATCH:
            raise LedgerError(f"A record of {length:,} bytes is too large for DynamoDB.")
        if chunk and size + length > MOST_BATCH:
            yield chunk
            chunk, size = [], 0
        chunk.append(entry)
        size += length
    if chunk:
        yield chunk


def links_text(links: Iterable[Link]) -> str:
    """Records as text."""
    return json.dumps([list(one) for one in links])


def links_from(text: str) -> tuple[Link, ...]:
    """Records from what `links_text` wrote."""
    try:
        return tuple(Link(int(seq), *map(str, rest)) for seq, *rest in json.loads(text))
    except (ValueError, TypeError) as error:
        raise LedgerError("The head of the ledger is damaged.", "Restore the table to a point in time.") from error


def record_key(seq: int) -> str:
    """The key of a record's item."""
    return f"record#{seq:012}"


def record_of(item: Item) -> Record:
    """The record that an item holds."""
    return Record(int(item["seq"]["N"]), item["hash"]["S"], item["text"]["S"])


def pointer_of(item: Item) -> str:
    """The key of the pointer to a record's item; the empty text where its kind has none."""
    kind = item["kind"]["S"]
    return f"kind#{kind}#{int(item['seq']['N']):012}" if kind in POINTED else ""


def wait(attempt: int) -> float:
    """Seconds until the next attempt: growing, and not the same for any two who wait."""
    from random import random

    return float(min(_LONGEST_WAIT, _SHORTEST_WAIT * 2.0 ** min(attempt, 16)) * (0.5 + random()))  # noqa: S311 - no secret
