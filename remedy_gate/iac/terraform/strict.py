"""What tree-sitter lets pass in bodies and `terraform fmt` does not: lines, labels, duplicates, single-line blocks."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from .parser import Mistake
from .strict_expressions import expression_mistake, namespace_mistake, number_mistake

if TYPE_CHECKING:
    import tree_sitter

_ASSIGNED = re.compile(rb"([^\s=/#]+)[ \t]*=[ \t]*(?=[^\s/#])")
_BLOCK_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_TEMPLATE = re.compile(rb"(?<!\$)(?:\$\$)*\$\{|(?<!%)(?:%%)*%\{")


def first_mistake(tree: tree_sitter.Tree, text: bytes) -> Mistake | None:
    """The first thing that Terraform would refuse in a file that tree-sitter took."""
    bodies = [child for child in tree.root_node.children if child.type == "body"]
    if not bodies and any(child.type == "object" for child in tree.root_node.children):
        return Mistake(tree.root_node.start_byte, "an object stands where blocks and arguments belong")
    found = [mistake for body in bodies for mistake in _body_mistakes(body, text)]
    everywhere = (number_mistake(tree.root_node, text), namespace_mistake(tree.root_node, text))
    found.extend(mistake for mistake in everywhere if mistake is not None)
    return min(found, default=None)


def _body_mistakes(top: tree_sitter.Node, text: bytes) -> list[Mistake]:
    found: list[Mistake] = []
    waiting = [top]
    while waiting:
        body = waiting.pop()
        mistake = _items_mistake(body, text, waiting)
        if mistake is not None:
            found.append(mistake)
    return found


def _items_mistake(body: tree_sitter.Node, text: bytes, waiting: list[tree_sitter.Node]) -> Mistake | None:
    names: set[bytes] = set()
    end = -1
    for item in body.named_children:
        kind = item.type
        if kind == "comment":
            continue
        start = item.start_byte
        if end >= 0 and not _new_line(text, end, start):
            return Mistake(start, "an argument or block must start on a new line")
        end = item.end_byte
        mistake = _attribute_mistake(item, text, names) if kind == "attribute" else _block_mistake(item, text, waiting)
        if mistake is not None:
            return mistake
    return None


def _attribute_mistake(item: tree_sitter.Node, text: bytes, names: set[bytes]) -> Mistake | None:
    start, end = item.start_byte, item.end_byte
    assigned = _ASSIGNED.match(text, start)
    name = assigned[1] if assigned else item.children[0].text or b""
    if name in names:
        return Mistake(start, f"the argument `{name.decode('utf-8', 'replace')}` is set twice in one block")
    names.add(name)
    if assigned is None:
        inner = [child for child in item.children if child.type != "comment"]
        if any(_new_line(text, one.end_byte, two.start_byte) for one, two in pairwise(inner)):
            return Mistake(start, "an argument, its `=` and the start of its value stand on one line")
    if text.find(b"\n", start, end) < 0 and text.find(b"{", start, end) < 0:
        return None
    return expression_mistake(item.children[-1], text)


def _block_mistake(item: tree_sitter.Node, text: bytes, waiting: list[tree_sitter.Node]) -> Mistake | None:
    body = None
    opening = closing = item.end_byte
    for child in item.children:
        kind = child.type
        if kind == "body":
            body = child
            waiting.append(child)
        elif kind == "block_start":
            opening = child.end_byte
        elif kind == "block_end":
            closing = child.start_byte
        elif kind == "string_lit" and _is_odd_label(text[child.start_byte : child.end_byte]):
            return Mistake(child.start_byte, "a block label is plain text on one line, without a template")
    if text.find(b"\n", item.start_byte, opening) >= 0 and _header_breaks(item, text):
        return Mistake(item.start_byte, "a block, its labels and its `{` stand on one line")
    return None if body is None else _braces_mistake(body, opening, closing, text)


def _is_odd_label(label: bytes) -> bool:
    return b"\n" in label or (b"{" in label and _TEMPLATE.search(label) is not None)


def _header_breaks(item: tree_sitter.Node, text: bytes) -> bool:
    end = item.start_byte
    for child in item.children:
        if text.find(b"\n", end, child.start_byte) >= 0:
            return True
        if child.type == "block_start":
            return False
        end = child.end_byte
    return False


def _braces_mistake(body: tree_sitter.Node, opening: int, closing: int, text: bytes) -> Mistake | None:
    items = [child for child in body.named_children if child.type != "comment"]
    if not items:
        return None
    first, last = items[0], items[-1]
    if _new_line(text, opening, first.start_byte):
        if _new_line(text, last.end_byte, closing):
            return None
        return Mistake(closing, "the closing brace must stand on a new line")
    if len(items) > 1 or first.type == "block":
        return Mistake(first.start_byte, "a block on one line holds one argument at most and no block")
    if _new_line(text, last.end_byte, closing):
        return Mistake(closing, "a block that starts on one line must end on it")
    return None


def _new_line(text: bytes, start: int, end: int) -> bool:
    """Whether a line ends between two bytes, comments of the form /* */ left out."""
    if text.find(b"\n", start, end) < 0:
        return False
    gap = text[start:end]
    return b"/*" not in gap or b"\n" in _BLOCK_COMMENT.sub(b"", gap)
