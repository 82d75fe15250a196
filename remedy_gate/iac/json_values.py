"""JSON that stands in a text, as the value that it describes: a policy is read alike however it is written."""

from __future__ import annotations

from .values import Fields, Items, Known, Unknown, Value

_MAX_DEPTH = 60
_TEXT_OR_COMMA = r'"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])'


def without_last_commas(text: str) -> str:
    """The text with a blank for each comma behind the last item of a list or object.

    JSON has no such commas, but people write them, and scanners read past them: what is open is open all the same.
    """
    import re

    return re.sub(_TEXT_OR_COMMA, lambda found: " " if found[0] == "," else found[0], text)


def opened(text: str) -> Value | None:
    """The object or list that a text describes; None where it is no such text."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    for reading in (str, without_last_commas):
        try:
            return _value(read(reading(text)), 0)
        except (ValueError, RecursionError):
            continue
    return None


def is_read_by_scanners_alone(text: str) -> bool:
    """Whether a text is JSON but for a comma behind a last item: AWS refuses it."""
    if text.lstrip()[:1] not in ("{", "[") or opened(text) is None:
        return False
    try:
        read(text)
    except (ValueError, RecursionError):
        return True
    return False


def read(text: str) -> object:
    """What a JSON text holds.

    :raises ValueError: it is no JSON, or a key stands in it twice, which AWS refuses and readers take differently.
    """
    import json

    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _value(data: object, depth: int) -> Value:
    if depth > _MAX_DEPTH:
        return Unknown("the JSON is nested too deep")
    if isinstance(data, dict):
        return Fields(tuple((str(key), _value(item, depth + 1)) for key, item in data.items()))
    if isinstance(data, list):
        return Items(tuple(_value(item, depth + 1) for item in data))
    return Known(data) if isinstance(data, str | int | float | None) else Unknown("this is no JSON")
