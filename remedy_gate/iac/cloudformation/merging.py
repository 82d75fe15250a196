"""YAML's merge key (`<<`), which the packaging tools accept though CloudFormation itself does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .node import Node

MERGE = "<<"


def merged_entries(node: Node) -> list[tuple[str, Node]]:
    """The entries of a mapping by name; what is merged in comes first, and only where the mapping has no such key."""
    own = [(key.value, value) for key, value in node.value]
    merges = [value for key, value in node.value if key.value == MERGE and not key.style]
    if not merges:
        return own
    entries: dict[str, Node] = {}
    for merge in merges:
        for source in merge.value if merge.id == "sequence" else [merge]:
            if source.id == "mapping":
                entries = dict(merged_entries(source)) | entries
    entries.update((name, value) for name, value in own if name != MERGE)
    return list(entries.items())
