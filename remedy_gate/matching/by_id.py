"""The tie of a cloud resource of which no more is told than its id, its name and its tags: nobody says where it stands.

Of a feed of a hundred thousand findings this is what most are. Of most resources the code knows nothing, and of most
others it states the name once: both are found without a step on the ladder, and the same is found as on it.
"""

from __future__ import annotations

from collections.abc import Mapping

from remedy_gate.domain.finding import CloudResource
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.iac.module import Module

from .by_names import OUTRIGHT, is_outright
from .calls import NO_CALLS
from .claim import Claim
from .identity import Identified, identify
from .index import CodeIndex
from .standing import NOWHERE, Standing, disagreement
from .suiting import standing_by
from .tie import Tie, resource_of, tie, unknown

NAME_TAG = "Name"
NO_TAGS: Mapping[str, str] = {}
TELLING = frozenset(("yor_trace", "git_file", "aws:cloudformation:logical-id"))
"""Tags by which alone a block can be found, whatever its name."""


class _PlainModules(dict[Module, Standing | None]):
    """Where all of a module is deployed; None where its blocks have to be looked at, or who calls it."""

    def __init__(self, code: CodeIndex) -> None:
        super().__init__()
        self._code = code

    def __missing__(self, module: Module) -> Standing | None:
        code = self._code
        one_way = code.calls.chains(module) == NO_CALLS and not code.switches.any_in(module)
        standing = self[module] = code.standings.of_all(module) if one_way else None
        return standing


class ById:
    """Ties resources to the code of a run."""

    def __init__(self, code: CodeIndex) -> None:
        self._code = code
        self._plain = _PlainModules(code)

    def tie(self, resource: CloudResource) -> Tie:
        """The match of a resource by whatever is known of it."""
        identified = identify(resource)
        found = self._by_name(identified) if identified is not None and not resource.tags else None
        if found is not None:
            return found
        if self._has_nothing_for(identified, resource):
            return unknown(resource.id)
        return tie(Claim(resource, None, identified=identified, tags=dict(resource.tags)), self._code)

    def may_be_here(self, resource: CloudResource) -> bool:
        """Whether it is worth looking for the resource."""
        return not self._has_nothing_for(identify(resource), resource)

    def _by_name(self, identified: Identified) -> Tie | None:
        """The tie to the one block that states the name, where nothing but names can tell; None: it takes the ladder."""
        code = self._code
        if not identified.names or not code.only_names_tell:
            return None
        name = identified.names[0]
        place = code.names.sole(name, identified.types)
        standing = self._plain[place.module] if place is not None else None
        if place is None or standing is None:
            return None
        if standing is not NOWHERE and disagreement(standing, standing_by(identified)) is not None:
            return None
        return Tie(Match(MatchState.MATCHED, resource_of(place.block), OUTRIGHT, (is_outright(name),)), place)

    def _has_nothing_for(self, identified: Identified | None, resource: CloudResource) -> bool:
        """Whether no block can be the resource."""
        code = self._code
        told = dict(resource.tags) if resource.tags else NO_TAGS
        if not code.only_names_tell or not TELLING.isdisjoint(told):
            return False
        if identified is None:
            return True
        called = told.get(NAME_TAG)
        if called and code.name_tags.may_have(identified.types, called):
            return False
        return not code.names.may_have(identified, resource.name)
