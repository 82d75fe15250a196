"""Rows of a table in CSV as records: header to cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from .cleaning import text_of
from .format import Document, Unusable

_LARGEST_CELL: Final = 1 << 24  # the csv module's own limit is 128 KB, less than some sources' JSON cells
_SEPARATORS: Final = (",", ";", "\t")


def header_of(line: str) -> tuple[str, ...]:
    """The column names that a table's first line is."""
    import csv

    try:
        cells = next(csv.reader((line,), delimiter=_separator(line)), [])
    except csv.Error:
        cells = []
    return tuple(map(text_of, cells))


def rows(first: str, following: Iterable[str]) -> Iterator[Document | Unusable]:
    """Every row after the header line `first`.

    A row with too many or too few cells is `Unusable`: nothing says which of them it is that differs.
    """
    import csv

    columns = header_of(first)
    before = csv.field_size_limit(_LARGEST_CELL)
    try:
        for cells in csv.reader(following, delimiter=_separator(first)):
            if not any(cells):
                continue
            if len(cells) != len(columns):
                yield Unusable(f"has {len(cells)} cells where the header has {len(columns)}")
            else:
                yield dict(zip(columns, cells, strict=True))
    except csv.Error as error:
        yield Unusable(f"ends the table: {error}")
    finally:
        csv.field_size_limit(before)


def _separator(header: str) -> str:
    return max(_SEPARATORS, key=header.count)
