"""Function calls: which functions are known, and how their arguments are handed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from remedy_gate.iac.values import Items, OneOf, Reference, Unknown, Value, settled

from .function_json import JSON_FUNCTIONS
from .function_lists import LIST_FUNCTIONS
from .function_maps import MAP_FUNCTIONS
from .function_numbers import NUMBER_FUNCTIONS
from .function_texts import TEXT_FUNCTIONS, joined
from .outcomes import Failure, fully_known, one_of, over, unknown_among, unwrapped

if TYPE_CHECKING:
    from .evaluation import Bound, Evaluator
    from .syntax import Call

Function = Callable[..., Value]

KNOWN_ONLY: dict[str, Function] = {**TEXT_FUNCTIONS, **NUMBER_FUNCTIONS}
"""Functions that are worked out only where every argument is known in full."""

TOLERANT: dict[str, Function] = {**LIST_FUNCTIONS, **MAP_FUNCTIONS, **JSON_FUNCTIONS}
"""Functions that make something of arguments with unknown parts."""

_SAME = frozenset(("sensitive", "nonsensitive", "tostring", "ephemeralasnull"))


def call(evaluator: Evaluator, expression: Call, bound: Bound) -> Value:
    """What a call comes to. A function that is not known here, or reads the world, gives an unknown that names it."""
    name = expression.function.removeprefix("core::")
    if name == "try":
        return _tried([evaluator.value(argument, bound) for argument in expression.arguments])
    if name == "can":
        return (
            _can(evaluator.value(expression.arguments[0], bound))
            if expression.arguments
            else Failure("`can` of nothing")
        )
    function = KNOWN_ONLY.get(name) or TOLERANT.get(name)
    if function is None and name not in _SAME:
        return Unknown(f"the function `{expression.function}` is not worked out")
    arguments = [evaluator.value(argument, bound) for argument in expression.arguments]
    if expression.expands and arguments:
        last = settled(arguments[-1])
        if not isinstance(last, Items) or not last.complete:
            return last if isinstance(last, Unknown) else Unknown(f"the arguments of `{name}` are not all known")
        arguments = [*arguments[:-1], *last.items]
    try:
        return _called(name, function, arguments)
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        return Failure(f"`{name}` cannot be called like this: {error}")


def _called(name: str, function: Function | None, arguments: Sequence[Value]) -> Value:
    for argument in arguments:
        if isinstance(argument, Failure):
            return argument
    if function is None:
        return arguments[0] if name != "tostring" else _to_string(arguments[0])
    if name in KNOWN_ONLY:
        return over([unwrapped(argument) for argument in arguments], lambda *values: _if_known(function, values))
    if any(isinstance(argument, OneOf) for argument in arguments):
        return over(arguments, function)
    return function(*arguments)


def _to_string(value: Value) -> Value:
    return (
        value
        if isinstance(value, Reference)
        else over((value,), lambda one: _if_known(TEXT_FUNCTIONS["tostring"], (one,)))
    )


def _if_known(function: Function, values: Sequence[Value]) -> Value:
    unknown = unknown_among(values)
    if unknown is not None:
        return unknown
    if not all(map(fully_known, values)):
        return (_lone_reference(values) if function is joined else None) or _first_unknown(values)
    return function(*values)


def _lone_reference(values: Sequence[Value]) -> Value | None:
    """`join("", aws_x.y[*].id)`, the old way to write "the one that there may be"."""
    if len(values) == 2 and isinstance(values[1], Items) and len(values[1].items) == 1:  # noqa: PLR2004 - text and list
        item = values[1].items[0]
        return item if isinstance(item, Reference) else None
    return None


def _first_unknown(values: Sequence[Value]) -> Value:
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Reference):
            return Unknown(f"{value.address} is known only after apply")
        if isinstance(value, Items):
            waiting.extend(value.items)
    return Unknown("an argument is not known in full")


def _tried(values: Sequence[Value]) -> Value:
    """The first that does not fail. One that is unknown may fail as well, so the next ones count too."""
    possible: list[Value] = []
    for value in values:
        if isinstance(value, Failure):
            continue
        possible.append(value)
        if not isinstance(value, Unknown) and not (isinstance(value, OneOf) and _may_fail(value)):
            break
    return one_of(possible) if possible else Failure("every argument of `try` fails")


def _may_fail(value: OneOf) -> bool:
    return any(isinstance(option, Unknown) for option in value.options)


def _can(value: Value) -> Value:
    from remedy_gate.iac.values import Known

    if isinstance(value, Failure):
        return Known(False)
    return value if isinstance(value, Unknown) else Known(True)
