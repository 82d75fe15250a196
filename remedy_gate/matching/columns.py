"""Very many findings in columns, each made when it is asked for: of a hundred thousand, a change has part in few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, overload

from remedy_gate.domain.finding import CloudResource, Finding, Kind, Location, Severity


class Saying(NamedTuple):
    """What findings say that differ in nothing but their resource and their dates: a finding's first seven fields."""

    source: str
    rule_id: str
    title: str
    severity: Severity
    kind: Kind
    status: str
    control: str | None


class Columns(NamedTuple):
    """Each thing once, and for each finding the number of the one that it has."""

    sayings: Sequence[Saying]
    groups: Sequence[tuple[CloudResource, ...]]
    places: Sequence[Location | None]
    texts: Sequence[str | None]
    saying: Sequence[int]
    group: Sequence[int]
    place: Sequence[int]
    first_seen: Sequence[int]
    due: Sequence[int]
    url: Sequence[int]


class Table(Sequence[Finding]):
    """Findings in columns, which look like any others to those who go through them."""

    __slots__ = ("columns",)

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns.saying)

    def __iter__(self) -> Iterator[Finding]:
        return self.some(range(len(self)))

    @overload
    def __getitem__(self, number: int) -> Finding: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, number: int | slice) -> Finding | tuple[Finding, ...]:
        chosen = range(len(self))[number]
        return next(self.some((chosen,))) if isinstance(chosen, int) else tuple(self.some(chosen))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment] # like a list: it may be as long as one

    def some(self, numbers: Iterable[int]) -> Iterator[Finding]:
        """The findings of these numbers, in their order."""
        sayings, groups, places, texts, saying, group, place, first_seen, due, url = self.columns
        for number in numbers:
            yield Finding(
                *sayings[saying[number]],
                groups[group[number]],
                places[place[number]],
                texts[first_seen[number]],
                texts[due[number]],
                texts[url[number]],
            )
