"""What tree-sitter lets pass in expressions and `terraform fmt` does not: line ends, separators, odd numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .parser import Mistake

if TYPE_CHECKING:
    import tree_sitter

_TWO_DOTS = re.compile(rb"\.\d+\.\d")
_HEXADECIMAL = re.compile(rb"0x")
_NAMESPACE = re.compile(rb"::")
_FUNCTION_NAME = re.compile(rb"[^\s:]+(?:::[^\s:]+)*")
_MAYBE_EMPTY = re.compile(rb"\$\{~?\s*(?:~?\}|#|/)")
_OPENS = frozenset(("(", "tuple_start", "[", "template_interpolation_start"))
_CLOSES = frozenset((")", "tuple_end", "]", "template_interpolation_end"))
_FREE = frozenset(("for_object_expr", "for_tuple_expr", "template_for_start", "template_if_intro"))


def number_mistake(root: tree_sitter.Node, text: bytes) -> Mistake | None:
    """A number with two dots (an unquoted address, a version) or in another base."""
    for pattern in (_TWO_DOTS, _HEXADECIMAL):
        for odd in pattern.finditer(text):
            node = root.descendant_for_byte_range(odd.start(), odd.start() + 1)
            if node is None:
                continue
            if node.type == "numeric_lit" or (node.parent is not None and node.parent.type == "legacy_index"):
                return Mistake(odd.start(), "this is no number; an address or a version must be quoted")
    return None


def namespace_mistake(root: tree_sitter.Node, text: bytes) -> Mistake | None:
    """`::` in a name that is not that of a function."""
    for colons in _NAMESPACE.finditer(text):
        node = root.descendant_for_byte_range(colons.start(), colons.end())
        if node is None or node.type != "identifier":
            continue
        is_function = node.parent is not None and node.parent.type == "function_call"
        if not is_function or not _FUNCTION_NAME.fullmatch(text, node.start_byte, node.end_byte):
            return Mistake(colons.start(), "only the name of a function may have `::` in it")
    return None


def empty_mistake(root: tree_sitter.Node, text: bytes) -> Mistake | None:
    """An interpolation with nothing in it but blanks and comments."""
    for opening in _MAYBE_EMPTY.finditer(text):
        node = root.descendant_for_byte_range(opening.start(), opening.start() + 2)
        holder = node.parent if node is not None and node.type == "template_interpolation_start" else None
        if holder is not None and all(child.type != "expression" for child in holder.children):
            return Mistake(opening.start(), "an interpolation must hold an expression")
    return None


def expression_mistake(expression: tree_sitter.Node, text: bytes) -> Mistake | None:
    """A line end where the expression must go on, a text over two lines, or object items without a separator."""
    found: list[Mistake] = []
    waiting = [(expression, False)]
    while waiting:
        node, free = waiting.pop()
        kind = node.type
        mistake = None
        if kind == "object":
            mistake = _object_mistake(node, text, waiting)
        elif kind in {"quoted_template", "string_lit"}:
            mistake = _quoted_mistake(node, text, waiting)
        elif kind in {"heredoc_template", "template_for", "template_if"}:
            waiting.extend((child, True) for child in node.children if child.type != "template_literal")
            if kind == "heredoc_template":
                mistake = _heredoc_mistake(node, text)
            elif not _in_heredoc(node):
                mistake = _quoted_mistake(node, text, [])
        elif kind != "comment":
            mistake = _line_mistake(node, text, waiting, free=free or kind in _FREE)
        if mistake is not None:
            found.append(mistake)
    return min(found, default=None)


def _worth_a_look(text: bytes, start: int, end: int) -> bool:
    return text.find(b"\n", start, end) >= 0 or text.find(b"{", start, end) >= 0


def _in_heredoc(node: tree_sitter.Node) -> bool:
    above = node.parent
    while above is not None and above.type not in {"heredoc_template", "quoted_template"}:
        above = above.parent
    return above is not None and above.type == "heredoc_template"


def _heredoc_mistake(node: tree_sitter.Node, text: bytes) -> Mistake | None:
    end = node.children[1].end_byte
    if text[end : end + 1] == b"\n" or text[end : end + 2] == b"\r\n":
        return None
    return Mistake(end, "nothing may follow the mark of a heredoc on its line")


def _quoted_mistake(
    node: tree_sitter.Node, text: bytes, waiting: list[tuple[tree_sitter.Node, bool]]
) -> Mistake | None:
    """A line end of a quoted text that stands in no interpolation."""
    end = node.start_byte
    for child in node.children:
        start = child.start_byte
        literal = child.type == "template_literal"
        if text.find(b"\n", end, child.end_byte if literal else start) >= 0:
            return Mistake(node.start_byte, "a quoted text must end on the line where it starts")
        end = child.end_byte
        if not literal and _worth_a_look(text, start, end):
            waiting.append((child, True))
    return None


def _line_mistake(
    node: tree_sitter.Node, text: bytes, waiting: list[tuple[tree_sitter.Node, bool]], *, free: bool
) -> Mistake | None:
    open_brackets = 0
    end = node.start_byte
    for child in node.children:
        kind = child.type
        start = child.start_byte
        if not free and not open_brackets and text.find(b"\n", end, start) >= 0:
            return Mistake(end, "a value may go on in a new line only within brackets")
        end = child.end_byte
        if kind in _OPENS:
            open_brackets += 1
        elif kind in _CLOSES:
            open_brackets -= 1
        elif _worth_a_look(text, start, end):
            waiting.append((child, free or open_brackets > 0))
    return None


def _object_mistake(
    node: tree_sitter.Node, text: bytes, waiting: list[tuple[tree_sitter.Node, bool]]
) -> Mistake | None:
    """Items of an object are parted by a comma or a line end."""
    parted = True
    end = node.start_byte
    for child in node.children:
        kind = child.type
        if kind == "object_elem":
            start = child.start_byte
            if not parted and text.find(b"\n", end, start) < 0:
                return Mistake(start, "items of an object are parted by a comma or a new line")
            parted = False
            end = child.end_byte
            if _worth_a_look(text, start, end):
                waiting.append((child, False))
        elif kind == ",":
            if text.find(b"\n", end, child.start_byte) >= 0:
                return Mistake(child.start_byte, "the comma belongs on the line of the item before it")
            parted = True
    return None
