"""A snapshot as the bytes of a file: in columns, which load many times as fast as records do.

100,000 findings have to be there in a fraction of the hook's time. Each text, resource and saying is kept once and
named by its number; numbers stand in arrays of 32 bits; findings are made of them when they are asked for.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import islice, repeat
from typing import Any, Final
from zlib import crc32

from remedy_gate.domain.finding import CloudResource, Finding, Kind, Location, Severity
from remedy_gate.domain.source import Problem
from remedy_gate.matching.columns import Columns, Saying, Table

from .snapshot import Snapshot

VERSION: Final = 2
_SEVERITIES: Final = tuple(Severity)
_KINDS: Final = tuple(Kind)
_NO_SAYING: Final = Saying("", "", "", Severity.UNKNOWN, Kind.OTHER, "", None)  # number 0 is nothing everywhere
_NO_RESOURCE: Final = CloudResource("")
_DATES: Final = ("first_seen", "due", "url")
_RESOURCE: Final = ("id", "type", "name", "account", "region")


class DamagedError(Exception):
    """The bytes are not what their first line says: a signal inside this folder."""


def packed(snapshot: Snapshot) -> bytes:
    """The snapshot as a line of JSON, five tables as JSON, and columns of numbers.

    Findings are as readers make them: without `sources`, which come when findings of several are merged.
    """
    texts, sayings, resources, groups, places, tags = (_Numbered() for _ in range(6))
    findings = tuple(snapshot.findings)

    def text_column(values: Iterable[Any], field: str) -> array[int]:
        return _column(texts.number(getattr(value, field)) for value in values)

    columns = [
        _column(sayings.number(_said(one, texts)) for one in findings),
        _column(groups.number(tuple(map(resources.number, one.resources))) for one in findings),
        _column(places.number(one.location) for one in findings),
        *(text_column(findings, field) for field in _DATES),
    ]
    known = resources.values()
    columns += (*(text_column(known, field) for field in _RESOURCE), _column(tags.number(one.tags) for one in known))
    tables = json.dumps([numbered.values() for numbered in (texts, sayings, groups, places, tags)]).encode("ascii")
    parts = (tables, b"".join(column.tobytes() for column in columns), json.dumps(snapshot.keys).encode("ascii"))
    header = {
        **snapshot._replace(findings=(), keys=())._asdict(),
        "snapshot": VERSION,
        "counts": (len(findings), len(known)),
        "parts": tuple(map(len, parts)),
        "crcs": tuple(map(crc32, parts)),
    }
    return b"".join((json.dumps(header).encode("ascii"), b"\n", *parts))


def _said(finding: Finding, texts: _Numbered) -> tuple[int, ...]:
    source, rule_id, title, severity, kind, status, control, *_ = finding
    number = texts.number
    plain = number(source), number(rule_id), number(title), number(status), number(control)
    return (*plain, _SEVERITIES.index(severity), _KINDS.index(kind))


def unpacked(data: bytes, *, with_keys: bool = True) -> Snapshot:
    """The snapshot of such bytes. Its keys are not needed to look at the findings.

    :raises DamagedError: they are of another version, cut off or altered.
    """
    try:
        end = data.index(b"\n") + 1
        told = json.loads(data[:end])
        if told["snapshot"] != VERSION:
            raise DamagedError
        tables, numbers, keys = _parts(memoryview(data)[end:], told["parts"], told["crcs"])
        findings = _findings(json.loads(str(tables, "ascii")), _numbers(numbers), *told["counts"])
        return Snapshot(
            taken=float(told["taken"]),
            whole=float(told["whole"]),
            findings=findings,
            keys=tuple(json.loads(str(keys, "ascii"))) if with_keys else (),
            watermark=float(told["watermark"]),
            left_out=int(told["left_out"]),
            problems=tuple(Problem(*map(str, pair)) for pair in told["problems"]),
            notes=tuple(Problem(*map(str, pair)) for pair in told["notes"]),
        )
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise DamagedError from error


def _parts(body: memoryview, lengths: list[int], crcs: list[int]) -> Iterator[memoryview]:
    if sum(lengths) != len(body):
        raise DamagedError
    at = 0
    for length, crc in zip(lengths, crcs, strict=True):
        part = body[at : at + length]
        if crc32(part) != crc:
            raise DamagedError
        yield part
        at += length


def _findings(tables: list[Any], numbers: array[int], count: int, known: int) -> Table:
    texts, sayings, groups, places, tags = ([None, *table] for table in tables)
    if 6 * (count + known) != len(numbers):
        raise DamagedError
    columns = _columns(numbers, (*repeat(count, 6), *repeat(known, 6)))
    saying, group, place, *dates = (next(columns) for _ in range(6))
    text = texts.__getitem__
    tags = [None, *(tuple(map(tuple, entry)) for entry in tags[1:])]
    rows = zip(*(map(text, next(columns)) for _ in _RESOURCE), map(tags.__getitem__, next(columns)), strict=True)
    resource = [_NO_RESOURCE, *map(CloudResource._make, rows)].__getitem__
    table = Columns(
        [_NO_SAYING, *(_saying(one, texts) for one in sayings[1:])],
        [(), *(tuple(map(resource, one)) for one in groups[1:])],
        [None, *(Location(*one) for one in places[1:])],
        texts,
        *(saying, group, place, *dates),
    )
    _check(table)
    return Table(table)


def _saying(numbers: list[int], texts: Sequence[str]) -> Saying:
    source, rule_id, title, status, control, severity, kind = numbers
    return Saying(
        texts[source], texts[rule_id], texts[title], _SEVERITIES[severity], _KINDS[kind], texts[status], texts[control]
    )


def _check(columns: Columns) -> None:
    """Findings are made later, and then none may be found wanting."""
    named = (columns.sayings, columns.groups, columns.places, *(columns.texts for _ in _DATES))
    for things, numbers in zip(named, columns[4:], strict=True):
        if max(numbers, default=0) >= len(things):
            raise DamagedError


class _Numbered:
    """Values by number, each kept once. 0 is None."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {None: 0}

    def number(self, value: Hashable) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def values(self) -> list[Any]:
        return list(islice(self._numbers, 1, None))


def _column(numbers: Iterable[int]) -> array[int]:
    column = array("I", numbers)
    if sys.byteorder != "little":
        column.byteswap()
    return column


def _numbers(data: memoryview) -> array[int]:
    numbers = array("I")
    numbers.frombytes(data)
    if sys.byteorder != "little":
        numbers.byteswap()
    return numbers


def _columns(numbers: array[int], lengths: Iterable[int]) -> Iterator[array[int]]:
    at = 0
    for length in lengths:
        yield numbers[at : at + length]
        at += length
