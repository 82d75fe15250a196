"""JSON in and out of values. What cannot be written as JSON because of an unknown part keeps its structure."""

from __future__ import annotations

from collections.abc import Callable

from remedy_gate.iac.values import Fields, Items, Known, Unknown, Value, settled

from .outcomes import MAX_NODES, Failure, fully_known, size_of, texted

_MAX_DEPTH = 60


def _jsonencode(value: Value) -> Value:
    if not fully_known(value) or size_of(value) > MAX_NODES:
        return value
    import json

    text = json.dumps(plain_of(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return texted(text)


def _jsondecode(value: Value) -> Value:
    inner = settled(value)
    match inner:
        case Known(value=str() as text):
            return value_of_json(text)
        case Unknown() | Fields() | Items():
            return inner
        case _:
            return Failure("`jsondecode` needs a text")


def value_of_json(text: str) -> Value:
    """The value that a JSON text describes."""
    import json

    try:
        return value_of(json.loads(text))
    except (ValueError, RecursionError):
        return Failure("this is not JSON")


def value_of(data: object, depth: int = 0) -> Value:
    """Python's idea of JSON as a value."""
    if depth > _MAX_DEPTH:
        return Unknown("the JSON is nested too deep")
    if isinstance(data, dict):
        return Fields(tuple((str(key), value_of(item, depth + 1)) for key, item in data.items()))
    if isinstance(data, list):
        return Items(tuple(value_of(item, depth + 1) for item in data))
    if isinstance(data, float) and data.is_integer() and abs(data) < 2**53:
        return Known(int(data))
    return Known(data) if isinstance(data, str | int | float | None) else Unknown("this is no JSON")


def plain_of(value: Value) -> object:
    """A fully known value as Python's idea of JSON."""
    match value:
        case Known():
            return value.value
        case Items():
            return [plain_of(item) for item in value.items]
        case Fields():
            return {key: plain_of(item) for key, item in value.entries}
        case _:
            return None


JSON_FUNCTIONS: dict[str, Callable[..., Value]] = {"jsondecode": _jsondecode, "jsonencode": _jsonencode}
