"""What a run may still spend on models: calls, tokens, dollars and seconds, counted across threads."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from remedy_gate.policy.bedrock import BedrockChoice

from .bedrock_models import Usage


class Spent(NamedTuple):
    """What was spent so far."""

    calls: int = 0
    tokens: int = 0
    dollars: float = 0.0


class Budget:
    """Gives leave for each call. An estimate is set aside until the true figures come."""

    def __init__(self, choice: BedrockChoice, clock: Callable[[], float]) -> None:
        """Count from now; `clock` gives seconds."""
        self._choice = choice
        self._clock = clock
        self._begin: float | None = None
        self._lock = Lock()
        self._spent = Spent()
        self._aside = Spent()

    @property
    def spent(self) -> Spent:
        """What was truly spent."""
        return self._spent

    def seconds_left(self) -> float:
        """How long this run may go on asking. The time counts from the first call."""
        if self._begin is None:
            return float(self._choice.seconds)
        return self._choice.seconds - (self._clock() - self._begin)

    def take(self, usage: Usage, dollars: float) -> str:
        """Set a call aside; the empty text, or which limit it would break."""
        with self._lock:
            if self._begin is None:
                self._begin = self._clock()
            calls = self._spent.calls + self._aside.calls + 1
            tokens = self._spent.tokens + self._aside.tokens + usage.total
            money = self._spent.dollars + self._aside.dollars + dollars
            for word, wanted, limit in (
                ("calls", calls, self._choice.calls),
                ("tokens", tokens, self._choice.tokens),
                ("dollars", money, self._choice.dollars),
            ):
                if wanted > limit:
                    return f"the run's limit of {limit:,g} {word} is reached"
            if self.seconds_left() <= 0:
                return f"the run's limit of {self._choice.seconds:,} seconds is reached"
            self._aside = _plus(self._aside, Spent(1, usage.total, dollars))
            return ""

    def settle(self, aside: tuple[Usage, float], used: tuple[Usage, float]) -> None:
        """Put the true figures in the place of what was set aside."""
        with self._lock:
            self._aside = _plus(self._aside, Spent(-1, -aside[0].total, -aside[1]))
            self._spent = _plus(self._spent, Spent(1, used[0].total, used[1]))


def _plus(one: Spent, other: Spent) -> Spent:
    return Spent(one.calls + other.calls, one.tokens + other.tokens, one.dollars + other.dollars)
