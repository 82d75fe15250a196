"""The one order in which every report tells its remediations, and the groups that readers look for."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.domain.decision import Action
from remedy_gate.domain.match import InCode, MatchState
from remedy_gate.domain.remediation import Remediation, Report


class Groups(NamedTuple):
    """Every remediation of a report in exactly one group, each most severe first.

    `offered`: with a patch to take. `withheld`: a patch exists, and policy keeps it back. `without_patch`: matched,
    open, and to be repaired by hand. `in_code`: right in the code already, so a deployment is pending or has drifted.
    `unplaced`: ambiguous or unmatched. `ignored`: policy says to say nothing.
    """

    offered: tuple[Remediation, ...]
    withheld: tuple[Remediation, ...]
    without_patch: tuple[Remediation, ...]
    in_code: tuple[Remediation, ...]
    unplaced: tuple[Remediation, ...]
    ignored: tuple[Remediation, ...]

    @property
    def in_full(self) -> tuple[Remediation, ...]:
        """What a reader of this change has to know, most severe first: all that is tied to code and not settled."""
        return tuple(sorted((*self.offered, *self.withheld, *self.without_patch), key=order))


def grouped(report: Report) -> Groups:
    """The remediations of the report by group. One that blocks is never in `ignored`."""
    groups: tuple[list[Remediation], ...] = ([], [], [], [], [], [])
    for item in sorted(report.remediations, key=order):
        groups[_group(item)].append(item)
    return Groups(*map(tuple, groups))


def place(item: Remediation) -> tuple[str, int, int]:
    """Path and lines of what the remediation is about, as far as known: the match first, else the finding."""
    if item.match.resource is not None:
        return item.match.resource.path, item.match.resource.lines.first, item.match.resource.lines.last
    if item.finding.location is not None:
        location = item.finding.location
        first = location.first_line or 0
        return location.path, first, location.last_line or first
    return "", 0, 0


def address(item: Remediation) -> str:
    """What the remediation is about, in one name: the address in code, else the resource the source names."""
    if item.match.resource is not None:
        return item.match.resource.address
    finding = item.finding
    if finding.location is not None and finding.location.address:
        return finding.location.address
    return finding.resources[0].name or finding.resources[0].id if finding.resources else ""


def order(item: Remediation) -> tuple[bool, int, str, int, str, str]:
    """A key to sort by: what blocks, then the most severe, then as it stands in the code."""
    path, first, _ = place(item)
    return not item.decision.blocks, item.finding.severity.rank, path, first, address(item), item.finding.rule_id


def _group(item: Remediation) -> int:
    action = item.decision.action
    if item.match.state is not MatchState.MATCHED:
        return 4
    if item.match.in_code is InCode.FIXED and item.patch is None:
        return 3
    if action is Action.IGNORE and not item.decision.blocks:
        return 5
    if item.patch is None:
        return 2
    return 0 if action in (Action.SUGGEST, Action.APPLY) else 1
