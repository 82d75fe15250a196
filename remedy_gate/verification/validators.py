"""Tools that know more than our tables: cfn-lint in this process, `terraform validate` where it can run offline."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .check import Comparison


class Found(NamedTuple):
    """The first new error in words, empty where there is none; what was asked, and what could not be."""

    error: str = ""
    notes: tuple[str, ...] = ()


class Validators:
    """What is there to ask. `read` gives a file of the repository, None where there is none."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        """Ask what is installed."""
        self.read = read

    def new_error(self, comparison: Comparison) -> Found:
        """The first error that the patch brings."""
        return Found()
