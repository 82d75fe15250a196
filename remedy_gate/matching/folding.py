"""The same problem from several voices is one problem with several sources."""

from __future__ import annotations

from collections.abc import Iterable

from remedy_gate.domain.finding import Severity
from remedy_gate.domain.match import MatchState

from .match import Matched


def fold(matches: Iterable[Matched]) -> tuple[Matched, ...]:
    """One entry for each control on each resource, the rest as they are, in the order of first appearance.

    The voice with the strongest match speaks; of two that know of a severity, the more severe counts.
    """
    folded: dict[tuple[str, ...], Matched] = {}
    for matched in matches:
        key = _key(matched)
        folded[key] = _merged(folded[key], matched) if key in folded else _with_sources(matched)
    return tuple(folded.values())


def _key(matched: Matched) -> tuple[str, ...]:
    problem = matched.finding.control or matched.finding.rule_id
    resource = matched.match.resource
    if matched.match.state is MatchState.MATCHED and resource is not None:
        return (problem, resource.path, resource.address)
    return (problem, matched.finding.fingerprint)


def _with_sources(matched: Matched) -> Matched:
    finding = matched.finding
    return matched._replace(finding=finding._replace(sources=finding.sources or (finding.source,)))


def _merged(one: Matched, other: Matched) -> Matched:
    first, second = (one, other) if one.match.confidence >= other.match.confidence else (other, one)
    finding = first.finding._replace(
        sources=tuple(dict.fromkeys((*one.finding.sources, *(other.finding.sources or (other.finding.source,))))),
        severity=_worse(one.finding.severity, other.finding.severity),
        resources=first.finding.resources or second.finding.resources,
        first_seen=min(filter(None, (one.finding.first_seen, other.finding.first_seen)), default=None),
        due=min(filter(None, (one.finding.due, other.finding.due)), default=None),
        url=first.finding.url or second.finding.url,
    )
    evidence = tuple(dict.fromkeys((*first.match.evidence, *second.match.evidence)))
    return Matched(finding, first.match._replace(evidence=evidence))


def _worse(one: Severity, other: Severity) -> Severity:
    known = [severity for severity in (one, other) if severity is not Severity.UNKNOWN]
    return min(known, key=lambda severity: severity.rank, default=Severity.UNKNOWN)
