"""One root for every error that a person is meant to read. Each explains itself and knows its exit status."""

from __future__ import annotations

PASSED = 0
BLOCKED = 1
MISUSED = 2
FAILED = 3
INTERRUPTED = 130


class RemedyGateError(Exception):
    """Something went wrong that we can explain. `hint` is the way out, as a sentence."""

    status = FAILED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class UsageError(RemedyGateError):
    """The command was called in a way that cannot be understood."""

    status = MISUSED


class SettingsError(RemedyGateError):
    """A policy, waiver or control file says something that is not allowed."""

    status = MISUSED


class ChangesError(RemedyGateError):
    """What changed could not be found out."""


class FindingsError(RemedyGateError):
    """A source of findings could not be read."""

    def told_of(self, name: str) -> str:
        """What to say behind the name of the source, which the message itself may begin with."""
        return str(self).removeprefix(f"{name}: ").removeprefix(f"{name} ")


class CodeError(RemedyGateError):
    """Infrastructure code that had to be read could not be."""


class PatchError(RemedyGateError):
    """A patch could not be read, applied or written."""


class ReportingError(RemedyGateError):
    """A report could not be written or posted."""


class LedgerError(RemedyGateError):
    """What happened could not be recorded, or what was recorded cannot be read."""
