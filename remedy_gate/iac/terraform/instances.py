"""`count` and `for_each`: what `count.index`, `each.key` and `each.value` are in each instance of a block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.iac.values import Fields, Items, Known, Unknown, Value

from .outcomes import MAX_OPTIONS, number_in, one_of, text_of, unwrapped
from .syntax import Expression, traversals_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .body import Body
    from .evaluation import Bound, Evaluator

NO_INSTANCE: Bound = {}
ONE: tuple[Bound, ...] = (NO_INSTANCE,)


def bounds_of(body: Body, evaluator: Evaluator) -> tuple[Bound, ...]:
    """The names that differ by instance, one mapping for each instance; one of unknowns where nobody knows."""
    if "for_each" in body.arguments:
        over = unwrapped(evaluator.value(body.arguments["for_each"].expression, NO_INSTANCE))
        return _of_each(over)
    if "count" in body.arguments:
        number = number_in(unwrapped(evaluator.value(body.arguments["count"].expression, NO_INSTANCE)))
        if isinstance(number, int) and 0 < number <= MAX_OPTIONS:
            return tuple({"count": Fields((("index", Known(index)),))} for index in range(number))
        return ({"count": Fields((("index", Unknown("count.index differs by instance")),))},)
    return ONE


def _of_each(over: Value) -> tuple[Bound, ...]:
    pairs: list[tuple[Value, Value]] = []
    complete = False
    match over:
        case Items():
            pairs = [(item, item) for item in over.items]
            complete = over.complete
        case Fields():
            pairs = [(Known(key), item) for key, item in over.entries]
            complete = over.complete
    keys = [text_of(unwrapped(key)) for key, _ in pairs]
    if not complete or not pairs or None in keys or len(pairs) > MAX_OPTIONS:
        pairs.append((Unknown("each.key differs by instance"), Unknown("each.value differs by instance")))
    if len(pairs) > MAX_OPTIONS:
        pairs = pairs[-1:]
    return tuple({"each": Fields((("key", key), ("value", item)))} for key, item in pairs)


def over_instances(expression: Expression, bounds: Sequence[Bound], evaluator: Evaluator) -> Value:
    """The value of an expression in all instances: one of several where they differ."""
    if len(bounds) == 1 or not differs(expression, bounds):
        return evaluator.value(expression, bounds[0])
    return one_of(evaluator.value(expression, bound) for bound in bounds)


def differs(expression: Expression, bounds: Sequence[Bound]) -> bool:
    """Whether an expression names anything that differs by instance."""
    return any(traversal.root in bounds[0] for traversal in traversals_of(expression))
