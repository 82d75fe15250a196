"""Waivers: a finding accepted until a date, by an owner, for a reason. A date that is no date has passed already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match
from remedy_gate.domain.source import Problem

from .patterns import matches_name, matches_path

WAIVERS_FILE = ".remedy-gate/waivers.yml"


class Standing(StrEnum):
    """What a waiver is worth today. Only `VALID` and `SOON` hold."""

    VALID = "valid"
    SOON = "soon"
    LAPSED = "lapsed"
    MALFORMED = "malformed"
    TOO_FAR = "too far"


class Waiver(NamedTuple):
    """One waiver. `number` is its place in the file, from 1; `expires` its last day, as written."""

    number: int
    control: str
    resource: str
    path: str
    owner: str
    reason: str
    expires: str
    ticket: str
    standing: Standing

    @property
    def holds(self) -> bool:
        """Whether it accepts anything today."""
        return self.standing in (Standing.VALID, Standing.SOON)

    @property
    def words(self) -> str:
        """What a decision calls it by."""
        ticket = f", {self.ticket}" if self.ticket else ""
        return f"waiver {self.number}: accepted by {self.owner} until {self.expires}: {self.reason}{ticket}"

    @property
    def subject(self) -> str:
        """What it accepts, in words."""
        places = [f"on {self.resource}"] if self.resource else []
        return " ".join((self.control, *places, *([f"in {self.path}"] if self.path else [])))


def waiver_for(finding: Finding, match: Match, waivers: Iterable[Waiver]) -> Waiver | None:
    """The first waiver that holds today and fits."""
    return next((waiver for waiver in waivers if waiver.holds and fits(waiver, finding, match)), None)


def fits(waiver: Waiver, finding: Finding, match: Match) -> bool:
    """Whether a waiver speaks of this problem, held or not. What is not matched has no place to be waived at."""
    resource = match.resource
    if resource is None:
        return False
    return (
        any(matches_name(name, waiver.control) for name in finding.names)
        and (not waiver.resource or matches_name(resource.address, waiver.resource))
        and (not waiver.path or matches_path(resource.path, waiver.path))
    )


def waiver_notes(
    waivers: Iterable[Waiver], matched: Iterable[tuple[Finding, Match]], looked_at: Callable[[Waiver], bool]
) -> Iterator[Problem]:
    """What is to be said of waivers after a run: lapsed, soon lapsing, without effect.

    `looked_at` says whether the run looked at all that a waiver speaks of; only then does matching nothing mean much.
    """
    pairs = tuple(matched)
    for waiver in waivers:
        where = f"{WAIVERS_FILE}: waiver {waiver.number} ({waiver.subject})"
        match waiver.standing:
            case Standing.LAPSED:
                yield Problem(where, f"it lapsed after {waiver.expires}; {waiver.owner} has to renew or remove it")
            case Standing.MALFORMED:
                yield Problem(where, f"{waiver.expires!r} is not a date, so it counts as lapsed")
            case Standing.TOO_FAR:
                yield Problem(where, f"{waiver.expires} is more than a year ahead, so it does not hold")
            case Standing.SOON:
                yield Problem(where, f"its last day is {waiver.expires}; {waiver.owner} has to renew or repair")
            case Standing.VALID:
                pass
        if looked_at(waiver) and not any(fits(waiver, finding, match) for finding, match in pairs):
            yield Problem(where, "it matches no finding; remove it if the problem is gone")
