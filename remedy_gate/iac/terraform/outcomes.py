"""Values on their way through an evaluation: failures, several possibilities at once, and the plain kinds of scalar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from math import prod

from remedy_gate.iac.values import Fields, Items, Known, OneOf, Reference, Unknown, Value, same, settled

MAX_OPTIONS = 32
"""More possible values than these are no longer told apart."""

MAX_TEXT = 262_144
"""Characters of a text. Longer ones are made by code that grows on purpose."""

MAX_NUMBER = 1e300

MAX_NODES = 20_000
"""Values within one value. More are made by code that grows on purpose."""


class Failure(Unknown):
    """What Terraform would call an error: `try` goes on to its next argument. To everybody else it is unknown."""

    __slots__ = ()


def plain(value: Value) -> Value:
    """The value with a failure made an ordinary unknown."""
    return Unknown(value.reason) if type(value) is Failure else value


def one_of(options: Iterable[Value]) -> Value:
    """One of these; the value itself where they all agree."""
    found: list[Value] = []
    for option in options:
        for one in option.options if isinstance(option, OneOf) else (plain(option),):
            if not any(same(one, other) for other in found):
                found.append(one)
            if len(found) > MAX_OPTIONS:
                return Unknown("it has too many possible values")
    return found[0] if len(found) == 1 else OneOf(tuple(found))


def over(values: Sequence[Value], compute: Callable[..., Value]) -> Value:
    """What `compute` makes of the values, of every combination where some are one of several."""
    if not any(isinstance(value, OneOf) for value in values):
        return compute(*values)
    choices = [value.options if isinstance(value, OneOf) else (value,) for value in values]
    if prod(map(len, choices)) > MAX_OPTIONS:
        return Unknown("it has too many possible values")
    return one_of(compute(*combination) for combination in product(*choices))


def unwrapped(value: Value) -> Value:
    """The value behind references, also where it is one of several."""
    value = settled(value)
    if isinstance(value, OneOf) and any(isinstance(option, Reference) for option in value.options):
        return one_of(unwrapped(option) for option in value.options)
    return value


def unknown_among(values: Iterable[Value]) -> Unknown | None:
    """The first value that is not known."""
    for value in values:
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Reference):
            return Unknown(f"{value.address} is known only after apply")
    return None


def fully_known(value: Value) -> bool:
    """Whether nothing in the value is unknown, one of several, or a reference."""
    match value:
        case Known():
            return True
        case Items():
            return value.complete and all(map(fully_known, value.items))
        case Fields():
            return value.complete and all(fully_known(item) for _, item in value.entries)
        case _:
            return False


def text_of(value: Value) -> str | None:
    """A scalar as Terraform writes it into a text; None for null and for anything else."""
    if not isinstance(value, Known):
        return None
    match value.value:
        case bool():
            return "true" if value.value else "false"
        case str():
            return value.value
        case int():
            return str(value.value) if abs(value.value) < MAX_NUMBER else None
        case float():
            return f"{value.value:.15g}"
        case _:
            return None


def number_in(value: Value) -> int | float | None:
    """A number, or a text that is one; else None."""
    if not isinstance(value, Known):
        return None
    match value.value:
        case bool() | None:
            return None
        case str() as text:
            return _number(text)
        case number:
            return number


def _number(text: str) -> int | float | None:
    from .expressions import number_of

    sign = -1 if text.startswith("-") else 1
    digits = text.removeprefix("-")
    if not digits or not digits.isascii() or not digits[0].isdigit() or "_" in digits or len(digits) > 300:  # noqa: PLR2004
        return None
    try:
        return sign * number_of(digits.encode())
    except ValueError:
        return None


def truth_in(value: Value) -> bool | None:
    """A truth value, or the text of one; else None."""
    if isinstance(value, Known):
        if isinstance(value.value, bool):
            return value.value
        if isinstance(value.value, str) and value.value in {"true", "false"}:
            return value.value == "true"
    return None


def counted(number: float) -> Value:
    """A number as a value: whole ones are integers, and what grows beyond measure is unknown."""
    if not abs(number) <= MAX_NUMBER:
        return Unknown("the number is too large")
    if isinstance(number, float):
        # Terraform counts with 512 bits: 0.1 + 0.2 is 0.3.
        number = float(f"{number:.16g}")
    whole = int(number)
    return Known(whole) if whole == number else Known(number)


def texted(text: str) -> Value:
    """A text as a value, unknown where it has grown beyond measure."""
    return Known(text) if len(text) <= MAX_TEXT else Unknown("the text is too long")


def size_of(value: Value) -> int:
    """How many values there are in a value, counted up to a little more than `MAX_NODES`."""
    count = 0
    waiting = [value]
    while waiting and count <= MAX_NODES:
        one = waiting.pop()
        count += 1
        if isinstance(one, Items):
            waiting.extend(one.items)
        elif isinstance(one, Fields):
            waiting.extend(item for _, item in one.entries)
    return count
