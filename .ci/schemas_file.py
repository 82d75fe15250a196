"""Write tables of types to one SQLite file, small and the same bytes for the same tables.

One row a type: a zlib stream, made with the preset dictionary of its table, of the JSON `[root, [body, ...]]`. A
body is a list of arguments, each `[name, type, flags, item, nested, since, until]` cut after the last field that
says something; `nested` is the number of a body of the same type, or -1. Bodies that are alike are written once.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from remedy_gate.iac.schema import Argument

Body = Mapping[str, Argument]
Row = tuple[str, str, int, str, int, str, str]

REQUIRED, SINGLE, READABLE, REPLACES, KEEPS = 1, 2, 4, 8, 16
DICTIONARY_SIZE = 32 * 1024


def write_tables(path: Path, tables: Mapping[str, Mapping[str, Body]], meta: Mapping[str, str]) -> None:
    """Write `tables` (by language) and `meta` to a new file at `path`."""
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.execute("PRAGMA page_size = 1024")
    database.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID")
    database.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
    for language, types in sorted(tables.items()):
        texts = {name: encode_type(types[name]) for name in sorted(types)}
        dictionary = preset_dictionary(texts.values())
        database.execute("INSERT INTO meta VALUES (?, ?)", (f"{language}.dictionary", dictionary))
        database.execute(f"CREATE TABLE {language} (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID")
        rows = [(name, compress(text, dictionary)) for name, text in texts.items()]
        database.executemany(f"INSERT INTO {language} VALUES (?, ?)", rows)  # noqa: S608 - our own two table names
    database.commit()
    database.execute("VACUUM")
    database.close()


def compress(text: bytes, dictionary: bytes) -> bytes:
    """A zlib stream that the reader opens with the same dictionary."""
    stream = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
    return stream.compress(text) + stream.flush()


def preset_dictionary(texts: Iterable[bytes]) -> bytes:
    """The arguments that occur most over all types, the commonest last, where zlib reaches them most cheaply."""
    counts = Counter(row for text in texts for row in re.findall(rb'\["[^]]*\]', text))
    saved = {row: (count - 1) * len(row) for row, count in counts.items() if count > 1}
    chosen: list[bytes] = []
    room = DICTIONARY_SIZE
    for row in sorted(saved, key=lambda row: (-saved[row], row)):
        if len(row) < room:
            chosen.append(row)
            room -= len(row) + 1
    return b",".join(reversed(chosen))


def encode_type(root: Body) -> bytes:
    """The JSON of one type."""
    bodies, classes = distinct(root)
    rows = [[_cut(row) for row in _rows(body, classes)] for body in bodies]
    return json.dumps([classes[id(root)], rows], separators=(",", ":"), ensure_ascii=True).encode()


def _rows(body: Body, classes: Mapping[int, int]) -> tuple[Row, ...]:
    return tuple(_row(body[name], classes) for name in sorted(body))


def _row(argument: Argument, classes: Mapping[int, int]) -> Row:
    flags = (
        (REQUIRED if argument.required else 0)
        | (SINGLE if argument.single else 0)
        | (READABLE if argument.readable else 0)
        | (REPLACES if argument.replaces else 0)
        | (KEEPS if argument.replaces is False else 0)
    )
    nested = -1 if argument.arguments is None else classes[id(argument.arguments)]
    return (argument.name, argument.type, flags, argument.item, nested, argument.since, argument.until)


def _cut(row: Row) -> list[str | int]:
    fields: list[str | int] = list(row)
    for default in ("", "", -1, "", 0):
        if fields[-1] != default:
            break
        fields.pop()
    return fields


def distinct(root: Body) -> tuple[list[Body], dict[int, int]]:
    """One body of each kind, in the order they are met, and the kind of every body by its identity.

    Bodies may contain themselves, so they are sorted into kinds as states of an automaton are: all alike at first, and
    told apart as long as telling apart goes on.
    """
    bodies = _reachable(root)
    classes = dict.fromkeys(map(id, bodies), 0)
    while True:
        kinds: dict[tuple[Row, ...], int] = {}
        refined = {id(body): kinds.setdefault(_rows(body, classes), len(kinds)) for body in bodies}
        if len(kinds) == len(set(classes.values())):
            break
        classes = refined
    first: dict[int, Body] = {}
    for body in bodies:
        first.setdefault(classes[id(body)], body)
    numbers = {kind: number for number, kind in enumerate(first)}
    return list(first.values()), {key: numbers[kind] for key, kind in classes.items()}


def _reachable(root: Body) -> list[Body]:
    """All bodies of a type, the outermost first, each once."""
    found = [root]
    seen = {id(root)}
    for body in found:
        for argument in body.values():
            if argument.arguments is not None and id(argument.arguments) not in seen:
                seen.add(id(argument.arguments))
                found.append(argument.arguments)
    return found
