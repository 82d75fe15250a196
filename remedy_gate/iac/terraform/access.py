"""Attributes, indexes and splats: what is taken from a value, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from remedy_gate.iac.values import ABSENT, Absent, Fields, Items, Known, OneOf, Reference, Unknown, Value, settled

from .outcomes import Failure, number_in, one_of, text_of, unwrapped
from .syntax import Attr, Index, Step

if TYPE_CHECKING:
    from .evaluation import Evaluator

_MANY = 16
"""An unknown index into a list of more items than these is simply unknown."""


class Instances(Protocol):
    """What is known of the blocks that references point at."""

    def attribute(self, address: str, name: str) -> Value:
        """The attribute of a block, of any of its instances where there are several."""

    def is_repeated(self, address: str) -> bool:
        """Whether the block has `count` or `for_each`."""


def taken(value: Value, steps: tuple[Step, ...], evaluator: Evaluator, bound: Mapping[str, Value]) -> Value:
    """What the steps lead to."""
    for position, step in enumerate(steps):
        if isinstance(step, Attr):
            value = attribute(value, step.name, evaluator.instances)
        elif isinstance(step, Index):
            value = indexed(value, evaluator.value(step.key, bound), evaluator.instances)
        else:
            each = splatted(value, evaluator.instances)
            if isinstance(each, Items):
                value = Items(tuple(taken(item, step.steps, evaluator, bound) for item in each.items), each.complete)
            else:
                value = each
            return taken(value, steps[position + 1 :], evaluator, bound)
    return value


def attribute(value: Value, name: str, instances: Instances) -> Value:
    """`value.name`."""
    match value:
        case Reference(attribute=()):
            return instances.attribute(value.address, name)
        case Reference():
            inner = attribute(settled(value), name, instances)
            return Reference(value.address, (*value.attribute, name), _after_apply(value, name, inner))
        case OneOf():
            return one_of(attribute(option, name, instances) for option in value.options)
        case Fields():
            found = value.get(name)
            return Failure(f"there is no `{name}`") if isinstance(found, Absent) else found
        case Unknown():
            return value
        case Items() if not value.complete or len(value.items) == 1:
            # A nested block of which there is one is a list to Terraform and an object to some providers.
            return Unknown(f"`{name}` of a list")
        case _:
            return Failure(f"there is no `{name}`")


def _after_apply(value: Reference, name: str, inner: Value) -> Value:
    """What a block does not say, the provider may know."""
    if not isinstance(inner, Failure):
        return inner
    return Unknown(f"{'.'.join((value.address, *value.attribute, name))} is known only after apply")


def indexed(value: Value, key: Value, instances: Instances) -> Value:
    """`value[key]`."""
    key = unwrapped(key)
    if isinstance(value, Reference):
        return _indexed_reference(value, key, instances)
    if isinstance(value, OneOf):
        return one_of(indexed(option, key, instances) for option in value.options)
    if isinstance(key, OneOf):
        return one_of(indexed(value, option, instances) for option in key.options)
    match value:
        case Unknown():
            return value
        case Items():
            return _item(value, key)
        case Fields():
            return _entry(value, key)
        case _:
            return Failure("a scalar has no items")


def _indexed_reference(value: Reference, key: Value, instances: Instances) -> Value:
    if not value.attribute:
        name = text_of(key)
        if name is not None and not instances.is_repeated(value.address) and number_in(key) is None:
            return instances.attribute(value.address, name)
        return value
    name = text_of(key)
    inner = _after_apply(value, name or "", indexed(settled(value), key, instances))
    return Reference(value.address, value.attribute if name is None else (*value.attribute, name), inner)


def _item(value: Items, key: Value) -> Value:
    if isinstance(key, Unknown):
        some = value.complete and 0 < len(value.items) <= _MANY
        return one_of(value.items) if some else key
    number = number_in(key)
    if number is None or not isinstance(number, int):
        return Failure("the index of a list is a whole number")
    if not 0 <= number < len(value.items):
        return Failure(f"there is no item {number}") if value.complete else Unknown("not all items are known")
    item = value.items[number]
    if value.complete or isinstance(item, Reference):
        return item
    return Unknown("not all items are known, so their order is not")


def _entry(value: Fields, key: Value) -> Value:
    if isinstance(key, Unknown):
        some = value.complete and 0 < len(value.entries) <= _MANY
        return one_of(item for _, item in value.entries) if some else key
    name = text_of(key)
    if name is None:
        return Failure("the key of a map is a text")
    found = value.get(name)
    return Failure(f"there is no `{name}`") if found == ABSENT and isinstance(found, Absent) else found


def splatted(value: Value, instances: Instances) -> Value:
    """The list that `[*]` goes over: a single value counts as a list of one, null as an empty one."""
    match value:
        case Items() | Unknown():
            return value
        case Reference(attribute=()):
            return Items((value,), complete=not instances.is_repeated(value.address))
        case Reference():
            inner = splatted(settled(value), instances)
            return inner if isinstance(inner, Items) else Unknown(f"{value.address} is known only after apply")
        case OneOf():
            return Unknown("what is gone over may be one of several lists")
        case Known(value=None):
            return Items(())
        case _:
            return Items((value,))
