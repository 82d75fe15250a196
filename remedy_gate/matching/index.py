"""The code of a run, ready to be asked what stands in a file, at a line, under an address or a name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from remedy_gate.domain.source import ChangeSet, LineRange
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Place

from .around import Around
from .calls import Calls, home_of
from .locating import MATCHABLE
from .paths import Paths, Reported
from .records import NO_RECORDS, Records

if TYPE_CHECKING:
    from .name_index import NameIndex
    from .standings import Standings
    from .switches import Switches
    from .tag_index import NameTags

Places: TypeAlias = tuple[Place, ...]


class Bearings(NamedTuple):
    """What helps to find a finding's place, beside the code that was read.

    `renamed` leads from the previous paths of files to those of now; `before` gives the module of a path of now as it
    was; `changed` are the files whose lines may have moved.
    """

    renamed: Mapping[str, str] = {}
    changed: frozenset[str] = frozenset()
    before: Callable[[str], Module | None] | None = None
    around: Around | None = None
    records: Records = NO_RECORDS

    def earlier_path(self, path: str) -> str:
        """What a file was called before the change."""
        return next((old for old, new in self.renamed.items() if new == path), path)

    @classmethod
    def of(
        cls, changes: ChangeSet, before: Callable[[str], Module | None] | None, around: Around, records: Records
    ) -> Bearings:
        """The bearings of a change."""
        renamed = {one.previous_path: one.path for one in changes.changes if one.previous_path}
        return cls(renamed, frozenset(one.path for one in changes.changes), before, around, records)


class CodeIndex:
    """Look-ups over every module of a run. Each index is built when it is first needed."""

    def __init__(self, modules: Iterable[Module], bearings: Bearings | None = None) -> None:
        """Index the blocks of these modules."""
        self.modules = tuple(modules)
        self.bearings = bearings or Bearings()
        self.records = self.bearings.records
        self._module_of = {path: module for module in self.modules for path in module.files}
        self._paths = Paths(self._module_of, self.bearings.renamed)
        self._moves: dict[Module, dict[str, str]] = {}
        self._listed = self.bearings.around is None

    @cached_property
    def calls(self) -> Calls:
        """Who calls whom."""
        return Calls(self.modules, self.bearings.around)

    @cached_property
    def only_names_tell(self) -> bool:
        """Whether nothing but its name or its tags can tell which block a resource is: no record, no `import` block."""
        return not self.records and not self.imported

    @cached_property
    def standings(self) -> Standings:
        """Where blocks are deployed."""
        from .standings import Standings

        return Standings()

    @cached_property
    def switches(self) -> Switches:
        """Which blocks are switched off."""
        from .switches import Switches

        return Switches()

    @cached_property
    def names(self) -> NameIndex:
        """The resources by their names."""
        from .name_index import NameIndex

        return NameIndex(self._with_called, self.calls, self.bearings.around)

    @cached_property
    def name_tags(self) -> NameTags:
        """The resources by their tag `Name`."""
        from .tag_index import NameTags

        return NameTags(self._with_called, self.calls, self.bearings.around)

    @cached_property
    def marked(self) -> tuple[tuple[Place, dict[str, str]], ...]:
        """The resources that a tool has marked with tags of its own, and those tags."""
        from .tags import marked_places

        return tuple(marked_places(iter(self.modules)))

    @cached_property
    def imported(self) -> dict[str, list[tuple[str, Module]]]:
        """From ids in `import` blocks to the addresses that they are imported to, and the modules that say so."""
        from .imports import imports_in

        found: dict[str, list[tuple[str, Module]]] = {}
        for module in self.modules:
            for ident, address in imports_in(module):
                found.setdefault(ident, []).append((address, module))
        return found

    def moves(self, module: Module) -> dict[str, str]:
        """From addresses that blocks of the module had to those that they have."""
        if module not in self._moves:
            from .imports import moves_in

            self._moves[module] = moves_in(module)
        return self._moves[module]

    def meant(self, reported: str, *, exact: bool = False) -> Reported:
        """The files that a reported path may mean. `exact`: it is ours, so that no other file can be meant."""
        plain = self._paths.is_plain(reported)
        if exact and plain:
            return Reported((reported,))
        if not self._listed and not (plain and "/" in reported):
            assert self.bearings.around is not None
            self._paths.know(self.bearings.around.paths)
            self._listed = True
        return self._paths.meant(reported)

    def module_of(self, path: str) -> Module | None:
        """The module that a file belongs to, if it was read."""
        return self._module_of.get(path)

    def module_in(self, directory: str) -> Module | None:
        """The Terraform module of a directory or the template at a path, if it was read."""
        return self._homes.get(directory)

    def at(self, path: str, lines: LineRange) -> Places:
        """The blocks of a file that share a line with `lines`."""
        places = self._by_path.get(path, ())
        last = bisect_right(places, lines.last, key=lambda place: place.block.lines.first)
        return tuple(place for place in places[:last] if place.block.lines.overlaps(lines))

    def under(self, address: str) -> Places:
        """The blocks of this address, one a module."""
        return tuple(self._by_address.get(address, ()))

    @cached_property
    def _by_path(self) -> dict[str, list[Place]]:
        """The blocks of each file that has any, from the top."""
        found: dict[str, list[Place]] = {}
        for place in self._matchable():
            found.setdefault(place.block.path, []).append(place)
        for places in found.values():
            places.sort(key=lambda place: place.block.lines)
        return found

    @cached_property
    def _by_address(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place in self._matchable():
            found.setdefault(place.block.address, []).append(place)
        return found

    def _matchable(self) -> Iterator[Place]:
        return (
            Place(module, one) for module in self.modules for one in module.blocks.values() if one.kind in MATCHABLE
        )

    @cached_property
    def _with_called(self) -> tuple[Module, ...]:
        """What was read, and what it calls: a name may be given here to a block that stands there."""
        return (*self.modules, *self.calls.called())

    @cached_property
    def _homes(self) -> dict[str, Module]:
        return {home_of(module): module for module in self.modules}
