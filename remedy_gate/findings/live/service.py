"""The seam to a live service: what it gives, page by page, and what it is given to work with."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import NamedTuple, Protocol, TypeAlias

from remedy_gate.domain.source import Problem
from remedy_gate.errors import FindingsError
from remedy_gate.findings.format import Reading


class Clock(NamedTuple):
    """The time in seconds since 1970, and how to wait some seconds: `Clock(time.time, time.sleep)`."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


class Limits(NamedTuple):
    """How much of anything one reading may take. Times are in seconds.

    `total` is for all of it, `request` for one wait for an answer, `attempts` for one request; `body` is in bytes.
    """

    total: float = 300.0
    request: float = 60.0
    attempts: int = 4
    body: int = 64 << 20
    findings: int = 500_000


class Entry(NamedTuple):
    """A finding under its source's own id, so that a later change can be told to be of the same one."""

    key: str
    reading: Reading


class Batch(NamedTuple):
    """One page. `watermark` is the last change in it by the source's own clock, in seconds since 1970, 0 unknown."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    watermark: float = 0.0


Batches: TypeAlias = Generator[Batch, None, None]
"""Pages as they come. Closing ends the connection."""


class Service(Protocol):
    """One live service. Every method raises `FindingsError` where it cannot go on; what came before is good."""

    def batches(self, *, everything: bool) -> Batches:
        """The open findings, filtered by the service itself; with `everything` also those that are not open."""

    def changes(self, since: float) -> Batches | None:
        """All findings whose status changed since a moment, open or not; None where the service cannot say."""


class Patience:
    """The time that one reading has left."""

    __slots__ = ("_clock", "_end", "limits")

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._end = clock.now() + limits.total
        self.limits = limits

    def left(self) -> float:
        """Seconds that are left. Raises `FindingsError` where none are."""
        left = self._end - self._clock.now()
        if left <= 0:
            raise FindingsError(
                f"reading takes longer than {self.limits.total:.0f} seconds.",
                "Allow more with `timeout_seconds`, or ask for less with `filters`.",
            )
        return left

    def wait(self, seconds: float, why: str) -> None:
        """Wait, if that can still help. Raises `FindingsError` with the reason where it cannot."""
        if seconds >= self.left():
            raise FindingsError(f"{why}, and would have to wait {seconds:.0f} more seconds.", "Try again later.")
        self._clock.sleep(seconds)

    def now(self) -> float:
        """The time in seconds since 1970."""
        return self._clock.now()
