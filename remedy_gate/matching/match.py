"""Tie findings to blocks, name the control, and say whether the code still has the problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.finding import CloudResource, Finding, Location, Severity
from remedy_gate.domain.match import InCode, Match, MatchState
from remedy_gate.iac.values import Scalar

from .claim import Claim
from .index import CodeIndex
from .tie import UNTIED, Tie, tie, unknown

if TYPE_CHECKING:
    from .identity import Identified

IN_CODE = {Holds.YES: InCode.FIXED, Holds.NO: InCode.OPEN, Holds.UNKNOWN: InCode.UNKNOWN}
NO_TYPES: frozenset[str] = frozenset()
OWN = "catalogue"
"""The source of findings that are our own: their places are exact."""


class Matched(NamedTuple):
    """A finding about one resource, and its match. `called_as` is the call of the module that the block stands in."""

    finding: Finding
    match: Match
    called_as: str = ""


_Tied: TypeAlias = tuple[Finding, tuple[Control, ...], Tie]


def match_all(
    findings: Iterable[Finding], code: CodeIndex, catalogue: Catalogue, parameters: Mapping[str, Scalar]
) -> Iterator[Matched]:
    """One match for each resource of each finding. A control gives its severity to a finding that has none."""
    return Matching(code, catalogue, parameters).all(findings)


class Matching:
    """One run's work: the same rule, the same resource, the same control on the same block are looked at once."""

    def __init__(self, code: CodeIndex, catalogue: Catalogue, parameters: Mapping[str, Scalar]) -> None:
        self._code = code
        self._catalogue = catalogue
        self._parameters = parameters
        self._controls: dict[tuple[str, str, str | None], tuple[Control, ...]] = {}
        self._by_resource: dict[CloudResource, Tie] = {}
        self._by_place: dict[tuple[object, ...], Tie] = {}
        self._judged: dict[tuple[int, str], Match] = {}

    def all(self, findings: Iterable[Finding]) -> Iterator[Matched]:
        """See `match_all`. A guess is told only after all of them are known."""
        told: list[Matched] = []
        guesses: list[tuple[int, _Tied]] = []
        for one in self._tied(findings):
            finding, controls, found = one
            if found.guessed:
                guesses.append((len(told), one))
            told.append(self._told(*one) if controls else Matched(finding, found.match, found.called_as))
        refuted = self._refuted() if guesses else {}
        for number, (finding, controls, found) in guesses:
            if id(found) in refuted:
                told[number] = self._told(finding, controls, refuted[id(found)])
        return iter(told)

    def may_be_here(self, resource: CloudResource) -> bool:
        """Whether any block may be the resource, where nothing but the resource is known. Of most it is not asked more."""
        if self._code.has_nothing_for(self._identify(resource), resource):
            return False
        found = self._by_resource.get(resource) or self._tied_by_resource(resource)
        return found.match.state is not MatchState.UNMATCHED

    def control_of(self, source: str, rule_id: str, control: str | None) -> Control | None:
        """The control that a rule stands for where it is not known of which block it speaks."""
        controls = self._controls_of(source, rule_id, control)
        return controls[0] if controls else None

    def _told(self, finding: Finding, controls: tuple[Control, ...], found: Tie) -> Matched:
        if not controls:
            return Matched(finding, found.match, found.called_as)
        control, why = self._fitting(controls, found, finding)
        match = self._judge(control, found)
        match = match._replace(evidence=(*match.evidence, why)) if why else match
        return Matched(_under(control, finding), match, found.called_as)

    def _tied(self, findings: Iterable[Finding]) -> Iterator[_Tied]:
        """Each resource of each finding with its tie. A hundred thousand go through this loop: it calls little."""
        known_controls, known_ties = self._controls.get, self._by_resource.get
        for finding in findings:
            resources, location = finding.resources, finding.location
            if len(resources) > 1:
                yield from self._tied(finding._replace(resources=(one,)) for one in resources)
                continue
            controls = known_controls((finding.source, finding.rule_id, finding.control))
            if controls is None:
                controls = self._controls_of(finding.source, finding.rule_id, finding.control)
            if location is not None:
                yield finding, controls, self._tied_by_place(finding, location, controls)
            elif resources:
                yield finding, controls, known_ties(resources[0]) or self._tied_by_resource(resources[0])
            else:
                yield finding, controls, UNTIED

    @cached_property
    def _identify(self) -> Callable[[CloudResource], Identified | None]:
        """Imported with the first cloud resource, and looked up once: a hook has none, a feed a hundred thousand."""
        from .identity import identify

        return identify

    def _refuted(self) -> Mapping[int, Tie]:
        """Guesses that cannot all be right, by their `id`."""
        from .doubting import doubted

        return doubted(self._by_resource.values())

    def _tied_by_resource(self, resource: CloudResource) -> Tie:
        identified = self._identify(resource)
        if self._code.has_nothing_for(identified, resource):
            found = unknown(resource.id)
        else:
            found = tie(Claim(resource, None, NO_TYPES, False, identified, dict(resource.tags)), self._code)
        self._by_resource[resource] = found
        return found

    def _tied_by_place(self, finding: Finding, location: Location, controls: tuple[Control, ...]) -> Tie:
        """Only where a scanner names lines alone does it matter which control it is about."""
        resource = finding.resources[0] if finding.resources else None
        by_lines = not location.address
        key = (location, resource, finding.source, finding.rule_id if by_lines else None)
        found = self._by_place.get(key)
        if found is None:
            types = frozenset(name for control in controls for name in control.rules) if by_lines else NO_TYPES
            claim = Claim(resource, location, types, finding.source == OWN)
            if resource is not None:
                claim = claim._replace(identified=self._identify(resource), tags=dict(resource.tags))
            found = self._by_place[key] = tie(claim, self._code)
        return found

    def _controls_of(self, source: str, rule_id: str, control: str | None) -> tuple[Control, ...]:
        known = (control,) if control else self._catalogue.for_rule(source, rule_id)
        found = tuple(one for one in map(self._catalogue.control, known) if one is not None)
        self._controls[source, rule_id, control] = found
        return found

    def _judge(self, control: Control, tied: Tie) -> Match:
        """The match, with what the code itself says of the problem. Ties are kept, so that their ids stay theirs."""
        place = tied.place
        if place is None or place.block.type not in control.rules:
            return tied.match
        key = (id(tied), control.id)
        if key not in self._judged:
            holds = judge(control, Subject(place.module, place.block.address, self._parameters)).holds
            self._judged[key] = tied.match._replace(in_code=IN_CODE[holds])
        return self._judged[key]

    def _fitting(self, controls: tuple[Control, ...], tied: Tie, finding: Finding) -> tuple[Control, str]:
        """The control that speaks of the block's type, where a rule stands for several, and why that one if it was a choice.

        A tool that has one rule for two things of a resource speaks of the one that is wrong there. Where several are, the
        one that has the fewest other rules of that tool is meant most exactly.
        """
        if tied.place is None or len(controls) == 1:
            return controls[0], ""
        speaking = [control for control in controls if tied.place.block.type in control.rules]
        failing = [one for one in speaking if self._judge(one, tied).in_code is InCode.OPEN] if speaking[1:] else []
        if len(failing) > 1:
            return _most_exact(failing, finding)
        return (failing or speaking or controls)[0], ""


def _most_exact(failing: list[Control], finding: Finding) -> tuple[Control, str]:
    from remedy_gate.catalogue.aliases import aliases_of

    names = set(aliases_of(finding.source, finding.rule_id))

    def others(control: Control) -> int:
        tools = {alias.partition(":")[0] for alias in map(str.lower, control.aliases) if alias in names}
        return sum(alias.partition(":")[0] in tools for alias in map(str.lower, control.aliases))

    counts = [others(control) for control in failing]
    chosen = failing[counts.index(min(counts))]
    why = "which it means most exactly" if counts.count(min(counts)) == 1 else "the first of them"
    listed = " and ".join(control.id for control in failing)
    return chosen, f"{finding.rule_id} stands for {listed}, which all fail here; taken for {chosen.id}, {why}"


def _under(control: Control, finding: Finding) -> Finding:
    """The finding under its control. Put together by hand, as `_replace` takes three times as long."""
    severity = control.severity if finding.severity is Severity.UNKNOWN else finding.severity
    source, rule_id, title, _, kind, status, _, resources, location, first_seen, due, url, *more = finding
    return Finding(
        source, rule_id, title, severity, kind, status, control.id, resources, location, first_seen, due, url, *more
    )
