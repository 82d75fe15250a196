"""Tie findings to blocks, name the control, and say whether the code still has the problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.finding import Finding, Severity
from remedy_gate.domain.match import InCode, Match
from remedy_gate.iac.reading import Place
from remedy_gate.iac.values import Scalar

from .claim import Claim
from .identity import identify
from .index import CodeIndex
from .tie import UNTIED, Tie, tie

IN_CODE = {Holds.YES: InCode.FIXED, Holds.NO: InCode.OPEN, Holds.UNKNOWN: InCode.UNKNOWN}
OWN = "catalogue"
"""The source of findings that are our own: their places are exact."""


class Matched(NamedTuple):
    """A finding about one resource, and its match. `called_as` is the call of the module that the block stands in."""

    finding: Finding
    match: Match
    called_as: str = ""


def match_all(
    findings: Iterable[Finding], code: CodeIndex, catalogue: Catalogue, parameters: Mapping[str, Scalar]
) -> Iterator[Matched]:
    """One match for each resource of each finding. A control gives its severity to a finding that has none."""
    matching = _Matching(code, catalogue, parameters)
    for finding in findings:
        if len(finding.resources) > 1:
            yield from (matching.matched(finding._replace(resources=(one,))) for one in finding.resources)
        else:
            yield matching.matched(finding)


class _Matching:
    """One run's work: the same rule, the same resource, the same control on the same block are looked at once."""

    def __init__(self, code: CodeIndex, catalogue: Catalogue, parameters: Mapping[str, Scalar]) -> None:
        self._code = code
        self._catalogue = catalogue
        self._parameters = parameters
        self._controls: dict[tuple[str, str, str | None], tuple[Control, ...]] = {}
        self._ties: dict[object, Tie] = {}
        self._in_code: dict[tuple[str, int, str], InCode] = {}

    def matched(self, finding: Finding) -> Matched:
        """The match of a finding about one resource."""
        rule = (finding.source, finding.rule_id, finding.control)
        controls = self._controls.get(rule)
        if controls is None:
            controls = self._controls[rule] = self._controls_of(finding)
        tied = self._tie(finding, controls)
        if controls:
            finding = _with_control(finding, controls, tied.place)
        if tied.place is None:
            return Matched(finding, tied.match)
        match = tied.match._replace(in_code=self._still_there(finding, tied.place))
        return Matched(finding, match, tied.called_as)

    def _tie(self, finding: Finding, controls: tuple[Control, ...]) -> Tie:
        resource, location = finding.resources[0] if finding.resources else None, finding.location
        if resource is None and location is None:
            return UNTIED
        key = resource if location is None else (resource, location, finding.source, finding.rule_id, finding.control)
        found = self._ties.get(key)
        if found is None:
            types = (
                frozenset(name for control in controls for name in control.rules)
                if location is not None
                else frozenset()
            )
            claim = Claim(resource, location, types, finding.source == OWN)
            if resource is not None:
                claim = claim._replace(identified=identify(resource), tags=dict(resource.tags))
            found = self._ties[key] = tie(claim, self._code)
        return found

    def _controls_of(self, finding: Finding) -> tuple[Control, ...]:
        known = (finding.control,) if finding.control else self._catalogue.for_rule(finding.source, finding.rule_id)
        return tuple(control for control in map(self._catalogue.control, known) if control is not None)

    def _still_there(self, finding: Finding, place: Place) -> InCode:
        control = self._catalogue.control(finding.control) if finding.control else None
        if control is None or place.block.type not in control.rules:
            return InCode.UNKNOWN
        key = (control.id, id(place.module), place.block.address)
        if key not in self._in_code:
            subject = Subject(place.module, place.block.address, self._parameters)
            self._in_code[key] = IN_CODE[judge(control, subject).holds]
        return self._in_code[key]


def _with_control(finding: Finding, controls: tuple[Control, ...], place: Place | None) -> Finding:
    """The finding under its control: the one that speaks of the block's type, where a rule stands for several."""
    fitting = [one for one in controls if place.block.type in one.rules] if place is not None else []
    control = (fitting or controls)[0]
    severity = control.severity if finding.severity is Severity.UNKNOWN else finding.severity
    return finding._replace(control=control.id, severity=severity)
