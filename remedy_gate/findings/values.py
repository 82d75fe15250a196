"""Steps into a record whose shape nobody guarantees."""

from __future__ import annotations

from typing import Any, Final

from .format import Document

_NOTHING: Final[Document] = {}


def table_of(value: object) -> Document:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def list_of(value: object) -> list[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def tables_of(value: object) -> list[Document]:
    """The objects of an array. A single object counts as an array of one."""
    if isinstance(value, dict):
        return [value]
    return [item for item in list_of(value) if isinstance(item, dict)]


def truth_of(value: object) -> bool:
    """Whether the value says yes: `true`, `"True"`, `"TRUE"`, `"yes"`, `1`."""
    if isinstance(value, str):
        return value.strip().lower() in {"true", "yes", "1"}
    return value is True or value == 1
