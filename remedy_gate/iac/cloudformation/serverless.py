"""SAM's Globals, merged into the properties of the resources that they are meant for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.iac.values import Absent, Fields, Items, Value

from .intrinsics import call
from .merging import merged_entries

if TYPE_CHECKING:
    from .node import Node
    from .resolving import Resolver

_PREFIX = "AWS::Serverless::"


def globals_for(type_name: str, section: Node | None) -> Node | None:
    """The mapping under Globals that a resource of this type takes its defaults from."""
    if not type_name.startswith(_PREFIX) or section is None or section.id != "mapping":
        return None
    wanted = type_name.removeprefix(_PREFIX)
    return next((value for key, value in section.value if key.value == wanted and value.id == "mapping"), None)


def overlaid(resolver: Resolver, base: Node, own: Node | None) -> Value:
    """`own` laid over the global `base`: maps are merged, lists follow one another, for anything else `own` wins."""
    if own is None:
        return resolver.value(base)
    if call(base) or call(own) or base.id != own.id or base.id == "scalar":
        return resolver.value(own)
    if base.id == "sequence":
        values = (resolver.value(item) for item in [*base.value, *own.value])
        return Items(tuple(value for value in values if not isinstance(value, Absent)))
    defaults, given = dict(merged_entries(base)), dict(merged_entries(own))
    entries: list[tuple[str, Value]] = []
    for name in defaults | given:
        value = overlaid(resolver, defaults[name], given.get(name)) if name in defaults else resolver.value(given[name])
        if not isinstance(value, Absent):
            entries.append((name, value))
    return Fields(tuple(entries))
