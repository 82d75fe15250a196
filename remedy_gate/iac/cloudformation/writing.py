"""The body of a block as it stands: literals are known, every other expression is its own text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.iac.values import Fields, Items, Unknown, Value

from .intrinsics import MACRO_KEYS, call
from .merging import merged_entries
from .nodes import Tree, end
from .scalars import scalar

if TYPE_CHECKING:
    from .node import Node


def written(tree: Tree, node: Node) -> Value:
    """A node as it stands in the text."""
    if node.id == "scalar":
        return _expression(tree, node) if node.tag.startswith("!") else scalar(node)
    if call(node):
        return _expression(tree, node)
    if node.id == "sequence":
        return Items(tuple(written(tree, item) for item in node.value))
    entries = tuple((name, written(tree, value)) for name, value in merged_entries(node))
    return Fields(entries, complete=not any(name.startswith(MACRO_KEYS) for name, _ in entries))


def _expression(tree: Tree, node: Node) -> Unknown:
    return Unknown(" ".join(tree.text[node.start_mark.index : end(tree, node)].split()))
