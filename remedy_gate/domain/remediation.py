"""The one record that every reporter, the ledger and the metrics read."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from .decision import Decision
from .finding import Finding
from .match import Match
from .patch import NoPatch, Patch
from .proof import Proof
from .source import Problem


class Remediation(NamedTuple):
    """A finding, what it was tied to, what was proposed, how far that is proven, and what policy does with it."""

    finding: Finding
    match: Match
    remedy: Patch | NoPatch
    proof: Proof | None
    decision: Decision

    @property
    def patch(self) -> Patch | None:
        """The patch, where there is one."""
        return self.remedy if isinstance(self.remedy, Patch) else None


class Verdict(StrEnum):
    """The whole run in a word. `ERROR`: the job could not be done, which is neither clean nor dirty."""

    PASS = "pass"
    BLOCK = "block"
    ERROR = "error"


def most_severe_first(remediations: Iterable[Remediation]) -> tuple[Remediation, ...]:
    """What blocks before what does not, then by severity, then by place."""

    def order(item: Remediation) -> tuple[bool, int, str, int]:
        resource = item.match.resource
        where = (resource.path, resource.lines.first) if resource else ("", 0)
        return (not item.decision.blocks, item.finding.severity.rank, *where)

    return tuple(sorted(remediations, key=order))


def verdict_of(remediations: Iterable[Remediation], *, failed: bool) -> Verdict:
    """What a run comes to. `failed`: something that had to be read or written could not be."""
    if failed:
        return Verdict.ERROR
    return Verdict.BLOCK if any(item.decision.blocks for item in remediations) else Verdict.PASS


def summed(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Each reason once, with all that was counted under it."""
    total: dict[str, int] = {}
    for reason, count in counts:
        total[reason] = total.get(reason, 0) + count
    return tuple(total.items())


class Place(StrEnum):
    """Where patches were put: on the pull request's own branch, or into a pull request beside it."""

    COMMIT = "commit"
    COMPANION = "companion"


class Landed(NamedTuple):
    """Patches, by id, that we have put somewhere. `name` is the commit's id, or the number of the pull request."""

    patches: tuple[str, ...]
    place: Place
    name: str
    url: str
    repository: str
    branch: str


class Report(NamedTuple):
    """Everything one run has to say. `left_out` counts findings that were read and not acted on, by reason.

    `applied` are files that were repaired on disk, `landed` patches that were put into a repository.
    """

    verdict: Verdict
    remediations: tuple[Remediation, ...]
    errors: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    applied: tuple[str, ...] = ()
    landed: tuple[Landed, ...] = ()

    def landing(self, item: Remediation) -> Landed | None:
        """Where the patch of a remediation was put; None where it was not."""
        patch = item.patch if self.landed else None
        return None if patch is None else next((it for it in self.landed if patch.id in it.patches), None)
