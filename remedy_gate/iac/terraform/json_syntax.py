"""JSON with the bytes where everything stands; duplicate keys and deep nesting are mistakes."""

from __future__ import annotations

import json
import re
from typing import NamedTuple, TypeAlias

from remedy_gate.iac.values import Scalar

from .parser import MAX_BYTES, Mistake

MAX_DEPTH = 100

_SPACE = re.compile(rb"[ \t\r\n]*")
_STRING = re.compile(rb'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(rb"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORDS: tuple[tuple[bytes, Scalar], ...] = ((b"true", True), (b"false", False), (b"null", None))


class JsonScalar(NamedTuple):
    """A text, number, truth value or null."""

    start: int
    end: int
    value: Scalar


class JsonArray(NamedTuple):
    """A list."""

    start: int
    end: int
    items: tuple[JsonValue, ...]


class JsonMember(NamedTuple):
    """A key and its value. `start` is that of the key."""

    start: int
    key: str
    value: JsonValue


class JsonObject(NamedTuple):
    """An object."""

    start: int
    end: int
    members: tuple[JsonMember, ...]


JsonValue: TypeAlias = "JsonScalar | JsonArray | JsonObject"


class _Broken(Exception):  # noqa: N818 - never leaves this module
    """A mistake on its way out of the recursion."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.mistake = Mistake(offset, message)


def parse_json(text: bytes) -> JsonValue | Mistake:
    """The value that a whole text is."""
    if len(text) > MAX_BYTES:
        return Mistake(0, f"the file has {len(text):,} bytes; more than {MAX_BYTES:,} are not read")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Mistake(0, "the file is UTF-16; Terraform reads UTF-8 only")
    nul = text.find(b"\0")
    if nul >= 0:
        return Mistake(nul, "the file holds a NUL byte; Terraform reads UTF-8 text only")
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        return Mistake(error.start, "this is not UTF-8")
    try:
        value, end = _value(text, _skip(text, 3 if text.startswith(b"\xef\xbb\xbf") else 0), 0)
        end = _skip(text, end)
        return value if end == len(text) else Mistake(end, "something follows the end of the JSON")
    except _Broken as broken:
        return broken.mistake


def _skip(text: bytes, position: int) -> int:
    found = _SPACE.match(text, position)
    assert found is not None
    return found.end()


def _value(text: bytes, position: int, depth: int) -> tuple[JsonValue, int]:
    if depth > MAX_DEPTH:
        raise _Broken(position, f"brackets are nested more than {MAX_DEPTH} deep")
    first = text[position : position + 1]
    if first == b"{":
        return _object(text, position, depth)
    if first == b"[":
        return _array(text, position, depth)
    if first == b'"':
        words, end = _string(text, position)
        return JsonScalar(position, end, words), end
    for word, value in _WORDS:
        if text.startswith(word, position):
            return JsonScalar(position, position + len(word), value), position + len(word)
    number = _NUMBER.match(text, position)
    if number is None:
        raise _Broken(position, "a JSON value is missing here")
    from .expressions import number_of

    sign = -1 if number[0].startswith(b"-") else 1
    return JsonScalar(position, number.end(), sign * number_of(number[0].lstrip(b"-"))), number.end()


def _string(text: bytes, position: int) -> tuple[str, int]:
    found = _STRING.match(text, position)
    if found is None:
        raise _Broken(position, "this is no JSON text")
    return str(json.loads(found[0])), found.end()


def _array(text: bytes, start: int, depth: int) -> tuple[JsonArray, int]:
    items: list[JsonValue] = []
    position = _skip(text, start + 1)
    if text[position : position + 1] == b"]":
        return JsonArray(start, position + 1, ()), position + 1
    while True:
        item, position = _value(text, position, depth + 1)
        items.append(item)
        position = _skip(text, position)
        mark = text[position : position + 1]
        if mark == b"]":
            return JsonArray(start, position + 1, tuple(items)), position + 1
        if mark != b",":
            raise _Broken(position, "a comma or `]` is missing here")
        position = _skip(text, position + 1)


def _object(text: bytes, start: int, depth: int) -> tuple[JsonObject, int]:
    members: dict[str, JsonMember] = {}
    position = _skip(text, start + 1)
    if text[position : position + 1] == b"}":
        return JsonObject(start, position + 1, ()), position + 1
    while True:
        key_start = position
        key, position = _string(text, position)
        if key in members and key != "//":
            raise _Broken(key_start, f"the key `{key}` is set twice in one object")
        position = _skip(text, position)
        if text[position : position + 1] != b":":
            raise _Broken(position, "a colon is missing here")
        value, position = _value(text, _skip(text, position + 1), depth + 1)
        members[key] = JsonMember(key_start, key, value)
        position = _skip(text, position)
        mark = text[position : position + 1]
        if mark == b"}":
            return JsonObject(start, position + 1, tuple(members.values())), position + 1
        if mark != b",":
            raise _Broken(position, "a comma or `}` is missing here")
        position = _skip(text, position + 1)
