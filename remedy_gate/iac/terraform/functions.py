"""Function calls: how arguments are handed over, what becomes of unknown ones, and the two that look at failures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from remedy_gate.iac.values import Items, Known, OneOf, Reference, Unknown, Value, settled

from .outcomes import Failure, fully_known, one_of, over, unknown_among, unwrapped

if TYPE_CHECKING:
    from .evaluation import Bound, Evaluator
    from .syntax import Call

_MARKS = frozenset(("sensitive", "nonsensitive", "ephemeralasnull"))
"""Functions that give what they are given."""


def call(evaluator: Evaluator, expression: Call, bound: Bound) -> Value:
    """What a call comes to. A function that is not known here, or reads the world, gives an unknown that names it."""
    name = expression.function.removeprefix("core::")
    arguments = [evaluator.value(argument, bound) for argument in expression.arguments]
    if name == "try":
        return _tried(arguments)
    if name == "can" and len(arguments) == 1:
        return _can(arguments[0])
    if expression.expands and arguments:
        last = settled(arguments[-1])
        if not isinstance(last, Items) or not last.complete:
            return last if isinstance(last, Unknown) else Unknown(f"the arguments of `{name}` are not all known")
        arguments = [*arguments[:-1], *last.items]
    failure = next((argument for argument in arguments if isinstance(argument, Failure)), None)
    if failure is not None:
        return failure
    if arguments and (name in _MARKS or (name == "tostring" and isinstance(arguments[0], Reference))):
        return arguments[0]
    return _called(name, arguments)


def _called(name: str, arguments: Sequence[Value]) -> Value:
    from .function_table import KNOWN_ONLY, TOLERANT

    try:
        if name in KNOWN_ONLY:
            function = KNOWN_ONLY[name]
            return over([unwrapped(argument) for argument in arguments], lambda *values: _known(name, function, values))
        if name in TOLERANT:
            return over(arguments, TOLERANT[name])
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        return Failure(f"`{name}` cannot be called like this: {error}")
    return Unknown(f"the function `{name}` is not worked out")


def _known(name: str, function: Callable[..., Value], values: Sequence[Value]) -> Value:
    unknown = unknown_among(values)
    if unknown is not None:
        return unknown
    if all(map(fully_known, values)):
        return function(*values)
    return (_lone_reference(values) if name == "join" else None) or _first_unknown(values)


def _lone_reference(values: Sequence[Value]) -> Value | None:
    """`join("", aws_x.y[*].id)`, the old way to write "the one that there may be"."""
    if len(values) == 2 and isinstance(values[1], Items) and len(values[1].items) == 1:  # noqa: PLR2004 - text and list
        item = values[1].items[0]
        return item if isinstance(item, Reference) else None
    return None


def _first_unknown(values: Sequence[Value]) -> Value:
    waiting = list(reversed(values))
    while waiting:
        value = waiting.pop()
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Reference):
            return Unknown(f"{value.address} is known only after apply")
        if isinstance(value, Items):
            waiting.extend(reversed(value.items))
    return Unknown("an argument is not known in full")


def _tried(values: Sequence[Value]) -> Value:
    """The first that does not fail. One that is unknown may fail as well, so the next ones count too."""
    possible: list[Value] = []
    for value in values:
        if isinstance(value, Failure):
            continue
        possible.append(value)
        options = value.options if isinstance(value, OneOf) else (value,)
        if not any(isinstance(option, Unknown) for option in options):
            break
    return one_of(possible) if possible else Failure("every argument of `try` fails")


def _can(value: Value) -> Value:
    if isinstance(value, Failure):
        return Known(False)
    return value if isinstance(value, Unknown) else Known(True)
