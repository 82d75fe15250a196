"""Quoted texts and heredocs to expressions: escapes, strip markers, indentation, interpolations, directives."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from .syntax import Choice, Expression, Literal, Opaque, Repeat, Template
from .template_text import Cell, Mark, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    import tree_sitter

_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[nrt"\\])|([$%])\2\{')
_DOUBLED = re.compile(r"([$%])\1\{")
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LIVE = frozenset(("template_interpolation", "template_directive"))


def template_of(node: tree_sitter.Node, text: bytes, depth: int) -> Expression:
    """The expression that a quoted text or heredoc stands for."""
    if node.type == "string_lit":
        return Literal(unescaped(text[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace")))
    reader = _Reader(text, heredoc=node.type == "heredoc_template", depth=depth)
    if node.type == "quoted_template":
        parts = reader.parts(node.children, node.start_byte + 1, node.end_byte - 1)
        settle(reader.flat, flush=False)
        if len(parts) == 1 and not isinstance(parts[0], Cell | _Directive):
            return parts[0]
        return _joined(parts)
    opening, closing = (child for child in node.children if child.type == "heredoc_identifier")
    start = text.index(b"\n", opening.end_byte) + 1
    end = text.rindex(b"\n", 0, closing.start_byte) + 1
    parts = reader.parts(node.children, start, end)
    settle(reader.flat, flush=text[node.start_byte : opening.start_byte].strip() == b"<<-")
    return _joined(parts)


def label_text(node: tree_sitter.Node, text: bytes) -> str:
    """A block label: an identifier, or a quoted text."""
    if node.type == "identifier":
        return text[node.start_byte : node.end_byte].decode("utf-8", "replace")
    return unescaped(text[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace"))


def unescaped(raw: str) -> str:
    """The text that the inside of a pair of quotes stands for."""
    if "\\" not in raw and "{" not in raw:
        return raw
    return _ESCAPE.sub(_escape, raw)


def _escape(found: re.Match[str]) -> str:
    if found[2]:
        return found[2] + "{"
    code = found[1]
    if code in _PLAIN_ESCAPES:
        return _PLAIN_ESCAPES[code]
    point = int(code[1:], 16)
    return chr(point) if point < 0x110000 and not 0xD800 <= point < 0xE000 else "\ufffd"  # noqa: PLR2004 - Unicode's bounds


class _Directive:
    """`%{ if }` or `%{ for }` with its bodies, before the texts in them are settled."""

    __slots__ = ("bodies", "names", "subject")

    def __init__(
        self, subject: Expression, bodies: tuple[list[Cell | Expression | _Directive], ...], names: tuple[str, ...]
    ) -> None:
        self.subject = subject
        self.bodies = bodies
        self.names = names

    def expression(self) -> Expression:
        """The directive as an expression."""
        bodies = [_template(body) for body in self.bodies]
        if not self.names:
            return Choice(self.subject, bodies[0], bodies[1] if len(bodies) > 1 else Template(()))
        key_name, value_name = self.names if len(self.names) > 1 else ("", self.names[0])
        return Repeat(key_name, value_name, self.subject, bodies[0])


_Parts: TypeAlias = "list[Cell | Expression | _Directive]"


class _Reader:
    """Reads the parts of one text. `flat` has its literal pieces and marks in a row, whatever they are nested in."""

    __slots__ = ("_depth", "_heredoc", "_text", "flat")

    def __init__(self, text: bytes, *, heredoc: bool, depth: int) -> None:
        self._text = text
        self._heredoc = heredoc
        self._depth = depth
        self.flat: list[Cell | Mark] = []

    def parts(self, nodes: Sequence[tree_sitter.Node], start: int, end: int) -> _Parts:
        """The parts between two bytes; what lies between the live ones is literal."""
        found: _Parts = []
        position = start
        for node in nodes:
            if node.type in _LIVE and node.start_byte >= start:
                self._literals(position, node.start_byte, found)
                found.append(self._live(node))
                position = node.end_byte
        self._literals(position, end, found)
        return found

    def _literals(self, start: int, end: int, found: _Parts) -> None:
        if end <= start:
            return
        raw = self._text[start:end].decode("utf-8", "replace")
        if not self._heredoc:
            pieces = [unescaped(raw)]
        else:
            plain = _DOUBLED.sub(r"\1{", raw) if "{" in raw else raw
            pieces = re.findall(r"[^\n]*\n|[^\n]+", plain)
        cells = [Cell(piece) for piece in pieces]
        found.extend(cells)
        self.flat.extend(cells)

    def _live(self, node: tree_sitter.Node) -> Expression | _Directive:
        from .expressions import MAX_DEPTH

        if self._depth > MAX_DEPTH:
            self.flat.append(Mark())
            return Opaque("this text is nested too deep to be looked into")
        if node.type == "template_interpolation":
            return self._inner(node)
        self._depth += 1
        children = node.children[0].children
        subject = self._inner(children[0])
        names = tuple(
            self._text[child.start_byte : child.end_byte].decode("utf-8", "replace")
            for child in children[0].children
            if child.type == "identifier"
        )
        turns = [0, *(i for i, child in enumerate(children) if child.type == "template_else_intro"), len(children) - 1]
        bodies: list[_Parts] = []
        for turn, following in pairwise(turns):
            inside = children[turn + 1 : following]
            bodies.append(self.parts(inside, children[turn].end_byte, children[following].start_byte))
            self._mark(children[following])
        self._depth -= 1
        return _Directive(subject, tuple(bodies), names)

    def _inner(self, node: tree_sitter.Node) -> Expression:
        from .expressions import expression_of

        self._mark(node)
        inner = next((child for child in node.children if child.type == "expression"), None)
        if inner is None:  # the strict checks of HCL refuse it; a text in JSON code has not been through them
            return Opaque("there is nothing in this interpolation")
        return expression_of(inner, self._text, self._depth + 1)

    def _mark(self, node: tree_sitter.Node) -> None:
        left, right = self._text[node.start_byte + 2] == ord("~"), self._text[node.end_byte - 2] == ord("~")
        self.flat.append(Mark(left, right))


def _template(parts: _Parts) -> Template:
    expressions: list[Expression] = []
    words = ""
    for part in parts:
        if isinstance(part, Cell):
            words += part.text
            continue
        if words:
            expressions.append(Literal(words))
            words = ""
        expressions.append(part.expression() if isinstance(part, _Directive) else part)
    if words:
        expressions.append(Literal(words))
    return Template(tuple(expressions))


def _joined(parts: _Parts) -> Expression:
    template = _template(parts)
    if not template.parts:
        return Literal("")
    return template.parts[0] if len(template.parts) == 1 and isinstance(template.parts[0], Literal) else template
