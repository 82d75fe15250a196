"""The type of a variable applied to its value: texts to numbers and back, defaults of optional attributes."""

from __future__ import annotations

from remedy_gate.iac.values import ABSENT, Fields, Items, Known, OneOf, Value

from .outcomes import counted, number_in, one_of, text_of, truth_in
from .syntax import Call, Expression, Literal, ObjectOf, Traversal, TupleOf

_DEEPEST = 20


def converted(value: Value, kind: Expression, depth: int = 0) -> Value:
    """The value as the type makes it. What does not fit stays as it is: it is not for us to refuse it."""
    if depth > _DEEPEST:
        return value
    if isinstance(value, OneOf):
        return one_of(converted(option, kind, depth + 1) for option in value.options)
    match kind:
        case Traversal(steps=()):
            return _scalar(value, kind.root)
        case Call(function="optional", arguments=(inner, *_)):
            return converted(value, inner, depth + 1)
        case Call(function="list" | "set", arguments=(inner,)) if isinstance(value, Items):
            return value._replace(items=tuple(converted(item, inner, depth + 1) for item in value.items))
        case Call(function="map", arguments=(inner,)) if isinstance(value, Fields):
            return value._replace(
                entries=tuple((key, converted(item, inner, depth + 1)) for key, item in value.entries)
            )
        case Call(function="object", arguments=(ObjectOf() as shape,)) if isinstance(value, Fields):
            return _object(value, shape, depth)
        case _:
            return value


def _scalar(value: Value, name: str) -> Value:
    match name:
        case "string":
            text = text_of(value)
            return value if text is None else Known(text)
        case "number":
            number = number_in(value)
            return value if number is None else counted(number)
        case "bool":
            truth = truth_in(value)
            return value if truth is None else Known(truth)
        case _:
            return value


def _object(value: Fields, shape: ObjectOf, depth: int) -> Value:
    """Every attribute of the shape, with its default where the value leaves it out; nothing beside them."""
    entries: list[tuple[str, Value]] = []
    for key, kind in shape.items:
        if not isinstance(key, Literal):
            return value
        name = str(key.value)
        found = value.get(name)
        if found == ABSENT or found == Known(None):
            found = default_of(kind)
        entries.append((name, converted(found, kind, depth + 1)))
    return Fields(tuple(entries), value.complete)


def default_of(kind: Expression) -> Value:
    """What an attribute is where it is left out: the second argument of `optional`, else null."""
    match kind:
        case Call(function="optional", arguments=(_, default)):
            return _constant(default)
        case _:
            return Known(None)


def _constant(expression: Expression) -> Value:
    match expression:
        case Literal():
            return Known(expression.value)
        case TupleOf():
            return Items(tuple(map(_constant, expression.items)))
        case ObjectOf():
            pairs = ((key, _constant(item)) for key, item in expression.items)
            return Fields(tuple((str(key.value), item) for key, item in pairs if isinstance(key, Literal)))
        case _:
            from remedy_gate.iac.values import Unknown

            return Unknown("the default of an attribute is not worked out")
