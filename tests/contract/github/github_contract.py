"""GitHub's own description of the few operations that we use, and whether a request or an answer keeps to it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator
from referencing import Registry
from referencing.jsonschema import DRAFT4

HERE = Path(__file__).parent
SOURCE: dict[str, Any] = json.loads((HERE / "source.json").read_text("utf-8"))
DOCUMENT: dict[str, Any] = json.loads(gzip.decompress((HERE / "openapi.json.gz").read_bytes()))

# Stricter than GitHub's description, which lets unknown keys and any side pass where GitHub itself would ignore or
# refuse them: a misspelt key of ours must be seen here.
_SIDES = ("LEFT", "RIGHT")
_MOST_A_PAGE = 100


PAYLOADS: list[dict[str, Any]] = json.loads(gzip.decompress((HERE / "webhooks.json.gz").read_bytes()))


def payload(event: str, number: int = 0, replaced: Mapping[str, str] | None = None) -> Any:
    """GitHub's own example of an event, with some of its texts replaced wherever they stand."""
    [found] = [it["payload"] for it in PAYLOADS if it["event"] == event][number : number + 1]
    text = json.dumps(found)
    for old, new in (replaced or {}).items():
        text = text.replace(old, new)
    return json.loads(text)


@cache
def example(name: str) -> Any:
    """GitHub's own example of an answer."""
    return DOCUMENT["examples"][name]


def path_template(path: str) -> str | None:
    """The path of the description that a request's path belongs to."""
    for template in DOCUMENT["paths"]:
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), urlsplit(path).path):
            return str(template)
    return None


def request_faults(verb: str, path: str, body: object) -> list[str]:
    """What is wrong with a request; empty where nothing is."""
    operation = _operation(verb, path)
    if operation is None:
        return [f"{verb} {path} is none of GitHub's operations that we know"]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    asked = [fault for pair in parse_qsl(urlsplit(path).query) for fault in _query_faults(operation, *pair)]
    if content is None:
        return asked if body is None else [f"{verb} {path} takes no body"]
    faults = _faults(content["schema"], body, OAS30WriteValidator)
    for comment in body.get("comments", ()) if isinstance(body, dict) else ():
        faults += [
            f"{key} is {comment[key]}" for key in ("side", "start_side") if comment.get(key, "LEFT") not in _SIDES
        ]
    return [*faults, *asked, *(f"unknown key {key}" for key in sorted(_unknown_keys(content["schema"], body)))]


def answer_faults(verb: str, path: str, status: int, body: object) -> list[str]:
    """What is wrong with an answer of the stand-in; empty where nothing is."""
    operation = _operation(verb, path)
    if operation is None:
        return []
    answer = operation["responses"].get(str(status))
    if answer is None:
        return [] if status in (401, 403, 404, 429) or status >= 500 else [f"{verb} {path} never answers {status}"]
    if "$ref" in answer:
        answer = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    content = answer.get("content", {}).get("application/json")
    return [] if content is None else _faults(content["schema"], body, OAS30ReadValidator)


def _query_faults(operation: dict[str, Any], name: str, value: str) -> list[str]:
    every = (
        DOCUMENT["components"]["parameters"][it["$ref"].rpartition("/")[2]] if "$ref" in it else it
        for it in operation["parameters"]
    )
    known = next((it["schema"] for it in every if (it["in"], it["name"]) == ("query", name)), None)
    if known is None:
        return [f"unknown parameter {name}"]
    read: object = int(value) if known["type"] == "integer" and value.isdecimal() else value
    most = [f"{name} is {value}, at most 100"] if name == "per_page" and int(value) > _MOST_A_PAGE else []
    return [*(f"{name}: {fault}" for fault in _faults(known, read, OAS30WriteValidator)), *most]


def _unknown_keys(schema: dict[str, Any], value: object) -> set[str]:
    """Keys that GitHub does not describe, at any depth."""
    if isinstance(value, list):
        return {key for item in value for key in _unknown_keys(schema.get("items", {}), item)}
    known = schema.get("properties")
    if not isinstance(value, dict) or known is None:
        return set()
    below = {key for name in set(value) & set(known) for key in _unknown_keys(known[name], value[name])}
    return (set(value) - set(known)) | below


def input_faults(name: str, value: object) -> list[str]:
    """What is wrong with the input of a mutation, by GitHub's own types; empty where nothing is."""
    from graphql import build_schema, graphql_sync

    types = (HERE / "inputs.graphql").read_text("utf-8")
    schema = build_schema(f"{types}\ntype Query {{ takes(input: {name}!): Boolean }}")
    document = f"query($input: {name}!) {{ takes(input: $input) }}"
    return [error.message for error in graphql_sync(schema, document, variable_values={"input": value}).errors or ()]


def _operation(verb: str, path: str) -> dict[str, Any] | None:
    template = path_template(path)
    return None if template is None else DOCUMENT["paths"][template].get(verb.lower())


def _faults(schema: dict[str, Any], value: object, validator: Any) -> list[str]:
    rooted = _rooted(schema)
    found = validator(rooted, registry=_registry()).iter_errors(value)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[-300:]}" for error in found]


def _rooted(schema: Any) -> Any:
    """The schema with its references pointing into the whole document."""
    if isinstance(schema, list):
        return [_rooted(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"urn:github{value}" if key == "$ref" and isinstance(value, str) else _rooted(value)
        for key, value in schema.items()
    }


@cache
def _registry() -> Any:
    return Registry().with_resource("urn:github", DRAFT4.create_resource(_rooted(DOCUMENT)))
