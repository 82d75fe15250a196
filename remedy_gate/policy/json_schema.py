"""The shapes of the files as JSON Schema, for editors."""

from __future__ import annotations

from typing import assert_never

from .shapes import Count, Entries, Items, Name, NameOr, Names, Paths, Plain, Shape, Table, Text, Texts, TrueOr, Truth
from .tables import POLICY, WAIVERS

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: dict[str, object] = {"type": "string", "pattern": r"\S"}


def policy_schema() -> dict[str, object]:
    """The schema of `.remedy-gate.yml`. That of the waivers' file stands in it as `$defs/waivers`."""
    return {
        "$schema": _DRAFT,
        "$id": "https://remedy-gate.invalid/policy/1",
        "title": "Remedy Gate policy, version 1",
        "description": "The file `.remedy-gate.yml`; `#/$defs/waivers` is for `.remedy-gate/waivers.yml`.",
        **schema_of(POLICY),
        "$defs": {"waivers": schema_of(WAIVERS)},
    }


def schema_of(shape: Shape) -> dict[str, object]:
    """The JSON Schema of one shape."""
    schema = _schema(shape)
    return {"description": shape.about, **schema} if shape.about else schema


def _schema(shape: Shape) -> dict[str, object]:
    match shape:
        case Entries(of):
            return {"type": "object", "additionalProperties": schema_of(of)}
        case Items(_, of):
            return {"type": "array", "items": schema_of(of)}
        case Table(fields, required):
            properties = {key: schema_of(of) for key, of in fields.items()}
            table = {"type": "object", "properties": properties, "additionalProperties": False}
            return {**table, "required": list(required)} if required else table
        case TrueOr(table_of):
            return {"oneOf": [{"type": "boolean"}, schema_of(table_of)]}
        case Paths():
            return {"oneOf": [schema_of(Texts()), schema_of(Entries(Text()))]}
        case NameOr(_, known, table_of):
            return {"oneOf": [{"enum": list(known)}, schema_of(table_of)]}
        case _:
            return _single(shape)


def _single(shape: Text | Texts | Name | Names | Truth | Count | Plain) -> dict[str, object]:
    match shape:
        case Text():
            return dict(_TEXT)
        case Texts():
            return _one_or_more({"type": "string"})
        case Name(_, known):
            return {"enum": list(known)}
        case Names(_, known):
            return _one_or_more({"enum": list(known)})
        case Truth():
            return {"type": "boolean"}
        case Count(least, most):
            return {"const": most} if least == most else {"type": "integer", "minimum": least, "maximum": most}
        case Plain():
            return {"type": ["string", "number", "boolean"]}
        case _:
            assert_never(shape)


def _one_or_more(item: dict[str, object]) -> dict[str, object]:
    return {"oneOf": [item, {"type": "array", "items": item}]}
