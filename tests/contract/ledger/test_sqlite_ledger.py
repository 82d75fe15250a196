"""The ledger of one machine among 64 writers, under `kill -9`, under the hands of somebody with a database tool."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from ledger_cases import entries, entry

from remedy_gate.domain.ledger import Head
from remedy_gate.errors import LedgerError
from remedy_gate.ledger.chain import START
from remedy_gate.ledger.sqlite import SqliteLedger
from remedy_gate.ledger.verifying import verify

FULL = os.environ.get("REMEDY_GATE_TEST_FULL") == "1"
"""The whole of it takes minutes: 10,000 records of 64 writers, and 200 kills."""

HERE = str(Path(__file__).parent)
WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from ledger_cases import entry
from remedy_gate.ledger.sqlite import SqliteLedger
folder, first, count = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
ledger = SqliteLedger(folder, patience=120)
print("ready", flush=True)
for number in range(first, first + count):
    ledger.append((entry(number),))
"""


def writer(folder: str, first: int, count: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITER, HERE, folder, str(first), str(count)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def test_64_writers_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    writers, each = (64, 157) if FULL else (16, 25)
    folder = str(tmp_path)
    running = [writer(folder, number * each, each) for number in range(writers)]
    assert [one.wait(600) for one in running] == [0] * writers
    for one in running:
        assert one.stdout is not None
        one.stdout.close()
    ledger = SqliteLedger(folder)
    texts = [record.text for record in ledger.records()]
    assert sorted(texts) == sorted(one.text for one in entries(writers * each))
    found = verify(ledger)
    assert (found.records, found.faults) == (writers * each, ())


def test_a_process_that_is_killed_leaves_a_chain_that_holds(tmp_path: Path) -> None:
    folder, chance, first = str(tmp_path), random.Random(7), 0  # noqa: S311 - moments, not secrets
    for _ in range(200 if FULL else 12):
        one = writer(folder, first, 100_000)
        assert one.stdout is not None
        one.stdout.readline()
        time.sleep(chance.random() * 0.08)
        one.send_signal(signal.SIGKILL)
        one.wait()
        one.stdout.close()
        ledger = SqliteLedger(folder)
        found = verify(ledger)
        assert found.faults == ()
        assert ledger.append((entry(10**9 + first),)).seq == found.head.seq + 1
        ledger.close()
        first += 100_000
    assert found.records > 0


def database(folder: Path) -> Path:
    return folder / "ledger.sqlite"


def tamper(folder: Path, *statements: str) -> None:
    connection = sqlite3.connect(database(folder))
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


@pytest.fixture
def written(tmp_path: Path) -> Path:
    ledger = SqliteLedger(str(tmp_path))
    ledger.append(entries(40))
    ledger.close()
    return tmp_path


def faults(folder: Path, *printed: Head) -> str:
    ledger = SqliteLedger(str(folder))
    try:
        return "; ".join(fault.what for fault in verify(ledger, printed).faults)
    finally:
        ledger.close()


CUT = "DELETE FROM records WHERE seq > 35"
BACK = "UPDATE heads SET seq = 35, hash = (SELECT hash FROM records WHERE seq = 35) WHERE name = 'head'"


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (
            ("UPDATE records SET text = replace(text, '\"n\":9', '\"n\":8') WHERE seq = 10",),
            "record 10 is not what was",
        ),
        (("DELETE FROM records WHERE seq = 10",), "record 10 is missing"),
        (("DELETE FROM records WHERE seq < 10",), "records 1 to 9 are missing"),
        (
            (
                "UPDATE records SET seq = 999 WHERE seq = 10",
                "UPDATE records SET seq = 10 WHERE seq = 11",
                "UPDATE records SET seq = 11 WHERE seq = 999",
            ),
            "record 10 is not what was",
        ),
        ((CUT,), "records 36 to 40 are missing at the end"),
        ((CUT, BACK), "records 36 to 40 are missing at the end"),
        (
            (
                "DELETE FROM records WHERE seq <= 10",
                "UPDATE heads SET seq = 10, hash = (SELECT '0') WHERE name = 'start'",
            ),
            "no record says that they were pruned",
        ),
    ],
)
def test_what_is_done_with_a_database_tool_is_found_and_named(
    statements: tuple[str, ...], told: str, written: Path
) -> None:
    tamper(written, *statements)
    assert told in faults(written)


def test_whoever_cuts_the_end_in_every_file_is_found_by_a_head_that_was_printed(written: Path) -> None:
    head = SqliteLedger(str(written)).append(())
    tamper(written, CUT, BACK)
    (written / "ledger.head").unlink()
    assert faults(written) == ""
    assert "records 36 to 40 are missing at the end" in faults(written, head)


def test_a_cut_chain_takes_nothing_more_that_would_hide_the_cut(written: Path) -> None:
    tamper(written, CUT, BACK)
    with pytest.raises(LedgerError, match="not what was written"):
        SqliteLedger(str(written)).append((entry(99),))
    assert "missing at the end" in faults(written)


