"""The proof: which checks ran on a patch, and what each of them said."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class CheckName(StrEnum):
    """The ten checks. The names are part of the report and never change."""

    APPLIES = "applies"
    PARSES = "parses"
    SCOPE = "scope"
    SCHEMA = "schema"
    INTENT = "intent"
    NO_WEAKENING = "no_weakening"
    RESCAN = "rescan"
    DISRUPTION = "disruption"
    FORMATTED = "formatted"
    IDEMPOTENT = "idempotent"


REQUIRED = (
    CheckName.APPLIES,
    CheckName.PARSES,
    CheckName.SCOPE,
    CheckName.SCHEMA,
    CheckName.INTENT,
    CheckName.NO_WEAKENING,
)


class Status(StrEnum):
    """What a check said. `NOT_RUN` is never a pass."""

    PASS = "pass"
    FAIL = "fail"
    NOT_RUN = "not_run"


class Outcome(StrEnum):
    """What all the checks together come to."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    REFUTED = "refuted"


class CheckResult(NamedTuple):
    """One check's word, with evidence that a person can read in one line.

    `tools` are those of others that were asked, each with its version as far as it says.
    """

    name: CheckName
    status: Status
    detail: str
    tools: tuple[str, ...] = ()


class Proof(NamedTuple):
    """All ten results, in the order of `CheckName`."""

    checks: tuple[CheckResult, ...]

    @property
    def outcome(self) -> Outcome:
        """Refuted where any check fails; proven where every required one passes; else unproven."""
        if any(check.status is Status.FAIL for check in self.checks):
            return Outcome.REFUTED
        passed = {check.name for check in self.checks if check.status is Status.PASS}
        return Outcome.PROVEN if passed.issuperset(REQUIRED) else Outcome.UNPROVEN
