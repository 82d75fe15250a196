"""Override files: what `override.tf` and `*_override.tf` say of a block replaces what the block itself says."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import basename

from .body import Argument, Body, Entry, Nested


def is_override(path: str) -> bool:
    """Whether Terraform merges the blocks of this file into those of the others."""
    stem = basename(path).split(".", 1)[0]
    return stem == "override" or stem.endswith("_override")


def merged(body: Body, overriding: Sequence[Body]) -> Body:
    """The body with the arguments, and all nested blocks of a type, that the overriding ones bring."""
    entries: tuple[Entry, ...] = body.entries
    for over in overriding:
        replaced = {_key(entry) for entry in over.entries}
        entries = (*(entry for entry in entries if _key(entry) not in replaced), *over.entries)
    return Body(entries)


def _key(entry: Entry) -> tuple[bool, str]:
    if isinstance(entry, Argument):
        return False, entry.name
    assert isinstance(entry, Nested)
    return True, entry.labels[0] if entry.type == "dynamic" and entry.labels else entry.type
