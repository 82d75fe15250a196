"""How far a long reading has come, for a person who waits: a line on standard error, and none for a machine."""

from __future__ import annotations

import sys
import time

from remedy_gate.reporting.untrusted import one_line

from .saying import warn

FIRST_AFTER = 2.0
EVERY = 5.0


class Progress:
    """Tells of a reading that takes longer than two seconds, every five."""

    __slots__ = ("_next",)

    def __init__(self) -> None:
        self._next = time.monotonic() + FIRST_AFTER if sys.stderr.isatty() else float("inf")

    def __call__(self, name: str, count: int) -> None:
        """So many findings of a source have come."""
        if time.monotonic() >= self._next:
            warn(f"{one_line(name, 80)}: {count:,} findings so far")
            self._next = time.monotonic() + EVERY
