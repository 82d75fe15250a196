"""Read the tables: one row of an SQLite file for each type that is asked for, nested bodies as they are asked for."""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from remedy_gate.errors import CodeError
from remedy_gate.iac.schema import Argument

if TYPE_CHECKING:
    import sqlite3

FILE = "schemas.sqlite"
REQUIRED, SINGLE, READABLE, REPLACES, KEEPS = 1, 2, 4, 8, 16
"""The flags of an argument in the file; `KEEPS` is a change that does not replace, and neither flag is unknown."""

_LEFT_OUT: list[Any] = ["", "", 0, "", -1, "", ""]
_HINT = "Install remedy-gate again; in a checkout, run .ci/make_schemas.py."


def load(path: str = "") -> SchemaTables:
    """The tables that come with the package, or those at `path`. Nothing is read before the first look-up."""
    return SchemaTables(path or os.path.join(os.path.dirname(__file__), FILE))


class SchemaTables:
    """The tables of one file. Every method raises `CodeError` where the file is missing or damaged."""

    __slots__ = ("_database", "_dictionaries", "_path", "_types")

    def __init__(self, path: str) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._dictionaries: dict[str, bytes] = {}
        self._types: dict[str, Mapping[str, Argument] | None] = {}

    def __del__(self) -> None:
        """Close the file: since 3.13 Python warns of one that is left open."""
        if self._database is not None:
            self._database.close()

    def arguments(self, type_name: str) -> Mapping[str, Argument] | None:
        """The arguments of a type, in the order of their names; None for a type that the tables do not have."""
        if type_name not in self._types:
            self._types[type_name] = self._read(type_name)
        return self._types[type_name]

    def meta(self) -> dict[str, str]:
        """What the tables were made from: sources and their versions, and how many types and arguments there are."""
        rows = self._query("SELECT name, value FROM meta", ())
        return {name: value for name, value in rows if isinstance(value, str)}

    def names(self, language: str) -> tuple[str, ...]:
        """The types of `terraform` or `cloudformation`."""
        table = "cloudformation" if language == "cloudformation" else "terraform"
        return tuple(name for (name,) in self._query(f"SELECT name FROM {table} ORDER BY name", ()))  # noqa: S608

    def _read(self, type_name: str) -> Mapping[str, Argument] | None:
        table = "cloudformation" if "::" in type_name else "terraform"
        rows = self._query(f"SELECT body FROM {table} WHERE name = ?", (type_name,))  # noqa: S608 - two constants
        return self._decode(table, type_name, rows[0][0]) if rows else None

    def _decode(self, table: str, type_name: str, stored: bytes) -> Mapping[str, Argument]:
        import json
        import zlib

        try:
            unpacker = zlib.decompressobj(zdict=self._dictionary(table))
            root, rows = json.loads(unpacker.decompress(stored))
            return _Bodies(rows).body(root)
        except (zlib.error, ValueError, TypeError, LookupError) as error:
            raise CodeError(f"The schema of {type_name} in {self._path} is damaged: {error}.", _HINT) from error

    def _dictionary(self, table: str) -> bytes:
        if table not in self._dictionaries:
            rows = self._query("SELECT value FROM meta WHERE name = ?", (f"{table}.dictionary",))
            self._dictionaries[table] = rows[0][0]
        return self._dictionaries[table]

    def _query(self, text: str, values: tuple[str, ...]) -> list[Any]:
        import sqlite3

        try:
            if self._database is None:
                self._database = _open(self._path)
            return self._database.execute(text, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            raise CodeError(f"The resource schemas in {self._path} cannot be read: {error}.", _HINT) from error


def _open(path: str) -> sqlite3.Connection:
    """Open for reading only, with no lock and no look for a journal: the file never changes while it is installed."""
    import sqlite3

    # https://www.sqlite.org/uri.html; urllib.parse would do it too, in 2.5 ms. Reading needs no thread of its own.
    address = os.path.abspath(path).replace(os.sep, "/")
    for character, code in (("%", "%25"), ("?", "%3f"), ("#", "%23")):
        address = address.replace(character, code)
    return sqlite3.connect(f"file:///{address.lstrip('/')}?mode=ro&immutable=1", uri=True, check_same_thread=False)


class _Bodies:
    """The bodies of one type as they stand in the file, and those made of them so far."""

    __slots__ = ("made", "rows")

    def __init__(self, rows: list[list[list[Any]]]) -> None:
        self.rows = rows
        self.made: dict[int, _Body] = {}

    def body(self, number: int) -> Mapping[str, Argument]:
        if number not in self.made:
            self.made[number] = _Body(self, self.rows[number])
        return self.made[number]


class _Body(Mapping[str, Argument]):
    """One body, its arguments made when the first of them is asked for."""

    __slots__ = ("_arguments", "_bodies", "_rows")

    def __init__(self, bodies: _Bodies, rows: list[list[Any]]) -> None:
        self._bodies = bodies
        self._rows = rows
        self._arguments: dict[str, Argument] | None = None

    def _all(self) -> dict[str, Argument]:
        if self._arguments is None:
            self._arguments = {row[0]: _argument(self._bodies, row) for row in self._rows}
        return self._arguments

    def __getitem__(self, name: str) -> Argument:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<arguments {', '.join(self._all())}>"


def _argument(bodies: _Bodies, row: list[Any]) -> Argument:
    name, kind, flags, item, nested, since, until = row + _LEFT_OUT[len(row) :]
    return Argument(
        name=name,
        type=kind,
        required=bool(flags & REQUIRED),
        item=item,
        arguments=bodies.body(nested) if nested >= 0 else None,
        replaces=True if flags & REPLACES else False if flags & KEEPS else None,
        since=since,
        until=until,
        single=bool(flags & SINGLE),
        readable=bool(flags & READABLE),
    )
