"""Resources by the names that the code gives them: outright ones in a table, the others as patterns by their ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Place

from .around import Around
from .calls import Calls, Chain
from .identity import LOWERED, Identified, name_attribute
from .literal_names import literal_names
from .naming import CLOUDFORMATION_SUFFIX, TERRAFORM_SUFFIX, Hole, Name, Names, is_telling, text_of
from .scopes import Scopes

END = 3
"""Characters at either end of a pattern that tell it apart."""

_STACK = Hole("the stack's name")
_KEPT_LOWER = frozenset(("AWS::S3::Bucket", "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"))


class Named(NamedTuple):
    """A resource and one of its names. `chain`: the calls under which it has that name; None: under all of them."""

    place: Place
    name: Name
    chain: Chain | None = None


class NameIndex:
    """The names of every resource of the modules that were read."""

    def __init__(self, modules: Iterable[Module], calls: Calls, around: Around | None) -> None:
        self._stated: dict[str, list[Place]] = {}
        self._worked_out: dict[str, list[Named]] = {}
        self._patterns: dict[str, dict[tuple[str, str], list[Named]]] = {}
        scopes = Scopes(calls, around)
        for module in modules:
            if module.language == "terraform":
                self._add_terraform(module, scopes)
            else:
                self._add_all(_in_template(module, scopes))

    def may_have(self, identified: Identified, called: str | None) -> bool:
        """Whether any resource may be the one: of most findings none is, and this is all that is asked for them.

        Of an id that AWS made up the code knows nothing, and the name that is told beside it may be a tag.
        """
        names = identified.names
        if not names:
            return called not in {None, "", identified.ident}
        if identified.service in LOWERED or not self._patterns.keys().isdisjoint(identified.types):
            return True
        return not (self._stated.keys().isdisjoint(names) and self._worked_out.keys().isdisjoint(names))

    def outright(self, name: str, types: frozenset[str]) -> list[Named]:
        """The resources of these types whose name is `name`."""
        return [named for named in self._all_of(name) if named.place.block.type in types]

    def sole(self, name: str, types: frozenset[str]) -> Place | None:
        """The resource of these types that states this very name, if there is one and no other has it."""
        places = self._stated.get(name, ())
        if len(places) != 1 or name in self._worked_out:
            return None
        return places[0] if places[0].block.type in types else None

    def outright_in_any_case(self, name: str, types: frozenset[str]) -> list[Named]:
        """The same for services that keep names in lower case."""
        return [named for named in self._lowered.get(name.lower(), ()) if named.place.block.type in types]

    def patterns(self, name: str, types: frozenset[str]) -> Iterator[Named]:
        """The resources of these types whose pattern may fit the name."""
        start, end = name[:END], name[-END:]
        for type_name in types:
            if type_name not in self._patterns:
                continue
            of_type = self._patterns[type_name]
            for ends in ((start, end), (start, ""), ("", end), ("", "")):
                yield from of_type.get(ends, ())

    def of(self, place: Place) -> list[Named]:
        """Every name that the code gives a resource."""
        return self._by_block.get((place.module, place.block.address), [])

    def _all_of(self, name: str) -> list[Named]:
        return [*(Named(place, (name,)) for place in self._stated.get(name, ())), *self._worked_out.get(name, ())]

    @cached_property
    def _by_block(self) -> dict[tuple[Module, str], list[Named]]:
        found: dict[tuple[Module, str], list[Named]] = {}
        patterns = (group for of_type in self._patterns.values() for group in of_type.values())
        for group in (*map(self._all_of, self._outright), *patterns):
            for named in group:
                found.setdefault((named.place.module, named.place.block.address), []).append(named)
        return found

    @cached_property
    def _lowered(self) -> dict[str, list[Named]]:
        found: dict[str, list[Named]] = {}
        for name in self._outright:
            found.setdefault(name.lower(), []).extend(self._all_of(name))
        return found

    @property
    def _outright(self) -> Iterable[str]:
        return dict.fromkeys((*self._stated, *self._worked_out))

    def _add_terraform(self, module: Module, scopes: Scopes) -> None:
        """Most names are stated outright: those go in at once."""
        stated = self._stated
        for block, text in literal_names(module):
            place = Place(module, block)
            if text and "${" not in text:
                if text in stated:
                    stated[text].append(place)
                else:
                    stated[text] = [place]
            elif text:
                self._add_all(_filled_in(place, text, scopes))
            else:
                self._add_all(_worked_out(place, scopes))

    def _add_all(self, found: Iterable[Named]) -> None:
        for named in found:
            text = text_of(named.name)
            if text is not None:
                self._worked_out.setdefault(text, []).append(named)
            elif is_telling(named.name):
                first, last = named.name[0], named.name[-1]
                start = first[:END] if isinstance(first, str) and len(first) >= END else ""
                end = last[-END:] if isinstance(last, str) and len(last) >= END else ""
                of_type = self._patterns.setdefault(named.place.block.type, {})
                of_type.setdefault((start, end), []).append(named)


def _in_template(module: Module, scopes: Scopes) -> Iterator[Named]:
    for block in module.blocks.values():
        attribute = name_attribute(block.type) if block.kind == "resource" else None
        if attribute is not None:
            names: Names = scopes.template(module).names(block.address, attribute)
            for name in names or _generated(block.address, block.type):
                yield Named(Place(module, block), name)


def _filled_in(place: Place, text: str, scopes: Scopes) -> Iterator[Named]:
    for chain, scope in scopes.of(place.module):
        yield from (Named(place, name, chain) for name in scope.filled_in(text))


def _worked_out(place: Place, scopes: Scopes) -> Iterator[Named]:
    attribute = name_attribute(place.block.type) or ""
    for chain, scope in scopes.of(place.module):
        names = scope.names(place.block.address, attribute)
        begun = scope.names(place.block.address, f"{attribute}_prefix") if not names else ()
        for name in (*names, *((*prefix, TERRAFORM_SUFFIX) for prefix in begun)):
            yield Named(place, name, chain)


def _generated(logical_id: str, type_name: str) -> Names:
    """The name that CloudFormation makes of stack and logical id, if that id says more than what the resource is."""
    plain, kind = logical_id.lower(), type_name.rpartition("::")[2].lower()
    if plain.removeprefix("my").removeprefix("the").removesuffix("resource") in kind:
        return ()
    lowered = type_name in _KEPT_LOWER
    return ((_STACK, f"-{plain if lowered else logical_id}-", CLOUDFORMATION_SUFFIX),)
