"""Expressions as values: what the evaluator works on, whether they were written in HCL or in JSON."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from remedy_gate.iac.values import Scalar


class Literal(NamedTuple):
    """A number, a truth value, null, or a text without interpolations."""

    value: Scalar


class Template(NamedTuple):
    """A text put together from parts. A lone interpolation keeps its type; a heredoc (`text`) is always a text."""

    parts: tuple[Expression, ...]


class Choice(NamedTuple):
    """`%{ if } ... %{ else } ... %{ endif }` inside a text."""

    test: Expression
    yes: Template
    no: Template


class Repeat(NamedTuple):
    """`%{ for } ... %{ endfor }` inside a text."""

    key_name: str
    value_name: str
    collection: Expression
    body: Template


class Attr(NamedTuple):
    """`.name`."""

    name: str


class Index(NamedTuple):
    """`[key]`, and the old `.0`."""

    key: Expression


class Splat(NamedTuple):
    """`[*]` with the steps that are taken on every item."""

    steps: tuple[Step, ...]


class Traversal(NamedTuple):
    """A name and what is taken from it: `aws_s3_bucket.logs[0].arn`."""

    root: str
    steps: tuple[Step, ...]


class Access(NamedTuple):
    """Steps taken on anything that is not a plain name: `f(x).y`."""

    base: Expression
    steps: tuple[Step, ...]


class Call(NamedTuple):
    """A function call; `expands` where the last argument ends in `...`."""

    function: str
    arguments: tuple[Expression, ...]
    expands: bool


class TupleOf(NamedTuple):
    """`[a, b]`."""

    items: tuple[Expression, ...]


class ObjectOf(NamedTuple):
    """`{ a = b }`; a bare key is a literal."""

    items: tuple[tuple[Expression, Expression], ...]


class ForTuple(NamedTuple):
    """`[for k, v in c : value if condition]`; `key_name` may be empty."""

    key_name: str
    value_name: str
    collection: Expression
    value: Expression
    condition: Expression | None


class ForObject(NamedTuple):
    """`{for k, v in c : key => value... if condition}`."""

    key_name: str
    value_name: str
    collection: Expression
    key: Expression
    value: Expression
    condition: Expression | None
    grouping: bool


class Conditional(NamedTuple):
    """`test ? yes : no`."""

    test: Expression
    yes: Expression
    no: Expression


class Unary(NamedTuple):
    """`-x` or `!x`."""

    operator: str
    operand: Expression


class Binary(NamedTuple):
    """Two operands and what stands between them."""

    operator: str
    left: Expression
    right: Expression


class Opaque(NamedTuple):
    """An expression that is not looked into, and why."""

    reason: str


Step: TypeAlias = "Attr | Index | Splat"
Expression: TypeAlias = (
    "Literal | Template | Choice | Repeat | Traversal | Access | Call | TupleOf | ObjectOf | ForTuple | ForObject"
    " | Conditional | Unary | Binary | Opaque"
)


def children_of(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside one."""
    match expression:
        case Literal() | Opaque():
            return ()
        case Traversal():
            return _in_steps(expression.steps)
        case Access():
            return (expression.base, *_in_steps(expression.steps))
        case Template():
            return expression.parts
        case TupleOf():
            return expression.items
        case ObjectOf():
            return tuple(part for item in expression.items for part in item)
        case Call():
            return expression.arguments
        case Unary():
            return (expression.operand,)
        case _:
            return tuple(part for part in expression if part is not None and not isinstance(part, str | bool))


def _in_steps(steps: tuple[Step, ...]) -> tuple[Expression, ...]:
    found: list[Expression] = []
    for step in steps:
        if isinstance(step, Index):
            found.append(step.key)
        elif isinstance(step, Splat):
            found.extend(_in_steps(step.steps))
    return tuple(found)


def traversals_of(expression: Expression) -> list[Traversal]:
    """Every name with its steps, wherever in the expression. Names bound by a `for` are among them."""
    found: list[Traversal] = []
    waiting: list[Expression] = [expression]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Traversal):
            found.append(one)
            if one.steps:
                waiting.extend(_in_steps(one.steps))
        elif not isinstance(one, Literal):
            waiting.extend(children_of(one))
    return found
