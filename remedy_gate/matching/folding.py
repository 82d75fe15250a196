"""The same problem from several voices is one problem with several sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from remedy_gate.domain.finding import Finding, Severity

from .match import Matched

MOST_EVIDENCE = 16
"""Lines of evidence of one entry: a block of a thousand instances has as many voices."""


def fold(matches: Iterable[Matched]) -> tuple[Matched, ...]:
    """One entry for each control on each resource, the rest as they are, in the order of first appearance.

    The voice with the strongest match speaks; of two that know of a severity, the more severe counts.
    """
    folded: list[Matched] = []
    numbers: defaultdict[str, dict[object, int]] = defaultdict(dict)
    for matched in matches:
        finding, match, _ = matched
        known = numbers[finding.control or finding.rule_id]
        number = known.setdefault(match.resource or _subject(finding), len(folded))
        if number == len(folded):
            folded.append(matched)
        else:
            folded[number] = _merged(folded[number], matched)
    return tuple(folded)


def _subject(finding: Finding) -> object:
    """What the fingerprint of a finding without a block is made of; its digest would take longer than all the rest."""
    resources, location = finding.resources, finding.location
    if len(resources) == 1:
        ident, _, _, account, region, _ = resources[0]
        return ident, account, region
    if resources:
        return tuple((one.id, one.account, one.region) for one in resources)
    return (None, location.path, location.address) if location is not None else None


def _merged(one: Matched, other: Matched) -> Matched:
    first, second = (one, other) if one.match.confidence >= other.match.confidence else (other, one)
    finding = first.finding._replace(
        sources=tuple(dict.fromkeys((*_sources(one.finding), *_sources(other.finding)))),
        rules=_rules(one.finding, other.finding),
        severity=_worse(one.finding.severity, other.finding.severity),
        resources=first.finding.resources or second.finding.resources,
        first_seen=min(filter(None, (one.finding.first_seen, other.finding.first_seen)), default=None),
        due=min(filter(None, (one.finding.due, other.finding.due)), default=None),
        url=first.finding.url or second.finding.url,
    )
    evidence = tuple(dict.fromkeys((*first.match.evidence, *second.match.evidence)))[:MOST_EVIDENCE]
    return Matched(finding, first.match._replace(evidence=evidence), first.called_as or second.called_as)


def _sources(finding: Finding) -> tuple[str, ...]:
    return finding.sources or (finding.source,)


def _rules(one: Finding, other: Finding) -> tuple[str, ...]:
    if one.rule_id == other.rule_id and not (one.rules or other.rules):
        return ()
    return tuple(dict.fromkeys((*(one.rules or (one.rule_id,)), *(other.rules or (other.rule_id,)))))


def _worse(one: Severity, other: Severity) -> Severity:
    known = [severity for severity in (one, other) if severity is not Severity.UNKNOWN]
    return min(known, key=lambda severity: severity.rank, default=Severity.UNKNOWN)
