"""The seam to a format: what recognises a record of an export and reads findings from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol, TypeAlias

from remedy_gate.domain.finding import Finding

Document: TypeAlias = "dict[str, Any]"
"""One JSON object or one row of a table, as it came. Any key may be missing and any value of any type."""


class Reading(NamedTuple):
    """A finding, and whether its source still counts it as a problem. `finding.status` says why not."""

    finding: Finding
    is_open: bool


class Unusable(NamedTuple):
    """A record, or a part of one, that no finding can be made of, and why."""

    reason: str


class Mistaken(NamedTuple):
    """What something is instead of findings, as in "is a Terraform plan", and the way out."""

    what: str
    hint: str = "Export the findings themselves."


class Remark(NamedTuple):
    """Something the source says about its own work: a file it could not scan, pages that follow."""

    text: str


Readings: TypeAlias = "Iterator[Reading | Unusable | Remark]"


class Format(Protocol):
    """One format of one source. A module with these names satisfies it.

    A record is the smallest object that can be read alone: one finding for most services, a whole report for most
    scanners. `partial` says that a record whose text broke off may still be read, because its findings stand in a list
    of which only whole entries are kept.
    """

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def partial(self) -> bool:
        """Whether a record that breaks off is worth reading."""

    def recognises(self, record: Document) -> bool:
        """Whether the record has this format's shape. No two formats recognise the same record."""

    def read(self, record: Document) -> Readings:
        """The findings of a recognised record. Wrong types never raise."""
