"""Prove the patches of a report again before a word of it is posted: who wrote it may have lied, or been wrong."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.domain.match import MatchState
from remedy_gate.domain.patch import NoPatch
from remedy_gate.domain.proof import CheckResult, Outcome, Proof, Status
from remedy_gate.domain.remediation import Remediation, Report
from remedy_gate.domain.seams import Prover, Sources
from remedy_gate.domain.source import Problem

from .ordering import address

FOREIGN = (
    "This report was made by a run that anyone could have written. The patches in it were proven again on the files of "
    "the pull request; what is wrong, how bad it is and what policy says is as that run told it."
)


class Proving(NamedTuple):
    """Who proves and on which code. `is_foreign`: the report comes from a run that the repository does not trust."""

    prover: Prover
    sources: Sources
    is_foreign: bool = False


def reproven(report: Report, proving: Proving) -> Report:
    """The report with every patch proven again.

    A patch that is refuted, or of which the report says more than is so, becomes a `NoPatch` that says why.
    Of a trusted report the proof itself stays where the outcome is the same, as more checks could run where it was
    made. Of a foreign one nothing but our own proof is shown, and a patch that is not proven is not offered.
    """
    items = tuple(_reproven(item, proving) for item in report.remediations)
    dropped = tuple(
        Problem(address(old) or "report", new.remedy.reason)
        for old, new in zip(report.remediations, items, strict=True)
        if old.patch is not None and isinstance(new.remedy, NoPatch)
    )
    foreign = (Problem("report", FOREIGN),) if proving.is_foreign else ()
    return report._replace(remediations=items, notes=(*foreign, *dropped, *report.notes))


def _reproven(item: Remediation, proving: Proving) -> Remediation:
    if item.patch is None:
        return item
    if item.match.state is not MatchState.MATCHED:
        return _without(item, "The patch of the report is for no block of the code.")
    proof = proving.prover.prove(item.finding, item.match, item.patch, proving.sources)
    if proof.outcome is Outcome.REFUTED:
        return _without(
            item, f"The patch of the report was refuted when it was proven again: {_why(proof, Status.FAIL)}"
        )
    claimed = item.proof.outcome if item.proof is not None else Outcome.UNPROVEN
    if proof.outcome is Outcome.UNPROVEN and (claimed is Outcome.PROVEN or proving.is_foreign):
        why = _why(proof, Status.NOT_RUN)
        return _without(item, f"The patch of the report could not be proven again: {why}")
    return item if claimed is proof.outcome and not proving.is_foreign else item._replace(proof=proof)


def _without(item: Remediation, reason: str) -> Remediation:
    return item._replace(remedy=NoPatch(reason), proof=None)


def _why(proof: Proof, status: Status) -> str:
    """The first required check with this status, and what it said."""
    found = next((check for check in proof.checks if check.status is status and _counts(check, status)), None)
    return f"{found.name}: {found.detail}" if found is not None else "no reason was given"


def _counts(check: CheckResult, status: Status) -> bool:
    from remedy_gate.domain.proof import REQUIRED

    return status is Status.FAIL or check.name in REQUIRED
