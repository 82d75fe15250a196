"""`for` over lists and maps, in expressions and in texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.iac.values import Fields, Items, Known, OneOf, Reference, Unknown, Value, settled

from .outcomes import one_of, plain, text_of, texted, truth_in, unwrapped
from .syntax import Expression, ForObject, ForTuple, Repeat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .evaluation import Bound, Evaluator

Pairs = tuple[tuple[tuple[Value, Value], ...], bool]
"""Keys with their items, and whether these are all."""


def pairs_of(collection: Value, evaluator: Evaluator) -> Pairs | Unknown:
    """What a `for` goes over."""
    match collection:
        case Items():
            return tuple((Known(index), item) for index, item in enumerate(collection.items)), collection.complete
        case Fields():
            return tuple((Known(key), item) for key, item in sorted(collection.entries, key=_key)), collection.complete
        case Reference(attribute=()) if evaluator.instances.is_repeated(collection.address):
            return ((Unknown("the key differs by instance"), collection),), False
        case Reference():
            inner = settled(collection)
            return pairs_of(inner, evaluator) if not isinstance(inner, Reference) else Unknown("not known")
        case OneOf():
            return Unknown("what is gone over may be one of several")
        case Unknown():
            return collection
        case _:
            return Unknown("what is gone over is neither list nor map")


def _key(entry: tuple[str, Value]) -> str:
    return entry[0]


def for_tuple(evaluator: Evaluator, loop: ForTuple, bound: Bound) -> Value:
    """`[for ...]`. Of an unknown test an item may be there or not: the list is then not complete."""
    collection = evaluator.value(loop.collection, bound)
    if isinstance(collection, OneOf):
        return one_of(_for_tuple(evaluator, loop, option, bound) for option in collection.options)
    return _for_tuple(evaluator, loop, collection, bound)


def _for_tuple(evaluator: Evaluator, loop: ForTuple, collection: Value, bound: Bound) -> Value:
    pairs = pairs_of(collection, evaluator)
    if isinstance(pairs, Unknown):
        return pairs
    items: list[Value] = []
    complete = pairs[1]
    for inner in _rounds(loop.key_name, loop.value_name, pairs[0], bound):
        kept = _kept(evaluator, loop.condition, inner)
        if kept is None:
            complete = False
        elif kept:
            items.append(plain(evaluator.value(loop.value, inner)))
    return Items(tuple(items), complete)


def for_object(evaluator: Evaluator, loop: ForObject, bound: Bound) -> Value:
    """`{for ...}`, with `...` a map of lists."""
    collection = evaluator.value(loop.collection, bound)
    if isinstance(collection, OneOf):
        return one_of(_for_object(evaluator, loop, option, bound) for option in collection.options)
    return _for_object(evaluator, loop, collection, bound)


def _for_object(evaluator: Evaluator, loop: ForObject, collection: Value, bound: Bound) -> Value:
    pairs = pairs_of(collection, evaluator)
    if isinstance(pairs, Unknown):
        return pairs
    groups: dict[str, list[Value]] = {}
    complete = pairs[1]
    for inner in _rounds(loop.key_name, loop.value_name, pairs[0], bound):
        kept = _kept(evaluator, loop.condition, inner)
        if kept is False:
            continue
        key = text_of(unwrapped(evaluator.value(loop.key, inner)))
        if kept is None or key is None:
            complete = False
        else:
            groups.setdefault(key, []).append(plain(evaluator.value(loop.value, inner)))
    if loop.grouping:
        return Fields(tuple((key, Items(tuple(items), complete)) for key, items in groups.items()), complete)
    return Fields(tuple((key, items[-1]) for key, items in groups.items()), complete)


def _rounds(
    key_name: str, value_name: str, pairs: tuple[tuple[Value, Value], ...], bound: Bound
) -> list[Mapping[str, Value]]:
    if key_name:
        return [{**bound, key_name: key, value_name: item} for key, item in pairs]
    return [{**bound, value_name: item} for _, item in pairs]


def _kept(evaluator: Evaluator, condition: Expression | None, bound: Bound) -> bool | None:
    return True if condition is None else truth_in(unwrapped(evaluator.value(condition, bound)))


def repeated(evaluator: Evaluator, loop: Repeat, bound: Bound) -> Value:
    """`%{ for }`: the texts of all rounds in a row."""
    pairs = pairs_of(unwrapped(evaluator.value(loop.collection, bound)), evaluator)
    if isinstance(pairs, Unknown):
        return pairs
    if not pairs[1]:
        return Unknown("not all items are known")
    texts: list[str] = []
    for inner in _rounds(loop.key_name, loop.value_name, pairs[0], bound):
        value = unwrapped(evaluator.value(loop.body, inner))
        text = text_of(value)
        if text is None:
            return value if isinstance(value, Unknown) else Unknown("a part of the text is not known")
        texts.append(text)
    return texted("".join(texts))
