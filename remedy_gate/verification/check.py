"""The seam of a check, and what every check looks at: the code before and after a patch."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol

from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import Patch
from remedy_gate.domain.proof import CheckName, CheckResult, Status
from remedy_gate.domain.seams import Sources
from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Scalar


class Depth(StrEnum):
    """How far the checks go: quick for a hook, full where there is time for independent readers and tools."""

    QUICK = "quick"
    FULL = "full"


class Sides(NamedTuple):
    """One module before and after. `after` is None where the patched file is no code any more.

    `touched` are the addresses that were added, lost, or whose text differs.
    """

    before: Module | None
    after: Module | None
    touched: frozenset[str]


class Comparison(NamedTuple):
    """A patch with everything that the checks need. `subject` is the module of the matched resource, on both sides."""

    finding: Finding
    match: Match
    patch: Patch
    sources: Sources
    control: Control | None
    subject: Sides
    others: tuple[Sides, ...]
    parameters: Mapping[str, Scalar]
    depth: Depth

    @property
    def sources_after(self) -> Sources:
        """The sources with the patch applied."""
        return {**self.sources, **{file.path: file.after for file in self.patch.files}}

    @property
    def address(self) -> str:
        """The address that the patch is for; the empty text where nothing was matched."""
        return self.match.resource.address if self.match.resource else ""

    @property
    def after(self) -> Subject | None:
        """The matched resource in the patched code, if it is still there."""
        module = self.subject.after
        if module is None or self.address not in module.blocks:
            return None
        return Subject(module, self.address, self.parameters)


class Check(Protocol):
    """One of the ten checks: a module-level object or class, without state."""

    name: CheckName

    def examine(self, comparison: Comparison) -> CheckResult:
        """What this check says of the patch. Never raises on bad code."""


def passed(name: CheckName, detail: str) -> CheckResult:
    """The check ran, and it is satisfied."""
    return CheckResult(name, Status.PASS, detail)


def failed(name: CheckName, detail: str) -> CheckResult:
    """The check ran, and the patch is refuted."""
    return CheckResult(name, Status.FAIL, detail)


def not_run(name: CheckName, detail: str) -> CheckResult:
    """The check could not run, and this is why."""
    return CheckResult(name, Status.NOT_RUN, detail)
