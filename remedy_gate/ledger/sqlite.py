"""The ledger of one machine: SQLite, written ahead (WAL), so that a process that is killed leaves a whole chain."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from remedy_gate.domain.ledger import Entry, Head, Record
from remedy_gate.errors import LedgerError

from .anchor import read_anchor, write_anchor
from .canonical import digest_of
from .chain import START, link
from .place import DATABASE

PATIENCE = 2.0
"""Seconds to wait for another writer: a hook may not hang because somebody else's does."""

_VERSION = 1
_CREATE = """
CREATE TABLE records (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
                      text TEXT NOT NULL);
CREATE INDEX records_by_kind ON records (kind);
CREATE TABLE attachments (digest TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE heads (name TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL);
"""


class SqliteLedger:
    """A `Ledger` in a folder. The file is opened, and made, when it is first needed."""

    __slots__ = ("_connection", "_folder", "_patience")

    def __init__(self, folder: str, patience: float = PATIENCE) -> None:
        self._folder = folder
        self._patience = patience
        self._connection: sqlite3.Connection | None = None

    @property
    def is_there(self) -> bool:
        """Whether anything was ever recorded."""
        return os.path.exists(os.path.join(self._folder, DATABASE))

    def append(self, entries: Sequence[Entry]) -> Head:
        """See `Ledger`. A chain whose end does not fit takes nothing more: it would hide what happened to it."""
        with self._explained(), self._writing() as database:
            head = self._checked_head(database)
            for entry in entries:
                head = _insert(database, entry, head)
            _set_head(database, "head", head)
        if entries:
            self._anchor(head)
        return head

    def records(self, kinds: tuple[str, ...] = ()) -> Iterator[Record]:
        """See `Ledger`."""
        if not self.is_there:
            return
        marks = ",".join("?" * len(kinds))
        where = f"WHERE kind IN ({marks})" if kinds else ""
        with self._explained():
            query = f"SELECT seq, hash, text FROM records {where} ORDER BY seq"  # noqa: S608 - marks only
            for seq, digest, text in self._database().execute(query, kinds):
                if not isinstance(seq, int):
                    raise sqlite3.DatabaseError("a record has no number any more")
                yield Record(seq, str(digest), text if isinstance(text, str) else repr(text))

    def attachment(self, digest: str) -> str | None:
        """See `Ledger`. A text that does not have the digest any more is not given."""
        if not self.is_there:
            return None
        with self._explained():
            rows = self._database().execute("SELECT text FROM attachments WHERE digest = ?", (digest,)).fetchall()
        return rows[0][0] if rows and digest_of(str(rows[0][0])) == digest else None

    def start(self) -> Head:
        """Where the chain begins: after the last record that was pruned."""
        if not self.is_there:
            return START
        with self._explained():
            return _head(self._database(), "start")

    def anchors(self) -> tuple[Head, ...]:
        """The heads that are written down beside the records."""
        beside = read_anchor(self._folder)
        known = () if beside is None else (beside,)
        if not self.is_there:
            return known
        with self._explained():
            return (_head(self._database(), "head"), *known)

    def prune(self, through: int, entry: Entry) -> Head:
        """Take out the records up to a number, and record that it was done. The chain stays provable from there."""
        with self._explained(), self._writing() as database:
            head = self._checked_head(database)
            found = database.execute("SELECT seq, hash FROM records WHERE seq = ?", (through,)).fetchall()
            if not found:
                raise LedgerError(f"There is no record {through} to prune up to.")
            head = _insert(database, entry, head)
            _set_head(database, "head", head)
            _set_head(database, "start", Head(*found[0]))
            database.execute("DELETE FROM records WHERE seq <= ?", (through,))
        self._anchor(head)
        return head

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _anchor(self, head: Head) -> None:
        try:
            write_anchor(self._folder, head)
        except OSError as error:
            raise LedgerError(f"The head of the ledger could not be written: {error.strerror}.") from error

    def _checked_head(self, database: sqlite3.Connection) -> Head:
        head = _head(database, "head")
        last = database.execute("SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1").fetchall()
        end = Head(*last[0]) if last else _head(database, "start")
        beside = read_anchor(self._folder)
        if end != head or (beside is not None and not _is_there(database, beside)):
            raise LedgerError("The end of the ledger is not what was written.", "Run `remedy-gate ledger verify`.")
        return head

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        database = self._database()
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (
            sqlite3.Error,
            OSError,
            UnicodeError,
        ) as error:  # the last one from a table's definition that is damaged
            raise _explanation(error, os.path.join(self._folder, DATABASE)) from error

    def _database(self) -> sqlite3.Connection:
        if self._connection is None:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            path = os.path.join(self._folder, DATABASE)
            connection = sqlite3.connect(path, timeout=self._patience, isolation_level=None)
            try:
                _prepare(connection)
            except BaseException as error:
                connection.close()
                if not isinstance(error, sqlite3.OperationalError) or not _is_frozen(path):
                    raise
                # Nobody can write here, not even the index that SQLite shares: an auditor reads it all the same.
                connection = _frozen(path)
            self._connection = connection
        return self._connection


