"""What an expression comes to, as far as the code goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, assert_never

from remedy_gate.iac.values import Fields, Items, Known, OneOf, Unknown, Value, settled

from .access import Instances, taken
from .functions import call
from .loops import for_object, for_tuple, repeated
from .operators import binary, unary
from .outcomes import Failure, one_of, over, plain, text_of, texted, truth_in, unknown_among, unwrapped
from .syntax import (
    Access,
    Binary,
    Call,
    Choice,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    Literal,
    ObjectOf,
    Opaque,
    Repeat,
    Template,
    Traversal,
    TupleOf,
    Unary,
)

MAX_STEPS = 50_000
"""Expressions worked out for one argument. More are asked for by code that multiplies on purpose."""

MAX_DEPTH = 110
"""Evaluations within one another; a name that stands for another one counts for several."""

Bound = Mapping[str, Value]
"""Names that stand for something here only: `each`, `count`, those of `for` and of dynamic blocks."""


class Names(Instances, Protocol):
    """What names that are not bound mean."""

    def named(self, traversal: Traversal) -> tuple[Value, int]:
        """The value of a name's first steps, and how many steps those are."""


class Evaluator:
    """Works out expressions with the names of one module. `steps` bounds the work, `depth` the recursion."""

    __slots__ = ("_names", "depth", "exhausted", "steps")

    def __init__(self, names: Names) -> None:
        self._names = names
        self.steps = 0
        self.depth = 0
        self.exhausted = False

    def start(self) -> None:
        """Begin anew with the full allowance of steps."""
        if not self.depth:
            self.steps = 0
            self.exhausted = False

    def value(self, expression: Expression, bound: Bound) -> Value:
        """The value of an expression; unknown with the reason where the code does not say."""
        if isinstance(expression, Literal):
            return Known(expression.value)
        self.steps += 1
        if self.exhausted or self.steps > MAX_STEPS or self.depth > MAX_DEPTH:
            self.exhausted = True
            return Unknown("this takes too long to work out")
        self.depth += 1
        try:
            return self._value(expression, bound)
        finally:
            self.depth -= 1

    def _value(self, expression: Expression, bound: Bound) -> Value:
        match expression:
            case Traversal():
                return self._traversal(expression, bound)
            case TupleOf():
                return Items(tuple(plain(self.value(item, bound)) for item in expression.items))
            case ObjectOf():
                return self._object(expression, bound)
            case Template():
                return self._template(expression, bound)
            case Call():
                return call(self, expression, bound)
            case Conditional():
                return self._conditional(expression, bound)
            case Choice():
                return self._conditional(Conditional(*expression), bound)
            case _:
                return self._worked_out(expression, bound)

    def _worked_out(
        self, expression: Literal | Binary | Unary | Access | ForTuple | ForObject | Repeat | Opaque, bound: Bound
    ) -> Value:
        match expression:
            case Binary(operator, left, right):
                return binary(operator, self.value(left, bound), self.value(right, bound))
            case Unary(operator, operand):
                return unary(operator, self.value(operand, bound))
            case Access(base, steps):
                return taken(self.value(base, bound), steps, self, bound)
            case ForTuple():
                return for_tuple(self, expression, bound)
            case ForObject():
                return for_object(self, expression, bound)
            case Repeat():
                return repeated(self, expression, bound)
            case Opaque(reason):
                return Unknown(reason)
            case Literal(value):
                return Known(value)
            case _:
                assert_never(expression)

    @property
    def instances(self) -> Instances:
        """What is known of the blocks that references point at."""
        return self._names

    def _traversal(self, traversal: Traversal, bound: Bound) -> Value:
        if traversal.root in bound:
            return taken(bound[traversal.root], traversal.steps, self, bound)
        value, used = self._names.named(traversal)
        return taken(value, traversal.steps[used:], self, bound)

    def _object(self, expression: ObjectOf, bound: Bound) -> Value:
        entries: dict[str, Value] = {}
        complete = True
        for key, item in expression.items:
            name = text_of(settled(self.value(key, bound)))
            if name is None:
                complete = False
            else:
                entries[name] = plain(self.value(item, bound))
        return Fields(tuple(entries.items()), complete)

    def _template(self, expression: Template, bound: Bound) -> Value:
        values = [self.value(part, bound) for part in expression.parts]
        parts = [unwrapped(value) for value in values]
        if any(isinstance(part, Unknown | OneOf) for part in parts):
            from .json_texts import json_with_holes

            structured = json_with_holes(values)
            if structured is not None:
                return structured
        return over(parts, _concatenated)

    def _conditional(self, expression: Conditional, bound: Bound) -> Value:
        test = unwrapped(self.value(expression.test, bound))
        truth = truth_in(test)
        if truth is not None:
            return self.value(expression.yes if truth else expression.no, bound)
        if isinstance(test, Known):
            return Failure("the test of a conditional is no truth value")
        return one_of((self.value(expression.yes, bound), self.value(expression.no, bound)))


def _concatenated(*parts: Value) -> Value:
    texts: list[str] = []
    for part in parts:
        text = text_of(part)
        if text is None:
            return unknown_among((part,)) or Failure("this cannot be written into a text")
        texts.append(text)
    return texted("".join(texts))
