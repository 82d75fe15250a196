"""What the parser lets pass and a template may not have: duplicate keys, keys that are not text, exploding aliases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .compose import DEEPEST, MOST_NODES, TOO_DEEP
from .source import Fault

if TYPE_CHECKING:
    from .node import Node


def check(root: Node, text: str) -> bool:
    """Whether the text uses aliases; a `Fault` where it breaks a rule."""
    if "*" in text and "&" in text:
        walk = _Expansion()
        walk.size(root)
        return walk.aliases
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise Fault(level[0].start_mark.index, TOO_DEEP)
        deeper: list[Node] = []
        for node in level:
            if node.id == "mapping":
                _check_keys(node)
                deeper.extend([value for _, value in node.value if value.id != "scalar"])
            else:
                deeper.extend([item for item in node.value if item.id != "scalar"])
        level = deeper
    return False


def _check_keys(node: Node) -> None:
    pairs = node.value
    if len(pairs) == 1 and pairs[0][0].id == "scalar":
        return
    try:
        if len({key.value for key, _ in pairs}) == len(pairs):
            return
    except TypeError:
        pass
    first: dict[str, Node] = {}
    for key, _ in pairs:
        if key.id != "scalar":
            raise Fault(key.start_mark.index, "a key must be text")
        if key.value in first:
            line = first[key.value].start_mark.line + 1
            raise Fault(key.start_mark.index, f"duplicate key {key.value!r}, first given on line {line}")
        first[key.value] = key


class _Expansion:
    """Measures the tree that would be there with every alias written out: nodes in all, and levels."""

    def __init__(self) -> None:
        self.sizes: dict[int, tuple[int, int]] = {}
        self.open: set[int] = set()
        self.aliases = False

    def size(self, node: Node) -> tuple[int, int]:
        index = node.start_mark.index
        if id(node) in self.open:
            raise Fault(index, "an alias inside its own anchor")
        if id(node) in self.sizes:
            self.aliases = True
            return self.sizes[id(node)]
        if len(self.open) > DEEPEST:
            raise Fault(index, TOO_DEEP)
        self.open.add(id(node))
        total, levels = 1, 0
        for child in self._children(node):
            nodes, depth = self.size(child)
            total, levels = total + nodes, max(levels, depth)
        if total > MOST_NODES or levels >= DEEPEST:
            raise Fault(index, f"aliases make more than {MOST_NODES:,} values or {DEEPEST} levels of this")
        self.open.discard(id(node))
        self.sizes[id(node)] = total, levels + 1
        return self.sizes[id(node)]

    def _children(self, node: Node) -> Iterator[Node]:
        if node.id == "mapping":
            _check_keys(node)
            for key, value in node.value:
                if id(key) in self.sizes:
                    raise Fault(node.start_mark.index, "an alias as a key")
                yield key
                yield value
        elif node.id == "sequence":
            yield from node.value
