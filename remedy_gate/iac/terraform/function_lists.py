"""Functions over lists and sets. What is unknown in them stays unknown, and a list that may be longer says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from remedy_gate.iac.values import Fields, Items, Known, OneOf, Reference, Unknown, Value, same, settled

from .outcomes import Failure, fully_known, number_in, one_of, text_of, unknown_among

_MOST_ITEMS = 4096
_FEW = 16
"""An unknown index into a list of more items than these is simply unknown."""


def listed(value: Value) -> Items | Unknown:
    """The list that a value is; a reference to one is looked through."""
    inner = settled(value)
    if isinstance(inner, Items):
        return inner
    if isinstance(inner, Unknown):
        return inner
    raise ValueError("a list is wanted")


def _concat(*lists: Value) -> Value:
    parts = [listed(one) for one in lists]
    found = tuple(item for part in parts if isinstance(part, Items) for item in part.items)
    if len(parts) == 1 and isinstance(parts[0], Unknown):
        return parts[0]
    return _bounded(found, all(isinstance(part, Items) and part.complete for part in parts))


def _bounded(items: Iterable[Value], complete: bool) -> Value:  # noqa: FBT001 - as in `Items`
    found = tuple(items)
    return Items(found, complete) if len(found) <= _MOST_ITEMS else Unknown("the list is too long")


def _flatten(value: Value) -> Value:
    lists = listed(value)
    if isinstance(lists, Unknown):
        return lists
    found: list[Value] = []
    complete = lists.complete
    waiting = list(reversed(lists.items))
    while waiting:
        item = waiting.pop()
        inner = settled(item)
        if isinstance(inner, Items):
            waiting.extend(reversed(inner.items))
            complete = complete and inner.complete
        elif isinstance(inner, Unknown) and not isinstance(item, Reference):
            complete = False
        else:
            found.append(item)
        if len(found) + len(waiting) > _MOST_ITEMS:
            return Unknown("the list is too long")
    return Items(tuple(found), complete)


def _coalesce(*values: Value) -> Value:
    """The first that is neither null nor an empty text."""
    possible: list[Value] = []
    for value in values:
        inner = settled(value)
        if isinstance(inner, Known) and inner.value in {None, ""} and not isinstance(inner.value, bool):
            continue
        possible.append(value)
        if not isinstance(inner, Unknown) or isinstance(value, Reference):
            break
    return one_of(possible) if possible else Failure("every argument of `coalesce` is null or empty")


def _coalescelist(*lists: Value) -> Value:
    for one in lists:
        inner = listed(one)
        if isinstance(inner, Unknown) or inner.items or not inner.complete:
            return one
    return Failure("every list is empty")


def _one(value: Value) -> Value:
    inner = listed(value)
    if isinstance(inner, Unknown):
        return inner
    if len(inner.items) == 1:
        return inner.items[0]
    return Known(None) if inner.complete and not inner.items else Unknown("`one` of a list that is not known")


def _element(value: Value, index: Value) -> Value:
    inner = listed(value)
    if isinstance(inner, Unknown):
        return inner
    number = number_in(settled(index))
    if not inner.complete:
        # `element(concat(aws_x.y[*].id, [""]), 0)` is the old way to write "the first, if there is one".
        known = isinstance(number, int) and 0 <= number < len(inner.items)
        item = inner.items[int(number)] if known and number is not None else None
        return item if isinstance(item, Reference) else Unknown("which item, is not known")
    if isinstance(number, int) and inner.items:
        return inner.items[number % len(inner.items)]
    return one_of(inner.items) if 0 < len(inner.items) <= _FEW else Failure("the list has no such item")


def _length(value: Value) -> Value:
    inner = settled(value)
    match inner:
        case Items(complete=True):
            return Known(len(inner.items))
        case Fields(complete=True):
            return Known(len(inner.entries))
        case Known(value=str() as words):
            return Known(len(words))
        case Unknown():
            return inner
        case _:
            return Unknown("the length is not known")


def _contains(value: Value, wanted: Value) -> Value:
    inner, sought = listed(value), settled(wanted)
    if isinstance(inner, Items) and isinstance(sought, Known):
        settled_items = [settled(item) for item in inner.items]
        if any(same(item, sought) for item in settled_items):
            return Known(True)
        if inner.complete and all(isinstance(item, Known) for item in settled_items):
            return Known(False)
    return unknown_among((inner, sought)) or Unknown("what the list holds is not known in full")


def _distinct(value: Value) -> Value:
    inner = listed(value)
    if isinstance(inner, Unknown):
        return inner
    found: list[Value] = []
    for item in inner.items[:_MOST_ITEMS]:
        if len(found) > 200 or not any(same(item, other) for other in found):  # noqa: PLR2004 - the cost is a square
            found.append(item)
    return Items(tuple(found), inner.complete)


def _toset(value: Value) -> Value:
    distinct = _distinct(value)
    if isinstance(distinct, Items) and all(
        isinstance(item, Known) and isinstance(item.value, str) for item in distinct.items
    ):
        return Items(tuple(sorted(distinct.items, key=text_of_known)), distinct.complete)
    return distinct


def text_of_known(value: Value) -> str:
    """The text to sort a known value by."""
    return text_of(value) or ""


def _compact(value: Value) -> Value:
    inner = listed(value)
    if isinstance(inner, Unknown):
        return inner
    kept: list[Value] = []
    complete = inner.complete
    for item in inner.items:
        if isinstance(item, Known) and item.value in {None, ""}:
            continue
        if isinstance(item, Unknown | OneOf):
            complete = False
            continue
        kept.append(item)
    return Items(tuple(kept), complete)


def _sort(value: Value) -> Value:
    inner = listed(value)
    if isinstance(inner, Unknown) or not fully_known(inner):
        return inner
    return Items(tuple(sorted(inner.items, key=text_of_known)))


def _reverse(value: Value) -> Value:
    inner = listed(value)
    return inner if isinstance(inner, Unknown) else Items(inner.items[::-1], inner.complete)


def _setunion(*sets: Value) -> Value:
    return _toset(_concat(*sets))


def _setsubtract(one: Value, other: Value) -> Value:
    left, right = listed(one), listed(other)
    if isinstance(left, Unknown) or not fully_known(right):
        return left if isinstance(left, Unknown) else Unknown("what is taken away is not known")
    assert isinstance(right, Items)
    return Items(tuple(item for item in left.items if not any(same(item, out) for out in right.items)), left.complete)


def _tolist(value: Value) -> Value:
    return value if isinstance(value, Reference) else listed(value)


LIST_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "length": _length,
    "one": _one,
    "reverse": _reverse,
    "setsubtract": _setsubtract,
    "setunion": _setunion,
    "sort": _sort,
    "tolist": _tolist,
    "toset": _toset,
}
