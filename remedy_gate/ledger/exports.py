"""A ledger as lines of JSON: to be kept elsewhere, and examined there without us."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeGuard

from remedy_gate.domain.ledger import Head, Record
from remedy_gate.errors import LedgerError

from .canonical import canonical
from .chain import line

MOST_LINE = 4_000_000


def export_lines(records: Iterable[Record], start: Head) -> Iterator[str]:
    """Every record as a line, without the newline, each with the hash of the one before."""
    previous = start.hash
    for record in records:
        yield line(record, previous)
        previous = record.hash


class Export:
    """Lines of an export, to be examined. `name` is what the file is called in errors."""

    __slots__ = ("_records", "_start")

    def __init__(self, lines: Iterable[str], name: str) -> None:
        parsed = [_parsed(text, f"{name}: line {number}") for number, text in enumerate(lines, 1) if text.strip()]
        self._records = tuple(record for record, _ in parsed)
        self._start = Head(self._records[0].seq - 1, parsed[0][1]) if parsed else Head(0, "0" * 64)

    def records(self, kinds: tuple[str, ...] = ()) -> Iterator[Record]:
        """All records, or those of some kinds."""
        import json

        for record in self._records:
            if not kinds or json.loads(record.text).get("kind") in kinds:
                yield record

    def start(self) -> Head:
        """The head that the first line says it follows."""
        return self._start

    def anchors(self) -> tuple[Head, ...]:
        """None: a file knows nothing of its own end."""
        return ()


def _parsed(text: str, where: str) -> tuple[Record, str]:
    import json

    try:
        value = json.loads(text) if len(text) <= MOST_LINE else None
        if _is_record(value):
            return Record(value["seq"], str(value["hash"]), canonical(value["entry"])), str(value["previous"])
    except (ValueError, RecursionError):
        pass
    raise LedgerError(f"{where} is not a record.", "Give what `remedy-gate ledger export` wrote.")


def _is_record(value: object) -> TypeGuard[dict[str, Any]]:
    if not isinstance(value, dict) or set(value) != {"entry", "hash", "previous", "seq"}:
        return False
    return isinstance(value["entry"], dict) and type(value["seq"]) is int and value["seq"] > 0
