"""Find the controls of a resource type, of a scanner's rule, or by id, reading only the services that are needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .aliases import aliases_of
from .control import Control
from .declaring import read_control
from .packaged import packaged


class Index(NamedTuple):
    """Which service file holds what. Aliases are `tool:rule id` in lower case."""

    controls: Mapping[str, str]
    types: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, tuple[str, ...]]


NONE: Mapping[str, tuple[str, ...]] = {}


class Catalogue:
    """All controls: the packaged ones, and the organisation's own, which come first under the same id."""

    def __init__(self, own: tuple[Control, ...] = (), told: Mapping[str, tuple[str, ...]] = NONE) -> None:
        """Make a catalogue; nothing is read before it is asked for. `told` is what the owner takes rules for."""
        self._own = {control.id: control for control in own}
        self._told = told
        self._index: Index | None = None
        self._services: dict[str, dict[str, Control]] = {}

    @property
    def index(self) -> Index:
        """The packaged index."""
        if self._index is None:
            raw = packaged("index")
            self._index = Index(raw["controls"], raw["types"], raw["aliases"])
        return self._index

    def control(self, identifier: str) -> Control | None:
        """The control of this id."""
        if identifier in self._own:
            return self._own[identifier]
        service = self.index.controls.get(identifier)
        return self._service(service)[identifier] if service else None

    def for_type(self, type_name: str) -> tuple[Control, ...]:
        """Every control that says something of a resource type, in the catalogue's order."""
        own = [control for control in self._own.values() if type_name in control.rules]
        packaged = [
            control
            for service in self.index.types.get(type_name, ())
            for control in self._service(service).values()
            if type_name in control.rules and control.id not in self._own
        ]
        return (*own, *packaged)

    def for_rule(self, tool: str, rule_id: str) -> tuple[str, ...]:
        """The ids of the controls that a tool's rule stands for; several where the rule covers several types.

        What the owner says of a rule comes before what everybody knows.
        """
        if self._told and (told := next(filter(None, map(self._told.get, aliases_of(tool, rule_id))), None)):
            return told
        for alias in aliases_of(tool, rule_id):
            own = tuple(control.id for control in self._own.values() if alias in map(str.lower, control.aliases))
            found = own + tuple(self.index.aliases.get(alias, ()))
            if found:
                return found
        return ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The id of every control."""
        return tuple(sorted({*self._own, *self.index.controls}))

    def __contains__(self, identifier: str) -> bool:
        """Whether there is a control of this id."""
        return identifier in self._own or identifier in self.index.controls

    def __iter__(self) -> Iterator[Control]:
        """Every control, by id."""
        for identifier in self.ids:
            control = self.control(identifier)
            if control is not None:
                yield control

    def _service(self, name: str) -> dict[str, Control]:
        if name not in self._services:
            self._services[name] = {item["id"]: read_control(item) for item in packaged(name)}
        return self._services[name]
