"""Three-valued answers: it holds, it fails, or the code alone cannot tell. Unknown is taken for neither."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Holds(StrEnum):
    """Whether a requirement is met."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Verdict(NamedTuple):
    """An answer and its reason in one line, such as `storage_encrypted is false`."""

    holds: Holds
    reason: str


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Hold only if every one does. One failure decides, before any unknown."""
    reasons: list[str] = []
    unknown: Verdict | None = None
    for verdict in verdicts:
        if verdict.holds is Holds.NO:
            return verdict
        if verdict.holds is Holds.UNKNOWN:
            unknown = unknown or verdict
        elif verdict.reason:
            reasons.append(verdict.reason)
    return unknown or Verdict(Holds.YES, "; ".join(dict.fromkeys(reasons)))


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Hold if one does; fail only if every one does."""
    unknown: Verdict | None = None
    failures: list[str] = []
    for verdict in verdicts:
        if verdict.holds is Holds.YES:
            return verdict
        if verdict.holds is Holds.UNKNOWN:
            unknown = unknown or verdict
        else:
            failures.append(verdict.reason)
    return unknown or Verdict(Holds.NO, "; ".join(dict.fromkeys(failures)))
