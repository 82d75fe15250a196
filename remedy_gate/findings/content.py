"""What a text is made of, told by its first lines: one JSON document or many, an object a line, or a table."""

from __future__ import annotations

from collections.abc import Iterator
from io import TextIOWrapper
from itertools import chain
from json import JSONDecoder
from typing import Final, NamedTuple

from .cursor import WINDOW, BrokenTextError, Cursor
from .format import Unusable
from .walk import pieces

_SCOUT: Final = "scoutsuite_results"
_EXCERPT: Final = 4_096


class Header(NamedTuple):
    """The column names of a table."""

    columns: tuple[str, ...]


class Part(NamedTuple):
    """A JSON value, a `Header`, a row, or what stands there instead: `Unusable` or `Mistaken`.

    `place` is where in the text: `record 3`, `line 12`, `row 7`.
    """

    content: object
    place: str
    whole: bool = True


def parts_of(text: TextIOWrapper) -> Iterator[Part]:
    """Every part of the text in order. Raises `BrokenTextError` after the last that could be had."""
    first, blank = _first_line(text)
    beginning = first.lstrip("\ufeff \t\r")
    if beginning.startswith(_SCOUT):
        found, cut, rest = beginning.partition("=")
        yield from _documents(rest if cut else found.removeprefix(_SCOUT), text)
    elif beginning.startswith(("{", "[")):
        head = [first, text.readline(WINDOW), text.readline(WINDOW)] if first.endswith("\n") else [first]
        if _is_object_a_line(head):
            yield from _lines(chain(head, text), blank)
        else:
            yield from _documents("".join(head), text)
    elif beginning:
        yield from _table(first, text, blank)


def _first_line(text: TextIOWrapper) -> tuple[str, int]:
    """The first line that is not blank, at most a window of it, and the number of lines before it."""
    blank = 0
    while line := text.readline(WINDOW):
        if line.strip("\ufeff \t\r\n"):
            break
        blank += 1
    return line, blank


def _is_object_a_line(head: list[str]) -> bool:
    """Whether every line is a document of its own. The first line may be the bad one."""
    if len(head) == 1 or not head[1].strip():
        return False
    if _is_complete(head[0]):
        return True
    return _is_complete(head[1]) and (not head[2].strip() or _is_complete(head[2]))


def _is_complete(line: str) -> bool:
    line = line.strip("\ufeff \t\r\n")
    if not (line.startswith("{") and line.endswith("}")):
        return False
    try:
        JSONDecoder(strict=False).decode(line)
    except (ValueError, RecursionError):
        return False
    return True


def _documents(head: str, text: TextIOWrapper) -> Iterator[Part]:
    for number, piece in enumerate(pieces(Cursor(head, text.read)), start=1):
        yield Part(piece.value, f"record {number}", piece.whole)


def _lines(lines: Iterator[str], blank: int) -> Iterator[Part]:
    for number, line in enumerate(lines, start=blank + 1):
        place = f"line {number}"
        cursor = Cursor(line, _no_more)
        try:
            while sign := cursor.peek():
                if sign == ",":
                    cursor.skip()
                else:
                    yield Part(cursor.value(), place)
        except BrokenTextError as broken:
            yield Part(Unusable(f"the line {broken.reason}"), place)


def _table(first: str, text: TextIOWrapper, blank: int) -> Iterator[Part]:
    from .not_findings import mistaken_columns, mistaken_text
    from .rows import header_of, rows

    first = first.lstrip("\ufeff")
    columns = header_of(first)
    place = f"line {blank + 1}"
    beginning = first if len(columns) > 1 else first + text.readline(_EXCERPT)
    mistaken = mistaken_text(beginning[:_EXCERPT]) or mistaken_columns(columns)
    if mistaken is not None:
        yield Part(mistaken, place)
    elif len(columns) <= 1:
        yield Part(Unusable("is neither JSON nor a table"), place)
    else:
        yield Part(Header(columns), place)
        for number, row in enumerate(rows(first, text), start=1):
            yield Part(row, f"row {number}")


def _no_more(_: int) -> str:
    return ""
