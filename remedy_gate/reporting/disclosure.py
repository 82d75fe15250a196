"""A report as a public repository may show it: `disclosure: minimal`. Pure.

A patch shows what it changes; nobody can hide that. What is withheld is what an attacker could use while it is not yet
merged and deployed: which finding of which source, in which account, since when, why it matters, and everything that
has no patch.
"""

from __future__ import annotations

from remedy_gate.domain.finding import Finding, Location
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import OriginKind, Patch
from remedy_gate.domain.remediation import Remediation, Report
from remedy_gate.domain.source import Problem

from .ordering import grouped
from .wording import counted

TITLE = "A setting of this block is to be hardened; the details are withheld"
WITHHELD = "withheld"


def minimal(report: Report) -> Report:
    """The report with its offered patches alone, without a word on why; the rest is a number."""
    offered = grouped(report).offered
    hidden = len(report.remediations) - len(offered)
    blocking = sum(item.decision.blocks for item in report.remediations) - sum(it.decision.blocks for it in offered)
    notes = [Problem("disclosure", "The policy says `disclosure: minimal`: details are in the report of the run.")]
    if hidden:
        blocks = f", of which {counted(blocking, 'blocks', 'block')}" if blocking else ""
        notes.append(Problem("disclosure", f"{counted(hidden, 'more finding')} not told here{blocks}."))
    errors = tuple(Problem(WITHHELD, "Something could not be done.") for _ in report.errors[:1])
    items = tuple(map(_minimal, offered))
    return Report(report.verdict, items, errors, tuple(notes), (), report.applied, report.landed)


def _minimal(item: Remediation) -> Remediation:
    resource, finding = item.match.resource, item.finding
    location = None if resource is None else Location(resource.path, None, None, resource.address)
    shown = Finding(
        source=WITHHELD,
        rule_id=WITHHELD,
        title=TITLE,
        severity=finding.severity,
        kind=finding.kind,
        control=finding.control,
        location=location,
        sources=(WITHHELD,),
    )
    proof = item.proof
    if proof is not None:
        proof = proof._replace(checks=tuple(check._replace(detail=WITHHELD) for check in proof.checks))
    match = Match(item.match.state, resource, item.match.confidence, (), item.match.in_code)
    remedy = item.remedy
    if isinstance(remedy, Patch) and remedy.origin.kind is not OriginKind.CATALOGUE:
        remedy = remedy._replace(rationale="")  # a model says in its own words what an attacker could do
    return Remediation(shown, match, remedy, proof, item.decision)
