"""What those who call a local module give its variables, looked up when a value needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from remedy_gate.iac.arguments import Arguments
from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Absent, Fields, Items, Known, OneOf, Reference, Unknown, Value

from .calls import Calls, CallSite


class CallersArguments:
    """The seam `Arguments`, over the calls that can be found in the repository. Without any it knows of no caller."""

    def __init__(self, calls: Callable[[], Calls | None] = lambda: None) -> None:
        """Look into these calls, which are made when they are first needed."""
        self._make = calls
        self._made: Calls | None = None

    def look_into(self, calls: Callable[[], Calls | None]) -> None:
        """Know these calls from now on: the reader of modules has to be there before anything that reads them."""
        self._make, self._made = calls, None

    def given(self, module: Module, name: str) -> tuple[Value, ...]:
        """See `Arguments`. A caller's resources have no name here: what it passes of them is unknown."""
        calls = self._calls()
        return tuple(_argument(site, name) for site in calls.callers(module)) if calls is not None else ()

    def among(self, modules: Iterable[Module]) -> Arguments:
        """See `Arguments`."""
        changed = tuple(modules)
        return CallersArguments(lambda: calls.where(changed) if (calls := self._calls()) is not None else None)

    def _calls(self) -> Calls | None:
        if self._made is None:
            self._made = self._make()
        return self._made


def _argument(site: CallSite, name: str) -> Value:
    value = site.module.resolved(site.block.address).get(name)
    if isinstance(value, Known) and value.value is None:
        return Unknown(f"{site.block.address} in {site.block.path} passes null for it")
    return _from_outside(value)


def _from_outside(value: Value) -> Value:
    """The value without the names that mean something only where it was written."""
    match value:
        case Reference():
            return _from_outside(value.value)
        case Items():
            return value._replace(items=tuple(map(_from_outside, value.items)))
        case Fields():
            return value._replace(entries=tuple((key, _from_outside(item)) for key, item in value.entries))
        case OneOf():
            return OneOf(tuple(map(_from_outside, value.options)))
        case Known() | Unknown() | Absent():
            return value
