"""What a source gave at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from remedy_gate.domain.finding import Finding
from remedy_gate.domain.source import Problem


class Snapshot(NamedTuple):
    """The open findings of a source, with its own ids of them. Moments are in seconds since 1970.

    `taken` is when reading began, `whole` when it last began anew rather than with the changes, `watermark` the last
    change by the source's own clock. `left_out` counts what was given and is not open.
    """

    taken: float
    whole: float
    findings: Sequence[Finding] = ()
    keys: tuple[str, ...] = ()
    watermark: float = 0.0
    left_out: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
