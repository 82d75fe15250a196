"""The records of JSON text of any size, found while reading it.

Large exports are long lists in a small envelope: these lists are given out entry by entry and never held. Reports that
have to be read whole are built up so that, where the text breaks off, every entry that was complete is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from .cursor import BrokenTextError, Cursor
from .format import Document

# Lists whose entries can be read alone, and the objects on the way to them.
_STREAMED: Final = frozenset(
    (
        "Findings",
        "findings",
        "nodes",
        "EvaluationResults",
        "AggregateEvaluationResults",
        "failed_checks",
        "skipped_checks",
    )
)
_ON_THE_WAY: Final = frozenset(("data", "detail", "results", "result", "issues", "issuesV2", "configurationFindings"))
_DEPTH: Final = 3
# Lists that make up a report: of objects with such a list inside, and of whole entries.
_OUTER_LISTS: Final = frozenset(("runs", "Results", "queries", "ruleMatches"))
_INNER_LISTS: Final = frozenset(
    ("results", "Misconfigurations", "files", "violations", "matches", "infrastructureAsCodeIssues", "vulnerabilities")
)
_NOT_NEEDED: Final = frozenset(("passed_checks",))
# In a list of reports, what a report begins with. Everything else in a list is decoded in one go.
_REPORT: Final = r'\{\s*"(?:check_type|Findings|findings|data|\$schema|runs)"'


class Piece(NamedTuple):
    """A value out of the text. Not `whole`: the text broke off inside, and lists hold what was complete."""

    value: object
    whole: bool = True


def pieces(cursor: Cursor) -> Iterator[Piece]:
    """Every value of the text, one document after another, lists and envelopes opened.

    An opened list still appears, empty, in the object that it stood in, after its entries. Raises `BrokenTextError`
    after everything that could be had.
    """
    while sign := cursor.peek():
        if sign == ",":
            cursor.skip()
        elif sign == "[":
            yield from _list(cursor)
        elif sign == "{":
            yield from _document(cursor)
        else:
            yield Piece(cursor.value())


def _list(cursor: Cursor) -> Iterator[Piece]:
    empty = True
    for sign in _entries(cursor):
        empty = False
        if sign == "{" and cursor.looking_at(_REPORT):
            yield from _document(cursor)
        else:
            yield Piece(cursor.value())
    if empty:
        yield Piece([])


def _entries(cursor: Cursor) -> Iterator[str]:
    """The first character of each entry of the list that begins here; whoever asks has to read the entry."""
    cursor.skip()
    while (sign := cursor.peek()) != "]":
        if sign == ",":
            cursor.skip()
        elif sign:
            yield sign
        else:
            raise BrokenTextError("breaks off in the middle", cursor.offset)
    cursor.skip()


def _document(cursor: Cursor) -> Iterator[Piece]:
    shell: Document = {}
    try:
        yield from _fill(cursor, shell, 0)
    except BrokenTextError:
        if shell:
            yield Piece(shell, whole=False)
        raise
    yield Piece(shell)


def _fill(cursor: Cursor, into: Document, depth: int) -> Iterator[Piece]:
    for key in _keys(cursor):
        sign = cursor.peek()
        if sign == "[" and key in _STREAMED and depth < _DEPTH:
            into[key] = []
            for _ in _entries(cursor):
                yield Piece(cursor.value())
        elif sign == "{" and key in _ON_THE_WAY and depth < _DEPTH:
            into[key] = inner = _object()
            yield from _fill(cursor, inner, depth + 1)
        elif sign == "[":
            _fill_list(cursor, into, key)
        else:
            into[key] = cursor.value()


def _fill_list(cursor: Cursor, into: Document, key: str) -> None:
    if key in _OUTER_LISTS:
        into[key] = outer = _array()
        for sign in _entries(cursor):
            if sign == "{":
                outer.append(inner := _object())
                _fill_report(cursor, inner)
            else:
                outer.append(cursor.value())
    elif key in _INNER_LISTS:
        into[key] = entries = _array()
        for _ in _entries(cursor):
            entries.append(cursor.value())
    elif key in _NOT_NEEDED:
        into[key] = []
        for _ in _entries(cursor):
            cursor.value()
    else:
        into[key] = cursor.value()


def _fill_report(cursor: Cursor, into: Document) -> None:
    for key in _keys(cursor):
        if cursor.peek() == "[":
            _fill_list(cursor, into, key)
        else:
            into[key] = cursor.value()


def _keys(cursor: Cursor) -> Iterator[str]:
    """The keys of the object that begins here; whoever asks has to read the value."""
    cursor.skip()
    while (sign := cursor.peek()) != "}":
        if sign == ",":
            cursor.skip()
            continue
        key = cursor.value() if sign == '"' else None
        if not isinstance(key, str) or cursor.peek() != ":":
            raise BrokenTextError("is not valid JSON" if cursor.peek() else "breaks off in the middle", cursor.offset)
        cursor.skip()
        yield key
    cursor.skip()


def _object() -> Document:
    return {}


def _array() -> list[Any]:
    return []
