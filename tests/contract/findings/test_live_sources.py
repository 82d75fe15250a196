"""What every live source keeps: all that is open or a word about what is missing, and never a wait in a hook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from live_standins import NAMES, PAGE, QUICK, SECRET, FastClock, Standin, standin
from loopback import Reply

from remedy_gate.domain.finding import Finding, Kind
from remedy_gate.domain.seams import Gathered
from remedy_gate.errors import FindingsError
from remedy_gate.findings.live.plan import Reach

OPEN = 8  # three pages of three, the last not full
BROKEN = Reply(200, b'{"data": {"issues": [{]')
GONE = Reply(503, b"<html>maintenance</html>")


@pytest.fixture
def clock() -> FastClock:
    return FastClock()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Opens stand-ins and sets what a run would find in its environment."""
    for name in ("AWS_PROFILE", "AWS_REGION", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as stack:

        def open_one(name: str, count: int, closed: int = 0) -> Standin:
            one = stack.enter_context(standin(name, count, closed))
            for variable, value in one.environment.items():
                monkeypatch.setenv(variable, value)
            return one

        yield open_one


def stopped(name: str, monkeypatch: pytest.MonkeyPatch) -> Standin:
    """A stand-in that is no longer there."""
    with standin(name, OPEN) as one:
        for variable, value in one.environment.items():
            monkeypatch.setenv(variable, value)
    return one


def numbers(findings: tuple[Finding, ...]) -> list[int]:
    """Which of the stand-in's findings these are."""
    return [
        int(one.resources[0].id.rpartition("-")[2]) if one.resources else (one.location.first_line or 0) - 1  # type: ignore[union-attr]
        for one in findings
    ]


def messages(gathered: Gathered) -> str:
    return "\n".join(f"{problem.where}: {problem.message}" for problem in gathered.problems)


each = pytest.mark.parametrize("name", NAMES)


@each
def test_every_open_finding_of_every_page_comes_once_and_nothing_else(
    name: str, opened: Any, clock: FastClock, tmp_path: Path
) -> None:
    gathered = opened(name, OPEN, closed=2).live(tmp_path, clock).gather({})
    assert numbers(gathered.findings) == list(range(1, OPEN + 1))
    assert {finding.kind for finding in gathered.findings} == {Kind.MISCONFIGURATION}
    assert gathered.problems == ()
    assert gathered.notes == ()
    # S3 is no service that filters: what is not open comes along, and is counted
    assert gathered.left_out == (((f"not open in {name}", 2),) if name.startswith("s3:") else ())


@each
def test_where_nothing_is_open_nothing_is_given_and_nothing_is_wrong(
    name: str, opened: Any, clock: FastClock, tmp_path: Path
) -> None:
    gathered = opened(name, 0).live(tmp_path, clock).gather({})
    assert (gathered.findings, gathered.problems) == ((), ())


@each
def test_a_source_that_is_down_fails_where_the_policy_says_so(
    name: str, clock: FastClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FindingsError) as raised:
        stopped(name, monkeypatch).live(tmp_path, clock, on_unavailable="fail").gather({})
    assert raised.value.message.startswith(f"{name}: ")
    assert raised.value.status == 3


@each
def test_a_source_that_is_down_is_a_warning_where_the_policy_says_so(
    name: str, clock: FastClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered = stopped(name, monkeypatch).live(tmp_path, clock, on_unavailable="warn").gather({})
    assert gathered.findings == ()
    assert messages(gathered).startswith(f"{name}: ")
    assert messages(gathered).endswith("So its findings are missing.")


@each
def test_a_source_that_is_down_is_stood_in_for_by_the_cache_whose_age_is_said(
    name: str, opened: Any, clock: FastClock, tmp_path: Path
) -> None:
    source = opened(name, OPEN)
    source.live(tmp_path, clock).gather({})
    clock.ahead += 3 * 3600 + 60
    source.server.always = GONE
    gathered = source.live(tmp_path, clock, on_unavailable="use-cache").gather({})
    assert numbers(gathered.findings) == list(range(1, OPEN + 1))
    assert messages(gathered).endswith("Used instead is what was read 3 hours ago.")


@each
def test_without_a_cache_to_use_a_source_that_is_down_fails_and_names_both(
    name: str, clock: FastClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FindingsError, match="There is nothing in the cache, either"):
        stopped(name, monkeypatch).live(tmp_path, clock, on_unavailable="use-cache").gather({})


@each
def test_a_source_that_does_not_answer_is_given_up(name: str, opened: Any, clock: FastClock, tmp_path: Path) -> None:
    source = opened(name, OPEN)
    source.server.always = Reply(pause=1.5)
    limits = QUICK._replace(request=0.15, attempts=1)
    gathered = source.live(tmp_path, clock, on_unavailable="warn", limits=limits).gather({})
    assert gathered.findings == ()
    assert "So its findings are missing." in messages(gathered)


@each
@pytest.mark.parametrize("fault", [GONE, BROKEN, Reply(200, b"x" * 4_000, cut=100)], ids=["gone", "broken", "cut"])
def test_when_a_second_page_fails_what_is_there_is_said_to_be_a_part(
    name: str, fault: Reply, opened: Any, clock: FastClock, tmp_path: Path
) -> None:
    source = opened(name, OPEN)
    source.server.faults = dict.fromkeys(range(2, 12), fault)
    gathered = source.live(tmp_path, clock, on_unavailable="warn").gather({})
    if name.startswith("s3:") and fault is BROKEN:  # an object that came whole, and holds no findings
        assert "holds no findings that can be read" in messages(gathered)
    assert numbers(gathered.findings) == list(range(1, PAGE + 1))
    assert messages(gathered).endswith(f"So only the first {PAGE} findings are here.")


@each
def test_when_a_second_page_fails_nothing_is_kept_and_the_policy_may_say_to_fail(
    name: str, opened: Any, clock: FastClock, tmp_path: Path
) -> None:
    source = opened(name, OPEN)
    source.server.faults = dict.fromkeys(range(2, 12), GONE)
    with pytest.raises(FindingsError):
        source.live(tmp_path, clock).gather({})
    assert not list(tmp_path.rglob("*-*"))


@each
def test_a_fault_that_passes_costs_nothing(name: str, opened: Any, clock: FastClock, tmp_path: Path) -> None:
    source = opened(name, OPEN)
    source.server.faults = {2: GONE}
    gathered = source.live(tmp_path, clock).gather({})
    assert numbers(gathered.findings) == list(range(1, OPEN + 1))
    assert gathered.problems == ()


@each
def test_many_findings_come_whole(name: str, opened: Any, clock: FastClock, tmp_path: Path) -> None:
    gathered = opened(name, 61).live(tmp_path, clock).gather({})
    assert numbers(gathered.findings) == list(range(1, 62))


@each
def test_more_findings_than_can_be_worked_with_are_said_to_be_too_many(
    name: str, opened: Any, clock: FastClock, tmp_path: Path
) -> None:
    limits = QUICK._replace(findings=5)
    gathered = opened(name, OPEN).live(tmp_path, clock, on_unavailable="warn", limits=limits).gather({})
    assert numbers(gathered.findings) == [1, 2, 3]
    assert "there are more than 5 findings" in messages(gathered)


@each
def test_reading_ends_when_its_time_is_up(name: str, opened: Any, clock: FastClock, tmp_path: Path) -> None:
    source = opened(name, OPEN)

    def slowly(_name: str, _count: int) -> None:
        clock.ahead += 15

    gathered = source.live(tmp_path, clock, on_unavailable="warn", progress=slowly).gather({})
    assert 0 < len(gathered.findings) < OPEN
    assert "reading takes longer than 20 seconds" in messages(gathered)


@each
def test_while_the_cache_is_new_nobody_is_asked(name: str, opened: Any, clock: FastClock, tmp_path: Path) -> None:
    source = opened(name, OPEN)
    first = source.live(tmp_path, clock).gather({})
    asked = len(source.server.calls)
    clock.ahead += 600
    again = source.live(tmp_path, clock).gather({})
    assert again.findings == first.findings
    assert again.left_out == first.left_out
    assert [(note.where, note.message) for note in again.notes] == [(name, "read 10 minutes ago, from the cache")]
    assert len(source.server.calls) == asked
    clock.ahead += 3_000
    source.live(tmp_path, clock).gather({})
    assert len(source.server.calls) > asked


@each
def test_a_run_that_asks_anew_does_not_believe_the_cache(
    name: str, opened: Any, clock: FastClock, tmp_path: Path
) -> None:
    source = opened(name, OPEN)
    source.live(tmp_path, clock).gather({})
    asked = len(source.server.calls)
    gathered = source.live(tmp_path, clock, reach=Reach.FRESH).gather({})
    assert len(source.server.calls) > asked
    assert len(gathered.findings) == OPEN


@each
def test_a_hook_reads_the_cache_however_old_and_says_so(
    name: str, opened: Any, clock: FastClock, tmp_path: Path
) -> None:
    source = opened(name, OPEN)
    source.live(tmp_path, clock).gather({})
    asked = len(source.server.calls)
    clock.ahead += 5 * 86_400
    gathered = source.live(tmp_path, clock, reach=Reach.CACHE).gather({})
    assert numbers(gathered.findings) == list(range(1, OPEN + 1))
    assert [note.message for note in gathered.notes] == [
        f"read 5 days ago, from the cache; `remedy-gate findings {name}` reads anew"
    ]
    assert len(source.server.calls) == asked


@each
def test_a_hook_without_a_cache_says_what_is_missing_and_asks_nobody(
    name: str, opened: Any, clock: FastClock, tmp_path: Path
) -> None:
    source = opened(name, OPEN)
    gathered = source.live(tmp_path, clock, reach=Reach.CACHE, on_unavailable="use-cache").gather({})
    assert gathered.findings == ()
    assert messages(gathered) == (
        f"{name}: there is nothing in the cache, and the network is not asked here: its findings are missing. "
        f"`remedy-gate findings {name}` fills it."
    )
    with pytest.raises(FindingsError, match="there is nothing in the cache"):
        source.live(tmp_path, clock, reach=Reach.CACHE, on_unavailable="fail").gather({})
    assert source.server.calls == []


@each
def test_what_is_kept_holds_no_credential_and_is_for_its_owner_alone(
    name: str, opened: Any, clock: FastClock, tmp_path: Path
) -> None:
    opened(name, OPEN).live(tmp_path, clock).gather({})
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert kept.parent == tmp_path / "remedy-gate" / "cache"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert SECRET.encode() not in kept.read_bytes()


@each
def test_every_finding_open_or_not_can_be_asked_for(name: str, opened: Any, clock: FastClock, tmp_path: Path) -> None:
    stream = opened(name, OPEN, closed=2).live(tmp_path, clock).everything()
    readings = list(stream)
    assert [reading.is_open for reading in readings] == [True] * OPEN + [False] * 2
    assert stream.problems == ()
    assert not list(tmp_path.rglob("*-*"))


@each
def test_of_every_finding_what_came_before_a_fault_is_said_to_be_a_part(
    name: str, opened: Any, clock: FastClock, tmp_path: Path
) -> None:
    source = opened(name, OPEN)
    source.server.faults = dict.fromkeys(range(2, 12), GONE)
    stream = source.live(tmp_path, clock).everything()
    assert len(list(stream)) == PAGE
    assert [problem.message for problem in stream.problems][-1].endswith(f"So only the first {PAGE} findings are here.")
