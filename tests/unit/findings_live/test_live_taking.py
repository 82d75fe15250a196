"""One reading of a service, by a fake of the seam: what counts once, what counts as new, and what is told meanwhile."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from remedy_gate.commands.progress import Progress
from remedy_gate.domain.finding import CloudResource, Finding
from remedy_gate.domain.source import Problem
from remedy_gate.errors import FindingsError
from remedy_gate.findings.format import Reading
from remedy_gate.findings.live.cache import Cache
from remedy_gate.findings.live.findings import LiveFindings, age
from remedy_gate.findings.live.plan import Plan
from remedy_gate.findings.live.service import Batch, Batches, Clock, Entry, Limits, Patience


def entry(key: str, number: int = 1, *, is_open: bool = True) -> Entry:
    finding = Finding("fake", "rule", f"title {number}", resources=(CloudResource(f"arn:{number}"),))
    return Entry(key, Reading(finding, is_open))


class FakeService:
    """Gives the batches that it was made with; changes where it has any."""

    def __init__(self, *batches: Batch, changes: tuple[Batch, ...] | None = None) -> None:
        self.given = batches
        self.changed = changes
        self.asked_since: list[float] = []

    def batches(self, *, everything: bool) -> Batches:
        yield from self.given

    def changes(self, since: float) -> Batches | None:
        if self.changed is None:
            return None
        return self._changes(since)

    def _changes(self, since: float) -> Batches:
        self.asked_since.append(since)
        yield from self.changed or ()


class Time:
    def __init__(self) -> None:
        self.now = 1_000_000.0


def live(service: FakeService, directory: Path | None, time: Time) -> LiveFindings:
    cache = Cache(str(directory) if directory else None)
    plan = Plan(cache, "fake", Clock(lambda: time.now, lambda _: None))
    return LiveFindings("fake", lambda _: service, plan)


def titles(source: LiveFindings) -> list[str]:
    return [finding.title for finding in source.gather({}).findings]


def test_what_comes_again_on_a_later_page_counts_once_as_it_is_then(tmp_path: Path) -> None:
    service = FakeService(Batch((entry("a", 1), entry("b", 2))), Batch((entry("a", 3), entry("c", 4))))
    assert titles(live(service, tmp_path, Time())) == ["title 3", "title 2", "title 4"]


def test_what_was_closed_while_pages_were_read_is_gone(tmp_path: Path) -> None:
    service = FakeService(Batch((entry("a", 1),)), Batch((entry("a", 1, is_open=False),)))
    gathered = live(service, tmp_path, Time()).gather({})
    assert gathered.findings == ()
    assert gathered.left_out == (("not open in fake", 1),)


def test_several_findings_of_one_record_all_count(tmp_path: Path) -> None:
    service = FakeService(Batch((entry("a", 1), entry("a", 2))))
    assert titles(live(service, tmp_path, Time())) == ["title 1", "title 2"]


def test_records_without_an_id_are_never_taken_for_one_another(tmp_path: Path) -> None:
    service = FakeService(Batch((entry("", 1), entry("", 2))), Batch((entry("", 3),)))
    assert titles(live(service, tmp_path, Time())) == ["title 1", "title 2", "title 3"]


def test_changes_leave_records_without_an_id_alone(tmp_path: Path) -> None:
    time = Time()
    service = FakeService(Batch((entry("", 1), entry("a", 2)), watermark=500.0), changes=())
    live(service, tmp_path, time).gather({})
    service.changed = (Batch((entry("", 3), entry("a", 2, is_open=False)), watermark=700.0),)
    time.now += 4_000
    assert titles(live(service, tmp_path, time)) == ["title 1", "title 3"]
    time.now += 4_000
    service.changed = ()
    live(service, tmp_path, time).gather({})
    assert service.asked_since == [500.0, 700.0]


def test_without_a_moment_of_the_last_change_everything_is_read_anew(tmp_path: Path) -> None:
    time = Time()
    service = FakeService(Batch((entry("a", 1),)), changes=())
    live(service, tmp_path, time).gather({})
    time.now += 4_000
    service.given = (Batch((entry("b", 2),)),)
    assert titles(live(service, tmp_path, time)) == ["title 2"]
    assert service.asked_since == []


def test_what_could_not_be_used_is_remembered_with_the_rest_and_named_once(tmp_path: Path) -> None:
    time, problem = Time(), Problem("page 1, record 2", "is not an object")
    service = FakeService(Batch((entry("a", 1),), (problem,), watermark=500.0), changes=(Batch((), (problem,)),))
    assert live(service, tmp_path, time).gather({}).problems == (problem,)
    time.now += 60
    assert live(service, tmp_path, time).gather({}).problems == (problem,)  # out of the cache
    time.now += 4_000
    assert live(service, tmp_path, time).gather({}).problems == (problem,)


def test_a_snapshot_from_the_future_is_not_new(tmp_path: Path) -> None:
    time = Time()
    live(FakeService(Batch((entry("a", 1),))), tmp_path, time).gather({})
    time.now -= 5_000
    assert titles(live(FakeService(Batch((entry("b", 2),))), tmp_path, time)) == ["title 2"]


def test_where_nothing_can_be_kept_the_findings_are_given_and_that_is_said() -> None:
    gathered = live(FakeService(Batch((entry("a", 1),))), None, Time()).gather({})
    assert len(gathered.findings) == 1
    assert gathered.notes == (Problem("fake", "not kept for later: there is no repository to keep it in"),)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 minute"),
        (3_599, "59 minutes"),
        (3_600, "1 hour"),
        (86_399, "23 hours"),
        (200_000, "2 days"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, text: str) -> None:
    assert age(seconds) == text


def test_patience_waits_only_as_long_as_there_is_time() -> None:
    waited: list[float] = []
    patience = Patience(Clock(lambda: 100.0, waited.append), Limits(total=10.0))
    patience.wait(9.0, "it is busy")
    with pytest.raises(FindingsError, match="it is busy, and would have to wait 10 more seconds"):
        patience.wait(10.0, "it is busy")
    assert waited == [9.0]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_is_told_how_far_a_long_reading_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    now, screen = [50.0], Screen()
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr(sys, "stderr", screen)
    progress = Progress()
    for count in range(1, 13):
        now[0] += 1
        progress("wiz\x1b[2J", count * 1_000)
    assert screen.getvalue() == (
        "remedy-gate: wiz: 2,000 findings so far\n"
        "remedy-gate: wiz: 7,000 findings so far\n"
        "remedy-gate: wiz: 12,000 findings so far\n"
    )


def test_a_machine_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr("time.monotonic", iter([0.0, 100.0, 200.0]).__next__)
    progress = Progress()
    progress("wiz", 1)
    assert log.getvalue() == ""
