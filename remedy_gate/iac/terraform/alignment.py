"""The columns that `terraform fmt` keeps: `=` signs of neighbouring lines, and the comments behind them.

The rules are those of hclwrite's formatter: a line has an assignment cell from its first `=` on, where the brackets
behind it balance, and a comment cell; neighbouring lines with a cell form a chain, in which the cells share a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from .layout import Splice, line_start

if TYPE_CHECKING:
    import tree_sitter

_OPENING = frozenset(("{", "[", "("))
_CLOSING = frozenset(("}", "]", ")"))
_WHOLE = frozenset(("heredoc_template", "quoted_template", "string_lit", "comment"))


class Line(NamedTuple):
    """A line of tokens: where it starts, where its cells start (-1 where it has none) and what stands before each.

    `opens`: the value goes on in the next lines, so the `=` is in no chain and has one space before it.
    """

    start: int
    row: int
    last_row: int
    assign: int
    assign_before: int
    opens: bool
    comment: int
    comment_before: int


class Chain(NamedTuple):
    """Neighbouring lines with a cell of one kind, and the number of spaces that each needs before its cell."""

    lines: tuple[Line, ...]
    spaces: tuple[int, ...]


def lines_of(block: tree_sitter.Node, text: bytes) -> list[Line]:
    """The lines of a top-level block or attribute."""
    return [_line(row, text) for row in rows_of(block)]


def rows_of(block: tree_sitter.Node) -> list[list[tree_sitter.Node]]:
    """The tokens of a top-level block or attribute, line by line; a text or heredoc counts as one token."""
    rows: list[list[tree_sitter.Node]] = []
    last_row = -1
    for leaf in _leaves(block):
        if leaf.start_point[0] != last_row or not rows:
            rows.append([])
        rows[-1].append(leaf)
        last_row = leaf.end_point[0]
    return rows


def opened_by(token: tree_sitter.Node) -> int:
    """1 for an opening bracket, -1 for a closing one."""
    return (token.type in _OPENING) - (token.type in _CLOSING)


def _leaves(node: tree_sitter.Node) -> Iterable[tree_sitter.Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        children = one.children
        if not children or one.type in _WHOLE:
            if one.end_byte > one.start_byte:
                yield one
        else:
            waiting.extend(reversed(children))


def _line(leaves: list[tree_sitter.Node], text: bytes) -> Line:
    start = line_start(text, leaves[0].start_byte)
    comment = comment_before = assign = assign_before = -1
    opens = False
    row, last_row = leaves[0].start_point[0], leaves[-1].end_point[0]
    if len(leaves) > 1 and leaves[-1].type == "comment":
        comment, comment_before = leaves[-1].start_byte, leaves[-2].end_byte
        leaves = leaves[:-1]
    for position, leaf in enumerate(leaves):
        if position and leaf.type == "=":
            opened = sum(map(opened_by, leaves[position:]))
            if opened >= 0:
                assign, assign_before, opens = leaf.start_byte, leaves[position - 1].end_byte, opened > 0
            break
    return Line(start, row, last_row, assign, assign_before, opens, comment, comment_before)


def _width(text: bytes, start: int, end: int) -> int:
    return len(text[start:end].decode("utf-8", "replace"))


def assign_chains(lines: list[Line], text: bytes) -> list[Chain]:
    """The chains of assignments; a line that opens a value of several lines is alone."""
    alone = [Chain((line,), (1,)) for line in lines if line.opens]
    runs = _runs(lines, lambda line: line.assign >= 0 and not line.opens)
    return [*alone, *(_chain(run, lambda line: _width(text, line.start, line.assign_before)) for run in runs)]


def comment_chains(lines: list[Line], text: bytes, spaces: dict[int, int]) -> list[Chain]:
    """The chains of comments. `spaces` are those before the assignments of lines, by the lines' starts."""

    def width(line: Line) -> int:
        if line.assign < 0 or line.start not in spaces:
            return _width(text, line.start, line.comment_before)
        lead = _width(text, line.start, line.assign_before)
        return lead + spaces[line.start] + _width(text, line.assign, line.comment_before)

    return [_chain(run, width) for run in _runs(lines, lambda line: line.comment >= 0)]


def _runs(lines: list[Line], has_cell: Callable[[Line], bool]) -> list[tuple[Line, ...]]:
    runs: list[list[Line]] = []
    last_row = -2
    for line in lines:
        if has_cell(line):
            if line.row != last_row + 1 or not runs:
                runs.append([])
            runs[-1].append(line)
            last_row = line.last_row
        else:
            last_row = -2
    return [tuple(run) for run in runs]


def _chain(lines: tuple[Line, ...], width: Callable[[Line], int]) -> Chain:
    widths = [width(line) for line in lines]
    widest = max(widths)
    return Chain(lines, tuple(widest - one + 1 for one in widths))


class Clean(NamedTuple):
    """The starts of a block's lines, and of those whose chains are as `terraform fmt` would have them.

    `whole`: all of them are.
    """

    lines: frozenset[int]
    assigns: frozenset[int]
    comments: frozenset[int]
    whole: bool


def clean_lines(block: tree_sitter.Node, text: bytes) -> Clean:
    """Which lines of a block are aligned already."""
    lines = lines_of(block, text)
    assigns = _aligned(assign_chains(lines, text), lambda line: _width(text, line.assign_before, line.assign))
    comments = _aligned(comment_chains(lines, text, {}), lambda line: _width(text, line.comment_before, line.comment))
    whole = all(
        (line.assign < 0 or line.start in assigns) and (line.comment < 0 or line.start in comments) for line in lines
    )
    return Clean(frozenset(line.start for line in lines), assigns, comments, whole)


def _aligned(chains: list[Chain], actual: Callable[[Line], int]) -> frozenset[int]:
    found: set[int] = set()
    for chain in chains:
        if all(actual(line) == spaces for line, spaces in zip(chain.lines, chain.spaces, strict=True)):
            found.update(line.start for line in chain.lines)
    return frozenset(found)


def realigned(block: tree_sitter.Node, text: bytes, was: Clean, old_start: Callable[[int], int | None]) -> list[Splice]:
    """What aligns every chain whose old lines were aligned. `old_start`: where a line started before the edit."""
    lines = lines_of(block, text)
    splices: list[Splice] = []
    spaces: dict[int, int] = {}

    def may_move(chain: Chain, clean: frozenset[int]) -> bool:
        starts = [old_start(line.start) for line in chain.lines]
        return all(start is None or start not in was.lines or start in clean for start in starts)

    for chain in assign_chains(lines, text):
        if may_move(chain, was.assigns):
            for line, wanted in zip(chain.lines, chain.spaces, strict=True):
                spaces[line.start] = wanted
                splices.append(Splice(line.assign_before, line.assign, " " * wanted))
    for chain in comment_chains(lines, text, spaces):
        if may_move(chain, was.comments):
            for line, wanted in zip(chain.lines, chain.spaces, strict=True):
                splices.append(Splice(line.comment_before, line.comment, " " * wanted))
    return [splice for splice in splices if text[splice.start : splice.end] != splice.text.encode()]