def test_every_flipped_bit_of_the_file_is_found_or_changes_nothing(written: Path) -> None:
    """A bit in an unused part of a page is nobody's; any other has to show, and never as a traceback."""
    whole, before = database(written).read_bytes(), [*SqliteLedger(str(written)).records()]
    chance, found = random.Random(3), 0  # noqa: S311 - places, not secrets
    for _ in range(20_000 if FULL else 400):
        place = chance.randrange(len(whole) * 8)
        changed = bytearray(whole)
        changed[place // 8] ^= 1 << place % 8
        for leftover in written.glob("ledger.sqlite-*"):
            leftover.unlink()
        database(written).write_bytes(changed)
        ledger = SqliteLedger(str(written))
        try:
            told = bool(verify(ledger).faults)
            assert told or [*ledger.records()] == before
        except LedgerError:
            told = True
        ledger.close()
        found += told
    assert found > 10


def test_every_flipped_bit_of_a_record_is_found(written: Path) -> None:
    whole = database(written).read_bytes()
    for record in [*SqliteLedger(str(written)).records()][::4]:
        at = whole.index(record.text.encode())
        for bit in (0, 3, 6):
            changed = bytearray(whole)
            changed[at + record.seq % len(record.text)] ^= 1 << bit
            database(written).write_bytes(changed)
            assert faults(written), (record.seq, bit)


def test_a_database_that_is_locked_is_told_in_time_and_nothing_is_lost_of_what_is_there(written: Path) -> None:
    holder = sqlite3.connect(database(written), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    begin = time.monotonic()
    with pytest.raises(LedgerError, match=r"is locked by another process\. Try again\."):
        SqliteLedger(str(written), patience=0.2).append((entry(99),))
    assert time.monotonic() - begin < 10
    holder.execute("ROLLBACK")
    holder.close()
    assert SqliteLedger(str(written)).append((entry(99),)).seq == 41


@pytest.mark.parametrize("content", [b"not a database" * 100, b"", b"SQLite format 3\0" + b"\0" * 100])
def test_a_file_that_is_no_database_is_told(content: bytes, tmp_path: Path) -> None:
    database(tmp_path).write_bytes(content)
    if not content:  # what SQLite makes before the first page is written
        assert SqliteLedger(str(tmp_path)).append((entry(1),)).seq == 1
        return
    with pytest.raises(LedgerError, match=r"is damaged: .* Restore it, or move it away"):
        SqliteLedger(str(tmp_path)).append((entry(1),))


def test_a_ledger_of_a_newer_version_is_left_alone(written: Path) -> None:
    tamper(written, "PRAGMA user_version = 9")
    with pytest.raises(LedgerError, match="newer version"):
        SqliteLedger(str(written)).append((entry(99),))


def a_file_in_the_way(folder: Path) -> Path:
    (folder / "file").write_text("x")
    return folder / "file" / "remedy-gate"


def a_folder_in_the_way(folder: Path) -> Path:
    (folder / "ledger.sqlite").mkdir()
    return folder


@pytest.mark.parametrize("block", [a_file_in_the_way, a_folder_in_the_way])
def test_a_place_that_cannot_be_written_is_told(block: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"cannot be (used|written)"):
        SqliteLedger(str(block(tmp_path))).append((entry(1),))


FILLED = """
import resource, signal, sys
sys.path.insert(0, sys.argv[1])
from ledger_cases import entry
from remedy_gate.errors import LedgerError
from remedy_gate.ledger.sqlite import SqliteLedger
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
ledger, number = SqliteLedger(sys.argv[2]), 100
try:
    while number < 10_000:
        ledger.append((entry(number),))
        number += 1
except LedgerError as error:
    print(number, error)
"""


def test_a_full_disk_is_told_and_the_chain_before_holds(written: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLED, HERE, str(written)], capture_output=True, text=True, check=True
    )
    number, _, words = done.stdout.partition(" ")
    assert "ledger" in words
    ledger = SqliteLedger(str(written))
    assert verify(ledger).faults == ()
    assert ledger.append((entry(10**6),)).seq >= 41 + int(number) - 100


def test_git_status_shows_nothing_of_it(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    SqliteLedger(str(tmp_path / ".git" / "remedy-gate")).append((entry(1),))
    done = subprocess.run(["git", "status", "--porcelain"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_only_asking_makes_no_file(tmp_path: Path) -> None:
    ledger = SqliteLedger(str(tmp_path / "x"))
    assert (list(ledger.records()), ledger.start(), ledger.anchors(), ledger.attachment("d")) == ([], START, (), None)
    assert not (tmp_path / "x").exists()


def test_a_ledger_that_was_deleted_is_found_by_the_head_that_is_left(written: Path) -> None:
    for file in written.glob("ledger.sqlite*"):
        file.unlink()
    assert "records 1 to 40 are missing at the end" in faults(written)


def test_a_copy_where_nothing_can_be_written_is_read_and_takes_nothing(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # as on a read-only medium
    monkeypatch.setattr("remedy_gate.ledger.sqlite._prepare", refused)
    ledger = SqliteLedger(str(written))
    found = verify(ledger)
    assert (found.records, found.faults) == (40, ())
    with pytest.raises(
        LedgerError, match=r"cannot be written: attempt to write a readonly database\. Check the rights"
    ):
        ledger.append((entry(99),))
    ledger.close()


def test_a_copy_whose_last_records_wait_in_the_file_beside_it_is_not_read_without_them(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setattr("remedy_gate.ledger.sqlite._prepare", refused)
    (written / "ledger.sqlite-wal").write_bytes(b"records")
    with pytest.raises(LedgerError, match="unable to open"):
        verify(SqliteLedger(str(written)))


def refused(_: sqlite3.Connection) -> None:
    raise sqlite3.OperationalError("unable to open database file")


@pytest.mark.parametrize(("free", "words"), [(0, "the disk is full"), (9, "is damaged: disk I/O error")])
def test_an_error_of_the_disk_is_told_as_a_full_one_where_it_is_full(
    free: int, words: str, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("remedy_gate.ledger.sqlite._prepare", broken)
    monkeypatch.setattr("os.statvfs", lambda _: SimpleNamespace(f_bavail=free))
    with pytest.raises(LedgerError, match=words):
        SqliteLedger(str(written)).append((entry(99),))
