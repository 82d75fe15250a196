"""JSON that is the text of a heredoc: where it stands, read with the interpolations in it taken for plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.iac.json_values import without_last_commas

from .json_syntax import JsonScalar, JsonValue, parse_json
from .parser import Mistake

if TYPE_CHECKING:
    import tree_sitter


class JsonText(NamedTuple):
    """The offset of the text in the file, the value with offsets in the text, and the text."""

    start: int
    root: JsonValue
    text: bytes


def json_in(expression: tree_sitter.Node, text: bytes) -> JsonText | None:
    """The JSON that an expression is, if it is a heredoc and nothing more, and JSON as it stands."""
    heredoc = _heredoc(expression)
    if heredoc is None:
        return None
    marks = [child for child in heredoc.children if child.type == "heredoc_identifier"]
    if len(marks) != 2:  # noqa: PLR2004 - the opening and the closing one
        return None
    start = text.find(b"\n", marks[0].end_byte) + 1
    end = text.rfind(b"\n", start - 1, marks[1].start_byte) + 1
    content = bytearray(text[start:end])
    for child in heredoc.children:
        if child.type == "template_directive":
            return None
        if child.type == "template_interpolation":
            # A number of ones is JSON within a text and outside of one.
            content[child.start_byte - start : child.end_byte - start] = b"1" * (child.end_byte - child.start_byte)
    root = parse_json(bytes(content))
    if isinstance(root, Mistake):
        # Byte for byte, so that every offset stays what it is.
        root = parse_json(without_last_commas(content.decode("latin-1")).encode("latin-1"))
    return None if isinstance(root, Mistake | JsonScalar) else JsonText(start, root, text[start:end])


def _heredoc(expression: tree_sitter.Node) -> tree_sitter.Node | None:
    node = expression
    for kind in ("template_expr", "heredoc_template"):
        children = [child for child in node.children if child.type != "comment"]
        if len(children) != 1 or children[0].type != kind:
            return None
        node = children[0]
    return node
