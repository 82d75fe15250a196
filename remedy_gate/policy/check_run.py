"""The policy's `check_run`: whether `publish` makes a check run of its own, and what one says of an outage of ours."""

from __future__ import annotations

from typing import NamedTuple

from .checking import Given
from .shapes import Name, Table, Text

USUAL_NAME = "Remedy Gate findings"
ON_ERROR = ("neutral", "failure")


class CheckRunChoice(NamedTuple):
    """The check run's name, and its conclusion where the job could not be done: an outage of ours is no red check."""

    name: str = USUAL_NAME
    on_error: str = "neutral"


CHECK_RUN = Table(
    {
        "name": Text(f"what the pull request shows it as (default {USUAL_NAME})"),
        "on_error": Name("conclusion", ON_ERROR, "of a job that could not be done (default neutral)"),
    },
    about="`publish` makes a check run with an annotation for each finding; the token needs checks: write",
)


def read_check_run(layer: Given | None) -> CheckRunChoice | None:
    """What the nearest file that speaks of it says; None where none does."""
    if layer is None:
        return None
    given = layer.table("check_run")
    return CheckRunChoice(given.text("name") or USUAL_NAME, given.text("on_error") or "neutral")
