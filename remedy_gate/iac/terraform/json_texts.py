"""JSON written as a text with interpolations in it: the structure can be judged though some values are unknown."""

from __future__ import annotations

from collections.abc import Sequence

from remedy_gate.iac.json_values import without_last_commas
from remedy_gate.iac.values import Fields, Items, Known, Unknown, Value

from .function_json import value_of_json
from .outcomes import Failure, text_of, unwrapped

_HOLE = "\ue000{}\ue001"


def json_with_holes(parts: Sequence[Value]) -> Value | None:
    """The value of a JSON text whose parts these are; None where it is no object or list.

    A text that is one unknown part and nothing else is that part; a text with an unknown part in it is unknown.
    """
    opening = text_of(parts[0]) if parts else None
    if opening is None or opening.lstrip()[:1] not in {"{", "["}:
        return None
    texts: list[str] = []
    holes: dict[str, Value] = {}
    for part in parts:
        text = text_of(unwrapped(part))
        if text is None:
            text = _HOLE.format(len(holes))
            holes[text] = part
        texts.append(text)
    text = "".join(texts)
    whole = value_of_json(text)
    if isinstance(whole, Failure):
        whole = value_of_json(without_last_commas(text))
    return None if isinstance(whole, Failure) else _filled(whole, holes)


def _filled(value: Value, holes: dict[str, Value]) -> Value:
    match value:
        case Items():
            return Items(tuple(_filled(item, holes) for item in value.items))
        case Fields():
            keys_known = not any("\ue000" in key for key, _ in value.entries)
            kept = ((key, _filled(item, holes)) for key, item in value.entries if "\ue000" not in key)
            return Fields(tuple(kept), keys_known)
        case Known(value=str() as text) if "\ue000" in text:
            if text in holes:
                return holes[text]
            inside = next(part for mark, part in holes.items() if mark in text)
            inner = unwrapped(inside)
            return inner if isinstance(inner, Unknown) else Unknown("a part of this text is not known")
        case _:
            return value
