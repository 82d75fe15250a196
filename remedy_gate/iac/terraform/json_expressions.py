"""JSON values as expressions: texts are templates, and a few arguments hold an expression as a text."""

from __future__ import annotations

from remedy_gate.iac.values import Fields, Items, Known, Unknown, Value

from .document import MAX_VALUE, top_items
from .expressions import expression_of
from .json_syntax import JsonArray, JsonObject, JsonScalar, JsonValue
from .parser import Mistake, parse
from .syntax import Expression, Literal, ObjectOf, Opaque, Template, TupleOf

_MARK = "REMEDY_GATE_TEXT"


def expression_of_json(value: JsonValue, *, bare: bool = False) -> Expression:
    """The expression that a value stands for. `bare`: texts are expressions, not templates."""
    match value:
        case JsonScalar(value=str() as text):
            return _bare(text) if bare else template_of_text(text)
        case JsonScalar():
            return Literal(value.value)
        case JsonArray():
            return TupleOf(tuple(expression_of_json(item, bare=bare) for item in value.items))
        case JsonObject():
            pairs = ((template_of_text(m.key), expression_of_json(m.value, bare=bare)) for m in value.members)
            return ObjectOf(tuple(pair for pair in pairs if pair[0] != Literal("//")))


def written_json(value: JsonValue) -> Value:
    """The value as it stands: a text with an interpolation in it is unknown with its own text."""
    match value:
        case JsonScalar(value=str() as text) if "${" in text or "%{" in text:
            expression = template_of_text(text)
            return Known(expression.value) if isinstance(expression, Literal) else Unknown(text)
        case JsonScalar():
            return Known(value.value)
        case JsonArray():
            return Items(tuple(map(written_json, value.items)))
        case JsonObject():
            return Fields(tuple((member.key, written_json(member.value)) for member in value.members))


def template_of_text(text: str) -> Expression:
    """A text as a template, as it would be between quotes with every escape already worked out."""
    if "${" not in text and "%{" not in text:
        return Literal(text)
    if _MARK in text or len(text) > MAX_VALUE:
        return Opaque("this text cannot be looked into")
    read = _read(f"<<{_MARK}\n{text}\n{_MARK}")
    match read:
        case Literal(value=str() as words):
            return Literal(words.removesuffix("\n"))
        case Template(parts=parts):
            return _without_line_end(parts)
        case _:
            return read


def _without_line_end(parts: tuple[Expression, ...]) -> Expression:
    last = parts[-1]
    if isinstance(last, Literal) and isinstance(last.value, str):
        words = last.value.removesuffix("\n")
        parts = (*parts[:-1], Literal(words)) if words else parts[:-1]
    if len(parts) == 1 and not isinstance(parts[0], Literal):
        return parts[0]
    return Template(parts)


def _bare(text: str) -> Expression:
    read = _read(text)
    return Literal(text) if isinstance(read, Opaque) else read


def _read(source: str) -> Expression:
    text = f"_ = {source}\n".encode("utf-8", "replace")
    tree = parse(text)
    if isinstance(tree, Mistake):
        return Opaque("this text is no template")
    items = top_items(tree)
    if len(items) != 1 or items[0].type != "attribute":
        return Opaque("this text is no template")
    return expression_of(items[0].children[-1], text)
