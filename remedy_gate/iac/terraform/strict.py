"""What tree-sitter lets pass in bodies and `terraform fmt` does not: lines, labels, duplicates, single-line blocks."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from .parser import Mistake
from .strict_expressions import empty_mistake, expression_mistake, namespace_mistake, number_mistake

if TYPE_CHECKING:
    import tree_sitter

_ASSIGNED = re.compile(rb"([^\s=/#]+)[ \t]*=[ \t]*(?=[^\s/#])")
_PLAIN_HEADER = re.compile(rb'[\w-]+(?:[ \t]+(?:"[^"\\\n${%]*"|[\w-]+))*[ \t]*\{')
_BLOCK_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_TEMPLATE = re.compile(rb"(?<!\$)(?:\$\$)*\$\{|(?<!%)(?:%%)*%\{")
_TOP = -1


def first_mistake(tree: tree_sitter.Tree, text: bytes, clean: frozenset[bytes] = frozenset()) -> Mistake | None:
    """The first thing that Terraform would refuse in a file that tree-sitter took.

    `clean` are texts of top-level blocks that were looked at before and have no mistake: what a block means does not hang
    on what stands around it.
    """
    found: list[Mistake] = []
    for child in tree.root_node.children:
        if child.type == "body":
            found = _Bodies(text, clean).mistakes(child)
        elif child.type == "object":
            return Mistake(child.start_byte, "an object stands where blocks and arguments belong")
    anywhere = (look(tree.root_node, text) for look in (number_mistake, namespace_mistake, empty_mistake))
    found += (mistake for mistake in anywhere if mistake is not None)
    return min(found, default=None)


class _Bodies:
    """Goes through all bodies of a file. A body waits with the bytes of its braces."""

    __slots__ = ("_clean", "_has_block_comments", "_text", "_waiting")

    def __init__(self, text: bytes, clean: frozenset[bytes]) -> None:
        self._text = text
        self._clean = clean
        self._has_block_comments = b"/*" in text
        self._waiting: list[tuple[tree_sitter.Node, int, int]] = []

    def mistakes(self, top: tree_sitter.Node) -> list[Mistake]:
        """The first mistake of every body that has one."""
        found: list[Mistake] = []
        self._waiting.append((top, _TOP, _TOP))
        while self._waiting:
            mistake = self._body(*self._waiting.pop())
            if mistake is not None:
                found.append(mistake)
        return found

    def _body(self, body: tree_sitter.Node, opening: int, closing: int) -> Mistake | None:
        """Every item starts a line, and the braces stand where one line or many ask for them."""
        names: set[bytes] = set()
        end = opening
        one_line = False
        for item in body.named_children:
            kind = item.type
            if kind == "comment":
                continue
            start = item.start_byte
            if one_line:
                return Mistake(start, "a block on one line holds one argument at most and no block")
            if end != _TOP and not self._new_line(end, start):
                if end != opening:
                    return Mistake(start, "an argument or block must start on a new line")
                if kind == "block":
                    return Mistake(start, "a block on one line holds one argument at most and no block")
                one_line = True
            end = item.end_byte
            mistake = (
                self._attribute(item, start, end, names)
                if kind == "attribute"
                else self._block(item, start, end, top=opening == _TOP)
            )
            if mistake is not None:
                return mistake
        if opening in {_TOP, end} or self._new_line(end, closing) is not one_line:
            return None
        if one_line:
            return Mistake(closing, "a block that starts on one line must end on it")
        return Mistake(closing, "the closing brace must stand on a new line")

    def _attribute(self, item: tree_sitter.Node, start: int, end: int, names: set[bytes]) -> Mistake | None:
        text = self._text
        assigned = _ASSIGNED.match(text, start)
        name = assigned[1] if assigned else item.children[0].text or b""
        if name in names:
            return Mistake(start, f"the argument `{name.decode('utf-8', 'replace')}` is set twice in one block")
        names.add(name)
        if assigned is None:
            inner = [child for child in item.children if child.type != "comment"]
            if any(self._new_line(one.end_byte, two.start_byte) for one, two in pairwise(inner)):
                return Mistake(start, "an argument, its `=` and the start of its value stand on one line")
        if text.find(b"\n", start, end) < 0 and text.find(b"{", start, end) < 0:
            return None
        return expression_mistake(item.children[-1], text)

    def _block(self, item: tree_sitter.Node, start: int, end: int, *, top: bool) -> Mistake | None:
        if top and self._text[start:end] in self._clean:
            return None
        children = item.children
        header = _PLAIN_HEADER.match(self._text, start)
        opening = header.end() if header else next(c.end_byte for c in children if c.type == "block_start")
        if header is None:
            mistake = self._header(children, opening)
            if mistake is not None:
                return mistake
        for child in reversed(children):
            if child.type == "body":
                self._waiting.append((child, opening, end - 1))
                break
        return None

    def _header(self, children: list[tree_sitter.Node], opening: int) -> Mistake | None:
        end = children[0].start_byte
        for child in children:
            if self._text.find(b"\n", end, child.start_byte) >= 0:
                return Mistake(children[0].start_byte, "a block, its labels and its `{` stand on one line")
            end = child.end_byte
            if end == opening:
                break
            if child.type == "string_lit" and _is_odd_label(self._text[child.start_byte : end]):
                return Mistake(child.start_byte, "a block label is plain text on one line, without a template")
        return None

    def _new_line(self, start: int, end: int) -> bool:
        """Whether a line ends between two bytes, comments of the form /* */ left out."""
        if self._text.find(b"\n", start, end) < 0:
            return False
        if not self._has_block_comments:
            return True
        return b"\n" in _BLOCK_COMMENT.sub(b"", self._text[start:end])


def _is_odd_label(label: bytes) -> bool:
    return b"\n" in label or (b"{" in label and _TEMPLATE.search(label) is not None)
