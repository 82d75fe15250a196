"""Values as they stand in HCL, nothing worked out: what an editor may rely on when it reads its own work back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.iac.values import Fields, Items, Known, Unknown, Value

from .expressions import expression_of
from .syntax import Literal, Unary

if TYPE_CHECKING:
    import tree_sitter


def written_value(expression: tree_sitter.Node, text: bytes) -> Value:
    """Literals, and lists and objects of them, are known. Any other expression is unknown with its own source text."""
    node = _inside(expression)
    if node is not None and node.type == "tuple":
        return Items(tuple(written_value(child, text) for child in node.children if child.type == "expression"))
    if node is not None and node.type == "object":
        pairs = [_pair(child, text) for child in node.children if child.type == "object_elem"]
        return Fields(
            tuple((key, value) for key, value in pairs if key is not None), all(k is not None for k, _ in pairs)
        )
    read = expression_of(expression, text)
    match read:
        case Literal():
            return Known(read.value)
        case Unary(operator="-", operand=Literal(value=int() | float() as number)):
            return Known(-number)
        case _:
            return Unknown(text[expression.start_byte : expression.end_byte].decode("utf-8", "replace"))


def _inside(expression: tree_sitter.Node) -> tree_sitter.Node | None:
    """The list or object that an expression is, if it is nothing more."""
    children = expression.children
    if len(children) != 1 or children[0].type != "collection_value":
        return None
    return children[0].children[0]


def _pair(item: tree_sitter.Node, text: bytes) -> tuple[str | None, Value]:
    key, value = (child for child in item.children if child.type == "expression")
    return key_text(key, text), written_value(value, text)


def key_text(key: tree_sitter.Node, text: bytes) -> str | None:
    """The key of an object's item, None where it must be worked out."""
    children = key.children
    if len(children) == 1 and children[0].type == "variable_expr":
        return text[key.start_byte : key.end_byte].decode("utf-8", "replace")
    read = expression_of(key, text)
    if not isinstance(read, Literal) or read.value is None:
        return None
    if isinstance(read.value, bool):
        return "true" if read.value else "false"
    return str(read.value)
