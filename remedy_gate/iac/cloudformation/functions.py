"""The intrinsic functions that make text and pick from lists and mappings."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from remedy_gate.iac.values import Absent, Fields, Items, Known, Unknown, Value, settled

from .choices import combine, one_of, options, over_lists
from .intrinsics import VARIABLE, Argument
from .scalars import as_text

if TYPE_CHECKING:
    from .node import Node
    from .resolving import Resolver

# Text that doubles with every step would fill the memory long before it filled a template.
LONGEST_TEXT = 100_000


def _malformed(function: str) -> Unknown:
    return Unknown(f"Fn::{function} is not called as it must be")


def _sub(resolver: Resolver, argument: Argument) -> Value:
    template, variables = argument.text, {}
    if template is None and argument.items:
        template = argument.items[0].text
        if len(argument.items) > 1 and argument.items[1].node.id == "mapping":
            variables = {key.value: value for key, value in argument.items[1].node.value}
    if template is None:
        return _malformed("Sub")
    pieces = VARIABLE.split(template)
    values = [
        _variable(resolver, piece.strip(), variables) if odd else Known(piece.replace("${!", "${"))
        for piece, odd in zip(pieces, _alternating(len(pieces)), strict=True)
    ]
    if len(pieces) == 3 and not pieces[0] and not pieces[2]:  # noqa: PLR2004 - text, variable, text
        only = values[1]
        if not isinstance(settled(only), Known):
            return only
    return combine(values, _joined(""))


def _alternating(length: int) -> list[bool]:
    return [bool(index % 2) for index in range(length)]


def _variable(resolver: Resolver, name: str, variables: Mapping[str, Node]) -> Value:
    if name in variables:
        return resolver.value(variables[name])
    address, _, attribute = name.partition(".")
    return resolver.attribute(address, attribute) if attribute else resolver.named(name)


def _joined(delimiter: str) -> Callable[[tuple[Known | Absent, ...]], Value]:
    def join(values: tuple[Known | Absent, ...]) -> Value:
        text = delimiter.join(as_text(value.value) for value in values if isinstance(value, Known))
        return Known(text) if len(text) <= LONGEST_TEXT else Unknown("a very long text")

    return join


def _join(resolver: Resolver, argument: Argument) -> Value:
    match argument.items:
        case (delimiter, parts):
            by = settled(resolver.value(delimiter.node))
            if not isinstance(by, Known):
                return _malformed("Join")
            joined = _joined(as_text(by.value))
            return over_lists(resolver.value(parts.node), lambda found: combine(found.items, joined))
    return _malformed("Join")


def _split(resolver: Resolver, argument: Argument) -> Value:
    def split(values: tuple[Known | Absent, ...]) -> Value:
        match values:
            case (Known(value=str(by)), Known(value=text)) if by:
                return Items(tuple(Known(part) for part in as_text(text).split(by)))
        return _malformed("Split")

    items = argument.items or ()
    return combine([resolver.value(item.node) for item in items], split)


def _select(resolver: Resolver, argument: Argument) -> Value:
    match argument.items:
        case (index, source):
            position = settled(resolver.value(index.node))
            if isinstance(position, Known) and as_text(position.value).isdecimal():
                at = int(as_text(position.value))
                return over_lists(resolver.value(source.node), lambda found: _item(found, at))
            return position if isinstance(position, Unknown) else _malformed("Select")
    return _malformed("Select")


def _item(found: Items, position: int) -> Value:
    return found.items[position] if position < len(found.items) else Unknown(f"the list has no item {position}")


def _base64(resolver: Resolver, argument: Argument) -> Value:
    def encode(values: tuple[Known | Absent, ...]) -> Value:
        text = as_text(values[0].value) if isinstance(values[0], Known) else ""
        return Known(binascii.b2a_base64(text.encode(errors="replace"), newline=False).decode())

    return combine([resolver.argument(argument)], encode)


def _find_in_map(resolver: Resolver, argument: Argument) -> Value:
    items = argument.items or ()
    if len(items) < 3:  # noqa: PLR2004 - map, top-level key, second-level key
        return _malformed("FindInMap")
    name, *keys = (settled(resolver.value(item.node)) for item in items[:3])
    table: Value = resolver.mapping(as_text(name.value)) if isinstance(name, Known) else name
    found: list[Value] = [table]
    for key in keys:
        found = [inner for outer in found for inner in _under(outer, key)]
    return one_of(found)


def _under(table: Value, key: Value) -> list[Value]:
    """What stands under a key that may not be known: then it is one of those that are there."""
    if not isinstance(table, Fields):
        return [table]
    result: list[Value] = []
    for option in options(key):
        if isinstance(option, Known):
            inner = table.get(as_text(option.value))
            missing = Unknown(f"the mapping has no key {as_text(option.value)}")
            result.append(missing if isinstance(inner, Absent) else inner)
        elif isinstance(option, Unknown):
            result.extend(value for _, value in table.entries)
    return result or [Unknown("the mapping is empty")]


def _length(resolver: Resolver, argument: Argument) -> Value:
    return over_lists(resolver.argument(argument), lambda found: Known(len(found.items)))


FUNCTIONS: Mapping[str, Callable[[Resolver, Argument], Value]] = MappingProxyType(
    {
        "Sub": _sub,
        "Join": _join,
        "Split": _split,
        "Select": _select,
        "Base64": _base64,
        "FindInMap": _find_in_map,
        "Length": _length,
    }
)
