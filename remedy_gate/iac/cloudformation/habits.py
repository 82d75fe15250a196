"""How a template is written: its indentation, its quotes, its forms. New text follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from .intrinsics import call
from .nodes import Tree
from .quoting import DOUBLE, SINGLE

if TYPE_CHECKING:
    from .node import Node

# Fewer quoted texts than this are no habit.
_FEW = 4


class Habits(NamedTuple):
    """How new text is to look.

    `unit` and `list_offset` are columns: of a nested mapping, and of a list's dashes, to the right of their key.
    `quote` is the kind of quotes used; `always_quoted`: also where none are needed. `long`: calls are written in the
    long form; `tall`: over several lines. `literals`: block scalars may be written; at the end of a file that has no
    final line break they would lack their own. `level` is the white space that one level of multi-line brackets adds.
    `colon` and `comma` are those of brackets, with the space around them; `padding` is the space inside the brackets.
    """

    newline: str
    unit: int
    list_offset: int
    quote: str
    always_quoted: bool
    long: bool
    tall: bool
    literals: bool
    level: str
    colon: str
    comma: str
    padding: str


def habits(tree: Tree, near: Node) -> Habits:
    """The habits of a template, those of the block `near` before those of the rest."""
    counts = _Counts(tree)
    for node in _nodes(tree.root):
        counts.add(node)
    local = _Counts(tree)
    for node in _nodes(near):
        local.add(node)
    quotes = counts.quotes
    many = quotes[SINGLE] + quotes[DOUBLE]
    colon = _json_colon(tree) if tree.json else ": "
    return Habits(
        newline="\r\n" if tree.text.count("\r\n") * 2 > tree.text.count("\n") else "\n",
        unit=_most(local.units) or _most(counts.units) or 2,
        list_offset=_most_of(local.offsets, counts.offsets),
        quote=SINGLE if quotes[SINGLE] > quotes[DOUBLE] else DOUBLE,
        always_quoted=many >= _FEW and many >= 3 * quotes[""],
        long=tree.json or (counts.long > 0 and counts.short == 0),
        tall=counts.tall > counts.long - counts.tall,
        literals=tree.text.endswith("\n"),
        level=_level(tree),
        colon=colon,
        comma=", " if colon.endswith(" ") else ",",
        padding=" " if counts.padded > counts.tight else "",
    )


def _nodes(root: Node) -> Iterator[Node]:
    seen: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if node.id == "mapping":
            stack.extend(value for _, value in reversed(node.value))
        elif node.id == "sequence":
            stack.extend(reversed(node.value))


class _Counts:
    """Tallies over nodes."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.units: Counter[int] = Counter()
        self.offsets: Counter[int] = Counter()
        self.quotes: Counter[str] = Counter()
        self.short = self.long = self.tall = 0
        self.padded = self.tight = 0

    def add(self, node: Node) -> None:
        if node.tag.startswith("!"):
            self.short += 1
        elif node.id == "mapping" and call(node):
            self.long += 1
            self.tall += node.start_mark.line != node.end_mark.line
        if node.id == "scalar" and not node.tag and node.style in {"", SINGLE, DOUBLE}:
            self._quote(node)
        elif node.id == "mapping" and not node.flow_style:
            self._indents(node)
        elif node.id == "mapping" and node.value and node.start_mark.line == node.end_mark.line:
            padded = self.tree.text.startswith("{ ", node.start_mark.index)
            self.padded += padded
            self.tight += not padded

    def _quote(self, node: Node) -> None:
        text: str = node.value
        if node.style or (
            text[:1].isalpha() and text.lower() not in {"true", "false", "yes", "no", "on", "off", "null"}
        ):
            self.quotes[node.style] += 1

    def _indents(self, node: Node) -> None:
        source = self.tree.source
        for key, value in node.value:
            if value.id == "scalar" or value.flow_style or value.start_mark.line <= key.start_mark.line:
                continue
            by = source.column(value.start_mark.index) - source.column(key.start_mark.index)
            if value.id == "mapping" and by > 0:
                self.units[by] += 1
            elif value.id == "sequence" and by >= 0:
                self.offsets[by] += 1


def _most(counts: Counter[int]) -> int:
    return counts.most_common(1)[0][0] if counts else 0


def _most_of(local: Counter[int], whole: Counter[int]) -> int:
    for counts in (local, whole):
        if counts:
            return _most(counts)
    return 2


def _level(tree: Tree) -> str:
    """The white space before the first key of the outermost brackets, where those are written over several lines."""
    if tree.root.flow_style and tree.root.value:
        index = tree.root.value[0][0].start_mark.index
        before = tree.text[tree.source.line_start(index) : index]
        if before and not before.strip():
            return before
    return "  "


def _json_colon(tree: Tree) -> str:
    for key, value in tree.root.value:
        between = tree.text[key.end_mark.index : value.start_mark.index]
        if "\n" not in between:
            return between
    return ": "
