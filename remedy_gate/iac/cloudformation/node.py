"""The shape of a composed node, for type checkers alone: PyYAML's own stubs leave most of it out."""

from __future__ import annotations

from typing import Any, Protocol


class Mark(Protocol):
    """A position: `index` in characters, `line` 0-based."""

    index: int
    line: int


class Node(Protocol):
    """A scalar, a sequence or a mapping, by `id`.

    `value` is text, a list of nodes, or a list of pairs of nodes. `tag` is empty where none is written. Only scalars
    have a `style` (empty where unquoted), only the others a `flow_style`.
    """

    id: str
    tag: str
    value: Any
    style: str
    flow_style: bool
    start_mark: Mark
    end_mark: Mark
