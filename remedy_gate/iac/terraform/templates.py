"""Quoted texts and heredocs to expressions: escapes, indentation, strip markers, interpolations, directives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .syntax import Choice, Expression, Literal, Opaque, Repeat, Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    import tree_sitter

_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[nrt"\\])|([$%])\2\{')
_DOUBLED = re.compile(r"([$%])\1\{")
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LIVE = frozenset(("template_interpolation", "template_directive"))
_MIDDLE = frozenset(("template_else_intro",))


class _Style(NamedTuple):
    """How literal parts are read: with backslash escapes, or without and less so many columns of every line."""

    quoted: bool
    indent: int = 0


class _Part(NamedTuple):
    """A part, and whether it strips the white space to its left and right."""

    expression: Expression
    left: bool = False
    right: bool = False


def template_of(node: tree_sitter.Node, text: bytes, depth: int) -> Expression:
    """The expression that a quoted text or heredoc stands for."""
    if node.type == "heredoc_template":
        return _heredoc(node, text, depth)
    start, end = node.start_byte + 1, node.end_byte - 1
    style = _Style(quoted=True)
    if node.type == "string_lit":
        return Literal(_literal(text, start, end, style))
    return _joined(_parts(node.children, start, end, text, style, depth), keep_text=False)


def label_text(node: tree_sitter.Node, text: bytes) -> str:
    """A block label: an identifier, or a quoted text."""
    if node.type == "identifier":
        return text[node.start_byte : node.end_byte].decode("utf-8", "replace")
    return _literal(text, node.start_byte + 1, node.end_byte - 1, _Style(quoted=True))


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


def _heredoc(node: tree_sitter.Node, text: bytes, depth: int) -> Expression:
    opening, closing = (child for child in node.children if child.type == "heredoc_identifier")
    start = text.index(b"\n", opening.end_byte) + 1
    end = text.rindex(b"\n", 0, closing.start_byte) + 1
    indent = _indent(node, text, start, end) if text[node.start_byte : opening.start_byte].strip() == b"<<-" else 0
    parts = _parts(node.children, start, end, text, _Style(quoted=False, indent=indent), depth)
    return _joined(parts, keep_text=True)


def _indent(node: tree_sitter.Node, text: bytes, start: int, end: int) -> int:
    """The white space that all lines share; blank ones and those inside an interpolation do not count."""
    live = [(child.start_byte, child.end_byte) for child in node.children if child.type in _LIVE]
    least = -1
    position = start
    while position < end:
        line_end = text.find(b"\n", position, end)
        line_end = end if line_end < 0 else line_end
        line = text[position:line_end]
        inside = any(first < position < last for first, last in live)
        if line.strip() and not inside:
            spaces = len(line) - len(line.lstrip())
            least = spaces if least < 0 else min(least, spaces)
        position = line_end + 1
    return max(least, 0)


def _literal(text: bytes, start: int, end: int, style: _Style) -> str:
    raw = text[start:end].decode("utf-8", "replace")
    if style.quoted:
        return unescaped(raw)
    if style.indent:
        raw = re.sub(rf"(?<=\n)[ \t]{{1,{style.indent}}}", "", raw)
        if start and text[start - 1] == ord("\n"):
            raw = re.sub(rf"^[ \t]{{1,{style.indent}}}", "", raw)
    return _DOUBLED.sub(r"\1{", raw) if "{" in raw else raw


def _parts(
    nodes: Sequence[tree_sitter.Node], start: int, end: int, text: bytes, style: _Style, depth: int
) -> list[_Part]:
    found: list[_Part] = []
    position = start
    for node in nodes:
        if node.type not in _LIVE or node.start_byte < start:
            continue
        if node.start_byte > position:
            found.append(_Part(Literal(_literal(text, position, node.start_byte, style))))
        found.append(_live_part(node, text, style, depth))
        position = node.end_byte
    if position < end:
        found.append(_Part(Literal(_literal(text, position, end, style))))
    return found


def _live_part(node: tree_sitter.Node, text: bytes, style: _Style, depth: int) -> _Part:
    from .expressions import MAX_DEPTH, expression_of

    if depth > MAX_DEPTH:
        return _Part(Opaque("this text is nested too deep to be looked into"))
    if node.type == "template_interpolation":
        inner = next(child for child in node.children if child.type == "expression")
        return _Part(expression_of(inner, text, depth + 1), *_strips(node, text))
    directive = node.children[0]
    first, last = directive.children[0], directive.children[-1]
    build = _choice if directive.type == "template_if" else _repeat
    return _Part(build(directive, text, style, depth + 1), _strips(first, text)[0], _strips(last, text)[1])


def _strips(node: tree_sitter.Node, text: bytes) -> tuple[bool, bool]:
    return text[node.start_byte + 2] == ord("~"), text[node.end_byte - 2] == ord("~")


def _choice(node: tree_sitter.Node, text: bytes, style: _Style, depth: int) -> Expression:
    children = node.children
    turn = next((i for i, child in enumerate(children) if child.type in _MIDDLE), len(children) - 1)
    yes = _between(children[0], children[1:turn], children[turn], text, style, depth)
    no = Template(())
    if turn < len(children) - 1:
        no = _between(children[turn], children[turn + 1 : -1], children[-1], text, style, depth)
    return Choice(_condition(children[0], text, depth), yes, no)


def _repeat(node: tree_sitter.Node, text: bytes, style: _Style, depth: int) -> Expression:
    intro = node.children[0]
    names = [
        child.text.decode("utf-8", "replace") for child in intro.children if child.type == "identifier" and child.text
    ]
    key_name, value_name = names if len(names) > 1 else ("", names[0])
    body = _between(intro, node.children[1:-1], node.children[-1], text, style, depth)
    return Repeat(key_name, value_name, _condition(intro, text, depth), body)


def _condition(intro: tree_sitter.Node, text: bytes, depth: int) -> Expression:
    from .expressions import expression_of

    return expression_of(next(child for child in intro.children if child.type == "expression"), text, depth)


def _between(
    first: tree_sitter.Node,
    nodes: Sequence[tree_sitter.Node],
    last: tree_sitter.Node,
    text: bytes,
    style: _Style,
    depth: int,
) -> Template:
    parts = _parts(nodes, first.end_byte, last.start_byte, text, style, depth)
    strip_start, strip_end = _strips(first, text)[1], _strips(last, text)[0]
    edged = [_Part(Literal(""), right=strip_start), *parts, _Part(Literal(""), left=strip_end)]
    return Template(tuple(part.expression for part in _stripped(edged) if part.expression != Literal("")))


def _stripped(parts: list[_Part]) -> list[_Part]:
    result = list(parts)
    for index, part in enumerate(result):
        if not isinstance(part.expression, Literal) or not isinstance(part.expression.value, str):
            continue
        words = part.expression.value
        if index and result[index - 1].right:
            words = words.lstrip()
        if index + 1 < len(result) and result[index + 1].left:
            words = words.rstrip()
        result[index] = part._replace(expression=Literal(words))
    return result


def _joined(parts: list[_Part], *, keep_text: bool) -> Expression:
    if len(parts) == 1 and not keep_text and not isinstance(parts[0].expression, Literal | Choice | Repeat):
        return parts[0].expression
    expressions = tuple(part.expression for part in _stripped(parts))
    if all(isinstance(part, Literal) for part in expressions):
        return Literal("".join(str(part.value) for part in expressions if isinstance(part, Literal)))
    return Template(expressions)
