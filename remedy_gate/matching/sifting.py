"""Of very many findings, those that a run looks at: all that the code may be the cause of, and the worst of the rest.

What is left is counted as it would be counted otherwise, and never made: that is what keeps a hook quick beside a
hundred thousand findings of an organisation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import add
from typing import Final, NamedTuple, TypeAlias

from remedy_gate.domain.finding import CloudResource, Finding, Severity
from remedy_gate.matching.columns import Columns, Saying, Table

from .listing import MOST_UNMATCHED
from .match import Matching
from .recurrence import problem_named

Identity: TypeAlias = "tuple[str, str | None, str | None]"
"""What tells one resource from another: id, account and region."""

LOOKED_AT: Final = -1 << 60
"""In place of a resource's number: every sum with it is below zero."""


class Sifted(NamedTuple):
    """The findings to look at; how many unmatched ones are beyond them, as one would count them, and of what problems."""

    findings: Iterable[Finding]
    beyond: int = 0
    problems: Mapping[str, int] = {}


def sift(given: Sequence[Sequence[Finding]], matching: Matching, *, every: bool = False) -> Sifted:
    """The findings to look at, which may be `every` one. What is not in a table is looked at whole."""
    tables = [one for one in given if isinstance(one, Table)]
    if every or sum(map(len, tables)) <= MOST_UNMATCHED:
        return Sifted(chain.from_iterable(given))
    shared = _shared(given)
    rests = {place: _Rest(one.columns, matching, shared) for place, one in enumerate(given) if isinstance(one, Table)}
    worst = sorted(chain.from_iterable(rest.worst(place) for place, rest in rests.items()))[:MOST_UNMATCHED]
    findings: list[Iterable[Finding]] = []
    problems: Counter[str] = Counter()
    for place, one in enumerate(given):
        if isinstance(one, Table):
            chosen = {key for _, table, _, key in worst if table == place}
            findings.append(one.some(rests[place].looked_at(chosen)))
            problems.update(rests[place].problems_without(chosen))
        else:
            findings.append(one)
    return Sifted(chain.from_iterable(findings), problems.total(), problems)


def _shared(given: Sequence[Sequence[Finding]]) -> set[Identity]:
    """The resources of which more than one source speaks: their findings are looked at, so that voices become one."""
    seen: set[Identity] = set()
    shared: set[Identity] = set()
    for findings in given:
        if isinstance(findings, Table):
            here = {_identity(one) for group in findings.columns.groups for one in group}
        else:
            here = {_identity(one) for finding in findings for one in finding.resources}
            shared |= here
        shared |= seen & here
        seen |= here
    return shared


class _Rest:
    """The findings of one table that no block is the cause of. A key stands for one problem of one resource."""

    def __init__(self, columns: Columns, matching: Matching, shared: set[Identity]) -> None:
        self._columns = columns
        self._width = len(columns.groups)
        self._names: dict[str, int] = {}
        self._told: list[str] = []
        self._ranks: list[int] = []
        bases = [self._base(saying, matching) for saying in columns.sayings]
        subjects = _subjects(columns.groups, matching, shared | _spoken_of_otherwise(columns))
        self._keys = list(map(add, map(bases.__getitem__, columns.saying), map(subjects.__getitem__, columns.group)))
        if any(columns.place):
            self._keys = [LOOKED_AT if place else key for key, place in zip(self._keys, columns.place, strict=True)]

    def worst(self, place: int) -> list[tuple[int, int, int, int]]:
        """Rank, `place`, order and key of the most severe, as many as are ever listed."""
        found: dict[int, int] = {}
        for rank in sorted(set(self._ranks)):
            if len(found) >= MOST_UNMATCHED:
                break
            known = self._known() if rank == Severity.UNKNOWN.rank else frozenset()
            of_rank = [one == rank for one in self._ranks]
            for key, saying in zip(self._keys, self._columns.saying, strict=True):
                if key >= 0 and of_rank[saying] and key not in known:
                    found.setdefault(key, rank)
        worst = islice(found.items(), MOST_UNMATCHED)
        return [(rank, place, order, key) for order, (key, rank) in enumerate(worst)]

    def _known(self) -> frozenset[int]:
        """The keys of which a severity is told: that counts, and not that another voice tells none."""
        told = [rank != Severity.UNKNOWN.rank for rank in self._ranks]
        return frozenset(key for key, saying in zip(self._keys, self._columns.saying, strict=True) if told[saying])

    def looked_at(self, chosen: set[int]) -> Iterator[int]:
        """The numbers of the findings that are to be made."""
        return (number for number, key in enumerate(self._keys) if key < 0 or key in chosen)

    def problems_without(self, chosen: set[int]) -> Mapping[str, int]:
        """How many resources have which problem, but for those that were chosen."""
        counted = Counter(key // self._width for key in {key for key in self._keys if key >= 0} - chosen)
        return {self._told[number]: count for number, count in counted.items()}

    def _base(self, saying: Saying, matching: Matching) -> int:
        """The key of what a saying says of the first resource; its rank is noted."""
        control = matching.control_of(saying.source, saying.rule_id, saying.control)
        severity = control.severity if control and saying.severity is Severity.UNKNOWN else saying.severity
        self._ranks.append(severity.rank)
        ident = control.id if control else saying.control
        name = ident or saying.rule_id
        if name not in self._names:
            self._names[name] = len(self._told)
            self._told.append(problem_named(ident, saying.source, saying.rule_id))
        return self._names[name] * self._width


def _spoken_of_otherwise(columns: Columns) -> set[Identity]:
    """The resources of findings that are looked at in any case: those of several resources, and those with a place."""
    looked_at = [group for group in columns.groups if len(group) > 1]
    if any(columns.place):
        looked_at += (columns.groups[group] for group, place in zip(columns.group, columns.place, strict=True) if place)
    return {_identity(one) for group in looked_at for one in group}


def _subjects(groups: Sequence[tuple[CloudResource, ...]], matching: Matching, looked_at: set[Identity]) -> list[int]:
    """The number of each group's resource; of those that have to be looked at, what makes their keys negative."""
    alone = [group[0] if len(group) == 1 else None for group in groups]
    kept = looked_at | {_identity(one) for one in alone if one is not None and matching.may_be_here(one)}
    numbers: dict[Identity, int] = {}

    def number(resource: CloudResource | None) -> int:
        ident = _identity(resource) if resource is not None else None
        return LOOKED_AT if ident is None or ident in kept else numbers.setdefault(ident, len(numbers))

    return list(map(number, alone))


def _identity(resource: CloudResource) -> Identity:
    return resource.id, resource.account, resource.region
