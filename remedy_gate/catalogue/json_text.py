"""JSON in a text as values, so that a policy is read alike however it is written."""

from __future__ import annotations

import json

from remedy_gate.iac.values import Fields, Items, Known, Unknown, Value


def parsed(text: str) -> Value:
    """The value that the text stands for; unknown where it is no JSON."""
    try:
        return _value(json.loads(text))
    except (ValueError, RecursionError):
        return Unknown("the policy is no JSON")


def _value(data: object) -> Value:
    match data:
        case dict():
            return Fields(tuple((str(key), _value(item)) for key, item in data.items()))
        case list():
            return Items(tuple(map(_value, data)))
        case str() | int() | float() | None:
            return Known(data)
        case _:
            return Unknown("it is no JSON")
