"""Functions over numbers. Arguments are known in full; a wrong type raises `ValueError`."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor

from remedy_gate.iac.values import Items, Known, Unknown, Value

from .function_texts import items, text, whole
from .outcomes import counted, number_in

_LONGEST_RANGE = 1024


def number(value: Value) -> int | float:
    """The number that a value is."""
    found = number_in(value)
    if found is None:
        raise ValueError("a number is wanted")
    return found


def _tonumber(value: Value) -> Value:
    return value if value == Known(None) else counted(number(value))


def _range(*bounds: Value) -> Value:
    numbers = [whole(bound) for bound in bounds]
    if len(numbers) == 2 and numbers[1] < numbers[0]:  # noqa: PLR2004 - from and to, downwards
        numbers.append(-1)
    counts = range(*numbers)
    if len(counts) > _LONGEST_RANGE:
        return Unknown("the range is too long")
    return Items(tuple(Known(count) for count in counts))


def _pow(base: Value, exponent: Value) -> Value:
    try:
        return counted(float(number(base)) ** float(number(exponent)))
    except (ArithmeticError, TypeError):
        return Unknown("the number is too large")


def _parseint(digits: Value, base: Value) -> Value:
    return counted(int(text(digits), whole(base)))


NUMBER_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "abs": lambda value: counted(abs(number(value))),
    "ceil": lambda value: counted(ceil(number(value))),
    "floor": lambda value: counted(floor(number(value))),
    "max": lambda *values: counted(max(number(value) for value in values)),
    "min": lambda *values: counted(min(number(value) for value in values)),
    "parseint": _parseint,
    "pow": _pow,
    "range": _range,
    "signum": lambda value: Known((number(value) > 0) - (number(value) < 0)),
    "sum": lambda value: counted(sum(number(item) for item in items(value))),
    "tonumber": _tonumber,
}
