"""A reason why a control that seems to hold does not, or cannot be told to."""

from __future__ import annotations

from typing import NamedTuple


class Objection(NamedTuple):
    """`certain`: it refutes the patch; else it only keeps it from being proven."""

    certain: bool
    why: str