def _is_frozen(path: str) -> bool:
    """Whether the file is whole and lies where nothing can be written: no records wait in a file beside it."""
    ahead = f"{path}-wal"
    is_whole = not os.path.exists(ahead) or os.path.getsize(ahead) == 0
    return is_whole and os.path.exists(path) and not os.access(os.path.dirname(path), os.W_OK)


def _frozen(path: str) -> sqlite3.Connection:
    from urllib.parse import quote

    return sqlite3.connect(f"file:{quote(os.path.abspath(path))}?immutable=1", uri=True, isolation_level=None)


def _is_full(path: str) -> bool:
    """Whether the disk has no room left: SQLite calls that an error of the disk where it makes a new file."""
    try:
        about = os.statvfs(os.path.dirname(path))
    except (OSError, AttributeError):  # Windows has no such call
        return False
    return about.f_bavail == 0


def _prepare(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA user_version").fetchone()[0] == 0:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("BEGIN IMMEDIATE")
        if database.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in _CREATE.split(";")[:-1]:
                database.execute(statement)
            for name in ("head", "start"):
                _set_head(database, name, START)
            database.execute(f"PRAGMA user_version = {_VERSION}")
        database.execute("COMMIT")
    if database.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
        raise LedgerError("The ledger was written by a newer version.", "Update remedy-gate.")
    # Survives the death of the process. A power cut may take the last records with it, never the ones before.
    database.execute("PRAGMA synchronous = NORMAL")


def _insert(database: sqlite3.Connection, entry: Entry, head: Head) -> Head:
    if database.execute("SELECT 1 FROM records WHERE id = ?", (entry.id,)).fetchall():
        return head
    seq, digest = head.seq + 1, link(head.seq + 1, head.hash, entry.text)
    row = (seq, digest, entry.id, entry.kind, entry.text)
    database.execute("INSERT INTO records (seq, hash, id, kind, text) VALUES (?, ?, ?, ?, ?)", row)
    if entry.attachment is not None:
        kept = (digest_of(entry.attachment), entry.attachment)
        database.execute("INSERT OR REPLACE INTO attachments (digest, text) VALUES (?, ?)", kept)
    return Head(seq, digest)


def _head(database: sqlite3.Connection, name: str) -> Head:
    rows = database.execute("SELECT seq, hash FROM heads WHERE name = ?", (name,)).fetchall()
    if not rows or not isinstance(rows[0][0], int):
        raise sqlite3.DatabaseError(f"its {name} is not there any more")
    return Head(rows[0][0], str(rows[0][1]))


def _set_head(database: sqlite3.Connection, name: str, head: Head) -> None:
    database.execute("INSERT OR REPLACE INTO heads (name, seq, hash) VALUES (?, ?, ?)", (name, head.seq, head.hash))


def _is_there(database: sqlite3.Connection, head: Head) -> bool:
    start = _head(database, "start")
    if head.seq <= start.seq:
        return head.seq < start.seq or head == start
    return bool(database.execute("SELECT 1 FROM records WHERE seq = ? AND hash = ?", head).fetchall())


def _explanation(error: sqlite3.Error | OSError | UnicodeError, path: str) -> LedgerError:
    words = str(error)
    if isinstance(error, OSError):
        return LedgerError(f"The ledger {path} cannot be used: {error.strerror}.")
    if "locked" in words or "busy" in words:
        return LedgerError(f"The ledger {path} is locked by another process.", "Try again.")
    if "readonly" in words or "unable to open" in words:
        return LedgerError(f"The ledger {path} cannot be written: {words}.", "Check the rights to the git directory.")
    if "full" in words or ("I/O" in words and _is_full(path)):
        return LedgerError(f"The ledger {path} cannot be written: the disk is full.")
    return LedgerError(f"The ledger {path} is damaged: {words}.", "Restore it, or move it away to begin a new one.")
