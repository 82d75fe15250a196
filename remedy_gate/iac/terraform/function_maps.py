"""Functions over maps. What an unknown map may hold or overwrite is said, never left out."""

from __future__ import annotations

from collections.abc import Callable

from remedy_gate.iac.values import ABSENT, Absent, Fields, Items, Known, Reference, Unknown, Value, settled

from .function_lists import listed
from .outcomes import Failure, one_of, text_of, unknown_among


def _mapped(value: Value) -> Fields | Unknown:
    inner = settled(value)
    if isinstance(inner, Fields | Unknown):
        return inner
    raise ValueError("a map is wanted")


def _merge(*maps: Value) -> Value:
    """Later maps win. What an unknown map may have overwritten is that or something unknown."""
    entries: dict[str, Value] = {}
    complete = True
    for one in maps:
        inner = settled(one)
        if inner == Known(None) and isinstance(inner, Known):
            continue
        fields = _mapped(inner)
        whole = isinstance(fields, Fields) and fields.complete
        if not whole:
            complete = False
            reason = fields if isinstance(fields, Unknown) else Unknown("not all keys are known")
            entries = {key: one_of((value, reason)) for key, value in entries.items()}
        if isinstance(fields, Fields):
            entries.update(fields.entries)
    return Fields(tuple(entries.items()), complete)


def _lookup(mapping: Value, key: Value, default: Value = ABSENT) -> Value:
    fields, name = _mapped(mapping), text_of(settled(key))
    if isinstance(fields, Unknown):
        return fields
    if name is None:
        return settled(key) if isinstance(settled(key), Unknown) else Failure("the key of a map is a text")
    found = fields.get(name)
    if isinstance(found, Absent):
        return Failure(f"there is no `{name}`") if isinstance(default, Absent) else default
    return found


def _keys(value: Value) -> Value:
    fields = _mapped(value)
    if isinstance(fields, Unknown):
        return fields
    return Items(tuple(Known(key) for key in sorted(key for key, _ in fields.entries)), fields.complete)


def _values(value: Value) -> Value:
    if isinstance(value, Reference) and not value.attribute:
        return Items((value,), complete=False)
    fields = _mapped(value)
    if isinstance(fields, Unknown):
        return fields
    return Items(tuple(item for _, item in sorted(fields.entries, key=lambda entry: entry[0])), fields.complete)


def _zipmap(keys: Value, values: Value) -> Value:
    names, items = listed(keys), listed(values)
    if isinstance(names, Unknown) or isinstance(items, Unknown):
        return unknown_among((names, items)) or names
    texts = [text_of(settled(name)) for name in names.items]
    pairs = tuple((name, item) for name, item in zip(texts, items.items, strict=False) if name is not None)
    return Fields(pairs, names.complete and items.complete and None not in texts)


def _tomap(value: Value) -> Value:
    return value if isinstance(value, Reference) else _mapped(value)


MAP_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "keys": _keys,
    "lookup": _lookup,
    "merge": _merge,
    "tomap": _tomap,
    "values": _values,
    "zipmap": _zipmap,
}
