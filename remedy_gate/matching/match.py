"""Tie findings to blocks, name the control, and say whether the code still has the problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import InCode, Match, MatchState
from remedy_gate.domain.source import Resource
from remedy_gate.iac.reading import Place
from remedy_gate.iac.values import Scalar

from .index import CodeIndex
from .ladder import LADDER, Claim

IN_CODE = {Holds.YES: InCode.FIXED, Holds.NO: InCode.OPEN, Holds.UNKNOWN: InCode.UNKNOWN}


class Matched(NamedTuple):
    """A finding about one resource, and its match."""

    finding: Finding
    match: Match


def match_all(
    findings: Iterable[Finding], code: CodeIndex, catalogue: Catalogue, parameters: Mapping[str, Scalar]
) -> Iterator[Matched]:
    """One match for each resource of each finding. A control gives its severity to a finding that has none."""
    for finding in findings:
        for single in _each_resource(finding):
            place, match = _match(single, code)
            named = _with_control(single, place, catalogue)
            if place is not None:
                match = match._replace(in_code=_in_code(named, place, catalogue, parameters))
            yield Matched(named, match)


def _each_resource(finding: Finding) -> Iterator[Finding]:
    if len(finding.resources) <= 1:
        yield finding
        return
    for resource in finding.resources:
        yield finding._replace(resources=(resource,))


def _match(finding: Finding, code: CodeIndex) -> tuple[Place | None, Match]:
    claim = Claim(finding.resources[0] if finding.resources else None, finding.location)
    for rung in LADDER:
        found = rung(claim, code)
        if found is None:
            continue
        if len(found.places) > 1:
            listed = ", ".join(f"{place.block.address} ({place.block.path})" for place in found.places[:4])
            return None, Match(MatchState.AMBIGUOUS, None, 0.0, (*found.evidence, f"it may be any of {listed}"))
        place = found.places[0]
        block = place.block
        resource = Resource(block.address, block.type or block.kind, block.path, block.lines)
        return place, Match(MatchState.MATCHED, resource, found.confidence, found.evidence)
    return None, Match(MatchState.UNMATCHED, None, 0.0, (_why_unmatched(claim),))


def _why_unmatched(claim: Claim) -> str:
    if claim.location is not None:
        what = claim.location.address or (f"line {claim.location.first_line}" if claim.location.first_line else "")
        return f"no block of the code that was read is {what or 'it'} in {claim.location.path or 'any file'}"
    if claim.resource is not None:
        return f"no block of the code that was read is known to be {claim.resource.id}"
    return "the finding names neither a resource nor a place in the code"


def _with_control(finding: Finding, place: Place | None, catalogue: Catalogue) -> Finding:
    if finding.control:
        identifiers: tuple[str, ...] = (finding.control,)
    else:
        identifiers = catalogue.for_rule(finding.source, finding.rule_id)
    controls = [control for control in map(catalogue.control, identifiers) if control is not None]
    if place is not None:
        controls = [control for control in controls if place.block.type in control.rules] or controls
    if not controls:
        return finding
    severity = controls[0].severity if finding.severity == "unknown" else finding.severity
    return finding._replace(control=controls[0].id, severity=severity)


def _in_code(finding: Finding, place: Place, catalogue: Catalogue, parameters: Mapping[str, Scalar]) -> InCode:
    control = catalogue.control(finding.control) if finding.control else None
    if control is None or place.block.type not in control.rules:
        return InCode.UNKNOWN
    return IN_CODE[judge(control, Subject(place.module, place.block.address, parameters)).holds]
