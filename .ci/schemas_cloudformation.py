"""Read what CloudFormation resource types have out of the resource provider schemas that cfn-lint carries.

Format: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from remedy_gate.iac.schema import Argument

Schema = Mapping[str, Any]
Steps = tuple[str, ...]
Marks = frozenset[tuple[str, Steps]]

_TYPES = {"string": "string", "boolean": "bool", "integer": "number", "number": "number", "array": "list"}
_CREATE_ONLY, _CONDITIONAL, _READ_ONLY = "createOnlyProperties", "conditionalCreateOnlyProperties", "readOnlyProperties"


class CloudFormation(NamedTuple):
    """The date of the schemas and each type's properties."""

    date: str
    types: Mapping[str, Mapping[str, Argument]]


def read_cloudformation(schemas: Path) -> CloudFormation:
    """The types of us-east-1, which has the most, and SAM's, in cfn-lint's folder `data/schemas`."""
    names: dict[str, str] = {}
    for provider in ("us-east-1", "sam"):
        names.update(json.loads((schemas / "providers" / f"{provider}.json").read_text(encoding="utf-8")))
    types: dict[str, Mapping[str, Argument]] = {}
    for name, digest in sorted(names.items()):
        document = json.loads((schemas / "resources" / f"{digest}.json").read_text(encoding="utf-8"))
        if not document.get("patternProperties"):  # such a type takes any property: there is nothing to say of it
            types[name] = resource_properties(document)
    date = json.loads((schemas / "version.json").read_text(encoding="utf-8"))["schema_date"]
    return CloudFormation(date, types)


def resource_properties(document: Schema) -> Mapping[str, Argument]:
    """The properties of one type, nested ones too. A definition that contains itself gives a body that does."""
    marks = frozenset(
        (kind, tuple(path.split("/")[2:]))
        for kind in (_CREATE_ONLY, _CONDITIONAL, _READ_ONLY)
        for path in document.get(kind, ())
    )
    return _Reader(document).body((document,), marks, replaces=_unlisted(document))


def _unlisted(document: Schema) -> bool | None:
    """What holds of properties that no list names: changed in place, where there is a list and the type can be updated.

    Without a list it may as well be forgotten: AWS::EC2::Volume has none, and refuses to change `Encrypted`.
    """
    updatable = "update" in document.get("handlers", ("update",))
    return False if updatable and document.get(_CREATE_ONLY) else None


class _Reader:
    """The bodies of one document, each made once."""

    __slots__ = ("_bodies", "_document")

    def __init__(self, document: Schema) -> None:
        self._document = document
        self._bodies: dict[tuple[tuple[int, ...], Marks, bool | None], dict[str, Argument]] = {}

    def body(self, schemas: tuple[Schema, ...], marks: Marks, *, replaces: bool | None) -> Mapping[str, Argument]:
        """The arguments of an object that may look like any of `schemas`."""
        key = (tuple(map(id, schemas)), marks, replaces)
        if key in self._bodies:
            return self._bodies[key]
        body = self._bodies[key] = {}
        properties: dict[str, list[Schema]] = {}
        for schema in schemas:
            for name, inner in schema.get("properties", {}).items():
                properties.setdefault(name, []).append(inner)
        required = set.intersection(*(set(schema.get("required", ())) for schema in schemas))
        for name, inners in sorted(properties.items()):
            argument = self._argument(name, inners, _below(marks, name), replaces=replaces)
            body[name] = argument._replace(required=name in required and not argument.readable)
        return body

    def _argument(self, name: str, inners: list[Schema], marks: Marks, *, replaces: bool | None) -> Argument:
        here = {kind for kind, steps in marks if not steps}
        if _CREATE_ONLY in here:
            replaces = True
        elif _CONDITIONAL in here or (replaces is False and any(kind != _READ_ONLY for kind, _ in marks)):
            replaces = None
        readable = _READ_ONLY in here and _CREATE_ONLY not in here
        below = replaces if replaces is not None or _CONDITIONAL in here else False
        argument = self._shaped(name, inners, marks, replaces=below)
        return argument._replace(replaces=None if readable else replaces, readable=readable)

    def _shaped(self, name: str, inners: list[Schema], marks: Marks, *, replaces: bool | None) -> Argument:
        variants = tuple(self._variants(inners))
        objects = _objects(variants)
        values = tuple(self._variants(_values(variants)))
        items = tuple(self._variants([variant["items"] for variant in variants if "items" in variant]))
        kind = _common({_kind(variant) for variant in variants})
        if objects:
            found = self.body(objects, marks, replaces=replaces)
            return Argument(name, kind, item="object" if kind == "object" else "", arguments=found)
        within = values if kind == "map" else items
        item = _common({_kind(variant) for variant in within}) if within and kind != "any" else ""
        nested = _objects(within)
        body = self.body(nested, _below(marks, "*") or marks, replaces=replaces) if nested else None
        return Argument(name, kind, item=item, arguments=body)

    def _variants(self, schemas: list[Schema]) -> Iterator[Schema]:
        """Every plain schema that a value may follow: references followed, alternatives spread out."""
        waiting = list(reversed(schemas))
        seen: set[int] = set()
        while waiting:
            schema = waiting.pop()
            if id(schema) in seen:
                continue
            seen.add(id(schema))
            alternatives = [inner for word in ("oneOf", "anyOf", "allOf") for inner in schema.get(word, ())]
            if "$ref" in schema:
                alternatives.append(self._referred(schema["$ref"]))
            waiting.extend(reversed(alternatives))
            if _says_something(schema):
                yield schema

    def _referred(self, reference: str) -> Schema:
        found: Any = self._document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        schema: Schema = found
        return schema


def _objects(variants: tuple[Schema, ...]) -> tuple[Schema, ...]:
    return tuple(variant for variant in variants if variant.get("properties") and _kind(variant) in {"object", "any"})


def _below(marks: Marks, name: str) -> Marks:
    return frozenset((kind, steps[1:]) for kind, steps in marks if steps and steps[0] == name)


def _says_something(schema: Schema) -> bool:
    return any(word in schema for word in ("type", "properties", "items", "patternProperties"))


def _values(variants: tuple[Schema, ...]) -> list[Schema]:
    found = [inner for variant in variants for inner in variant.get("patternProperties", {}).values()]
    extra = [variant.get("additionalProperties") for variant in variants]
    return found + [schema for schema in extra if isinstance(schema, dict)]


def _kind(schema: Schema) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return _TYPES.get(kind[0], "any") if len(kind) == 1 else "any"
    if kind == "object" or kind is None:
        if "properties" in schema:
            return "object"
        if "patternProperties" in schema or isinstance(schema.get("additionalProperties"), dict):
            return "map"
        return "list" if "items" in schema else "object" if kind else "any"
    return _TYPES.get(kind, "any")


def _common(kinds: set[str]) -> str:
    """One type for all: JSON documents and open objects may be written in several ways, so more than one is `any`."""
    return kinds.pop() if len(kinds) == 1 else "any"
