"""Values that are one of several: how functions of them come out."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence

from remedy_gate.iac.values import Absent, Items, Known, OneOf, Unknown, Value, same, settled

# Beyond this nobody is helped by the list.
MOST_OPTIONS = 32


def one_of(values: Iterable[Value]) -> Value:
    """One of the values, each told once; the value itself where there is only one."""
    distinct: list[Value] = []
    for value in values:
        for option in value.options if isinstance(value, OneOf) else (value,):
            if not any(same(option, known) for known in distinct):
                distinct.append(option)
        if len(distinct) > MOST_OPTIONS:
            return Unknown(f"one of more than {MOST_OPTIONS} possibilities")
    return distinct[0] if len(distinct) == 1 else OneOf(tuple(distinct))


def options(value: Value) -> tuple[Value, ...]:
    """What a value may be: itself, or each of its options."""
    value = settled(value)
    return tuple(settled(option) for option in value.options) if isinstance(value, OneOf) else (value,)


def combine(values: Sequence[Value], make: Callable[[tuple[Known | Absent, ...]], Value]) -> Value:
    """What `make` gives for the values; unknown where one of them is, one of several where one of them is that."""
    results: list[Value] = []
    for chosen in itertools.product(*map(options, values)):
        plain: list[Known | Absent] = []
        for value in chosen:
            if not isinstance(value, (Known, Absent)):
                results.append(value if isinstance(value, Unknown) else Unknown("made of a value that is not plain"))
                break
            plain.append(value)
        else:
            results.append(make(tuple(plain)))
        if len(results) > MOST_OPTIONS:
            return Unknown(f"one of more than {MOST_OPTIONS} possibilities")
    return one_of(results)


def over_lists(value: Value, make: Callable[[Items], Value]) -> Value:
    """What `make` gives for a list, or for each list that the value may be."""
    results: list[Value] = []
    for option in options(value):
        if isinstance(option, Items) and option.complete:
            results.append(make(option))
        else:
            results.append(option if isinstance(option, Unknown) else Unknown("not a list that is known whole"))
    return one_of(results)
