"""One way to write a value as JSON, so that its hash means the value: RFC 8785 for values without fractions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

_MOST = 2**53 - 1  # what every reader of JSON can hold exactly (RFC 7493)
_LONE = re.compile("[\ud800-\udfff]")


def canonical(value: Json) -> str:
    """The value as canonical JSON: keys in order, no blanks, only what has to be escaped escaped.

    Half characters, which stand for bytes that are not UTF-8, become U+FFFD. Raises `ValueError` for a fraction, a
    number of more than 53 bits or a key that is not ASCII: others would not all write those in the same way.
    """
    return _encoder()(_plain(value))


def digest_of(text: str) -> str:
    """The SHA-256 of a text's UTF-8, as hex."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


@cache
def _encoder() -> Callable[[object], str]:
    from json import JSONEncoder

    return JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode


def _plain(value: Json) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if value.isascii() else _LONE.sub("\ufffd", value)
    if isinstance(value, int) and abs(value) <= _MOST:
        return int(value)
    if isinstance(value, Mapping):
        if not "".join(value).isascii():
            raise ValueError("a key of a record is an ASCII text")
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise ValueError(f"a record holds no {type(value).__name__}")
