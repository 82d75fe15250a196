"""The tie of each resource and of each place, looked for once, however many findings speak of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from remedy_gate.catalogue.control import Control
from remedy_gate.domain.finding import CloudResource, Finding, Location
from remedy_gate.domain.match import MatchState

from .by_plain_address import tie_by_plain_address
from .claim import OWN, Claim
from .index import CodeIndex
from .tie import Tie, tie

if TYPE_CHECKING:
    from .by_id import ById

NO_TYPES: frozenset[str] = frozenset()


class Ties(dict[CloudResource, Tie]):
    """The tie of each resource of which nobody says where it stands, found when it is asked for, and of each place.

    All of them are kept, so that their ids stay theirs.
    """

    def __init__(self, code: CodeIndex) -> None:
        super().__init__()
        self._code = code
        self._by_place: dict[tuple[object, ...], Tie] = {}

    def __missing__(self, resource: CloudResource) -> Tie:
        found = self[resource] = self._by_id.tie(resource)
        return found

    def of_place(self, finding: Finding, location: Location, controls: tuple[Control, ...]) -> Tie:
        """The tie of a place in the code, and of the resource beside it if one is told.

        Only where a scanner names lines alone does it matter which control it is about.
        """
        key = (location, finding.resources, finding.source, None if location.address else finding.rule_id)
        found = self._by_place.get(key)
        if found is None:
            found = self._by_place[key] = self._at(finding, location, controls)
        return found

    def may_be_here(self, resource: CloudResource) -> bool:
        """Whether any block may be the resource, where nothing but the resource is known."""
        if not self._by_id.may_be_here(resource):
            return False
        return self[resource].match.state is not MatchState.UNMATCHED

    def refuted(self) -> Mapping[int, Tie]:
        """What stands for each guess that cannot be right beside the others, by the `id` of the guess."""
        from .doubting import doubted

        return doubted(self.values())

    def _at(self, finding: Finding, location: Location, controls: tuple[Control, ...]) -> Tie:
        own, code = finding.source == OWN, self._code
        plain = tie_by_plain_address(location, code, exact=own) if not finding.resources else None
        return plain or tie(_claim(finding, location, controls), code)

    @cached_property
    def _by_id(self) -> ById:
        """Imported with the first cloud resource: a hook has none."""
        from .by_id import ById

        return ById(self._code)


def _claim(finding: Finding, location: Location, controls: tuple[Control, ...]) -> Claim:
    types = NO_TYPES if location.address else frozenset(name for control in controls for name in control.rules)
    if not finding.resources:
        return Claim(None, location, types, finding.source == OWN)
    from .identity import identify

    resource = finding.resources[0]
    return Claim(resource, location, types, finding.source == OWN, identify(resource), dict(resource.tags))
