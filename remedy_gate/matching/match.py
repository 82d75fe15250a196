"""Tie findings to blocks, name the control, and say whether the code still has the problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.finding import CloudResource, Finding, Severity
from remedy_gate.domain.match import InCode, Match
from remedy_gate.iac.values import Scalar

from .index import CodeIndex
from .tie import UNTIED, Tie
from .tying import Ties

IN_CODE = {Holds.YES: InCode.FIXED, Holds.NO: InCode.OPEN, Holds.UNKNOWN: InCode.UNKNOWN}


class Matched(NamedTuple):
    """A finding about one resource, and its match. `called_as` is the call of the module that the block stands in."""

    finding: Finding
    match: Match
    called_as: str = ""


def match_all(
    findings: Iterable[Finding], code: CodeIndex, catalogue: Catalogue, parameters: Mapping[str, Scalar]
) -> list[Matched]:
    """One match for each resource of each finding. A control gives its severity to a finding that has none."""
    return Matching(code, catalogue, parameters).all(findings)


_Guess: TypeAlias = tuple[int, Finding, tuple[Control, ...], Tie]
"""Where the match stands that a guess was told as, and what it was told of."""


class _Controls(dict[tuple[str, str, str | None], tuple[Control, ...]]):
    """The controls that a finding's source, rule and control stand for, looked up when they are first asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue

    def __missing__(self, key: tuple[str, str, str | None]) -> tuple[Control, ...]:
        source, rule_id, control = key
        known = (control,) if control else self._catalogue.for_rule(source, rule_id)
        found = self[key] = tuple(one for one in map(self._catalogue.control, known) if one is not None)
        return found


class Matching:
    """One run's work: the same rule, the same resource, the same control on the same block are looked at once."""

    def __init__(self, code: CodeIndex, catalogue: Catalogue, parameters: Mapping[str, Scalar]) -> None:
        self._parameters = parameters
        self._ties = Ties(code)
        self._controls = _Controls(catalogue)
        self._judged: dict[tuple[int, str], Match] = {}

    def all(self, findings: Iterable[Finding]) -> list[Matched]:
        """See `match_all`. A guess is told only after all of them are known."""
        told: list[Matched] = []
        guesses: list[_Guess] = []
        self._tell(findings, told, guesses)
        refuted = self._ties.refuted() if guesses else {}
        for number, finding, controls, found in guesses:
            if id(found) in refuted:
                told[number] = self._told(finding, controls, refuted[id(found)])
        return told

    def _tell(self, findings: Iterable[Finding], told: list[Matched], guesses: list[_Guess]) -> None:
        """Add what is told of the findings, and where guesses stand in it. A hundred thousand go through: it calls little."""
        ties, controls_of = self._ties, self._controls
        for finding in findings:
            resources, location = finding.resources, finding.location
            if len(resources) > 1:
                self._tell((finding._replace(resources=(one,)) for one in resources), told, guesses)
                continue
            controls = controls_of[finding.source, finding.rule_id, finding.control]
            if location is not None:
                found = ties.of_place(finding, location, controls)
            elif resources:
                found = ties[resources[0]]
            else:
                found = UNTIED
            match, _, called_as, guessed = found
            if guessed:
                guesses.append((len(told), finding, controls, found))
            told.append(self._told(finding, controls, found) if controls else Matched(finding, match, called_as))

    def may_be_here(self, resource: CloudResource) -> bool:
        """Whether any block may be the resource, where nothing but the resource is known. Of most it is not asked more."""
        return self._ties.may_be_here(resource)

    def control_of(self, source: str, rule_id: str, control: str | None) -> Control | None:
        """The control that a rule stands for where it is not known of which block it speaks."""
        controls = self._controls[source, rule_id, control]
        return controls[0] if controls else None

    def _told(self, finding: Finding, controls: tuple[Control, ...], found: Tie) -> Matched:
        if not controls:
            return Matched(finding, found.match, found.called_as)
        control, why = self._fitting(controls, found, finding)
        match = self._judge(control, found)
        match = match._replace(evidence=(*match.evidence, why)) if why else match
        return Matched(_under(control, finding), match, found.called_as)

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
