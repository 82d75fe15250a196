"""Resources by their type and the tag `Name`, read one type at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Place

from .around import Around
from .calls import Calls
from .name_index import Named
from .naming import is_telling, text_of
from .scopes import Scopes
from .tags import tags_of

if TYPE_CHECKING:
    from .naming import Names

TAG = "Name"


class NameTags:
    """The resources of a type with the names that their tags give them."""

    def __init__(self, modules: Iterable[Module], calls: Calls, around: Around | None) -> None:
        self._by_type: dict[str, list[Place]] = {}
        for module in modules:
            for block in module.blocks.values():
                if block.kind == "resource" and "#" not in block.address:
                    self._by_type.setdefault(block.type, []).append(Place(module, block))
        self._scopes = Scopes(calls, around)
        self._found: dict[str, tuple[Named, ...]] = {}
        self._told: dict[str, frozenset[str | None]] = {}

    def of_type(self, type_name: str) -> tuple[Named, ...]:
        """Every resource of the type that has the tag, as far as its value says anything."""
        if type_name not in self._found:
            places = self._by_type.get(type_name, ())
            self._found[type_name] = tuple(named for place in places for named in self._of(place))
        return self._found[type_name]

    def may_have(self, types: frozenset[str], called: str) -> bool:
        """Whether any resource of these types may bear the tag with this value."""
        for type_name in types:
            if type_name not in self._told:
                names = [text_of(named.name) for named in self.of_type(type_name)]
                self._told[type_name] = frozenset(names)
            told = self._told[type_name]
            if called in told or None in told:
                return True
        return False

    def _of(self, place: Place) -> Iterator[Named]:
        span = place.block.span
        if TAG.encode() not in place.module.files[place.block.path][span.start : span.end] and not _is_shared(place):
            return
        known = tags_of(place).get(TAG)
        if known is not None and self._is_called_one_way(place):
            yield Named(place, (known,))
        elif place.module.language == "terraform":
            yield from self._patterns(place)

    def _is_called_one_way(self, place: Place) -> bool:
        return place.module.language != "terraform" or [chain for chain, _ in self._scopes.of(place.module)] == [()]

    def _patterns(self, place: Place) -> Iterator[Named]:
        from remedy_gate.iac.terraform.module import TerraformModule

        assert isinstance(place.module, TerraformModule)
        argument = place.module.declared[place.block.address].read().arguments.get("tags")
        if argument is None:
            return
        for chain, scope in self._scopes.of(place.module):
            names: Names = scope.tagged(argument.expression, TAG)
            for name in names:
                if text_of(name) or is_telling(name):
                    yield Named(place, name, chain)


def _is_shared(place: Place) -> bool:
    """Whether the tags are written elsewhere, such as in a local value."""
    span = place.block.span
    return b"local." in place.module.files[place.block.path][span.start : span.end]
