"""Syntax nodes to expressions. The tree's quirks are put right here: conditionals from the left, flat operands."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from .syntax import (
    Access,
    Attr,
    Binary,
    Call,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    Index,
    Literal,
    ObjectOf,
    Opaque,
    Splat,
    Step,
    Traversal,
    TupleOf,
    Unary,
)
from .templates import template_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import tree_sitter

MAX_DEPTH = 60
"""Expressions within expressions that are looked into. Nobody writes half of that by hand."""

_BRACKETS = frozenset(("(", ")", "[", "]", ",", "tuple_start", "tuple_end", "object_start", "object_end", "comment"))
_OPERATORS = frozenset(("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"))
_WRAPPERS = frozenset(("literal_value", "collection_value", "template_expr", "operation", "for_expr"))


def expression_of(node: tree_sitter.Node, text: bytes, depth: int = 0) -> Expression:
    """The expression that an `expression` node of `text` stands for."""
    if depth > MAX_DEPTH:
        return Opaque("this expression is nested too deep to be looked into")
    children = node.children
    if len(children) == 1:
        return _term(children[0], text, depth)
    return _operand([child for child in children if child.type != "comment"], text, depth)


def number_of(digits: bytes) -> int | float:
    """A number as Terraform counts: 1.0 is 1. One that is too large to count with is infinite."""
    if digits.isdigit() and len(digits) < 300:  # noqa: PLR2004 - a float ends a little above
        return int(digits)
    number = float(digits)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _operand(nodes: Sequence[tree_sitter.Node], text: bytes, depth: int) -> Expression:
    """A term, perhaps in parentheses, and the steps that are taken from it."""
    if depth > MAX_DEPTH:
        return Opaque("this expression is nested too deep to be looked into")
    first = nodes[0]
    position = 1
    base: Expression
    if first.type == "(":
        inner = next(node for node in nodes if node.type == "expression")
        base = expression_of(inner, text, depth + 1)
        position = next(i for i, node in enumerate(nodes) if node.type == ")") + 1
    elif first.type in {"-", "!"}:
        return Unary(first.type, _operand(nodes[1:], text, depth + 1))
    else:
        base = _term(first, text, depth)
    steps = _steps(nodes[position:], text, depth)
    if not steps:
        return base
    if isinstance(base, Traversal) and first.type != "(":
        return Traversal(base.root, base.steps + steps)
    return Access(base, steps)


def _term(node: tree_sitter.Node, text: bytes, depth: int) -> Expression:
    kind = node.type
    if kind in _WRAPPERS:
        node = node.children[0]
        kind = node.type
    match kind:
        case "variable_expr":
            return Traversal(_text(node, text), ())
        case "string_lit" | "quoted_template" | "heredoc_template":
            return template_of(node, text, depth)
        case "numeric_lit":
            return _number(text[node.start_byte : node.end_byte])
        case "bool_lit":
            return Literal(text[node.start_byte] == ord("t"))
        case "null_lit":
            return Literal(None)
        case _:
            return _compound(node, kind, text, depth)


def _number(digits: bytes) -> Expression:
    number = number_of(digits)
    return Literal(number) if isfinite(number) else Opaque("the number is too large")


def _compound(node: tree_sitter.Node, kind: str, text: bytes, depth: int) -> Expression:
    match kind:
        case "tuple":
            return TupleOf(_inner(node, text, depth))
        case "object":
            items = (child for child in node.children if child.type == "object_elem")
            return ObjectOf(tuple(_item(item, text, depth) for item in items))
        case "function_call":
            return _call(node, text, depth)
        case "conditional":
            return _conditional(node, text, depth)
        case "binary_operation":
            return _binary(node, text, depth)
        case "unary_operation":
            return _operand([child for child in node.children if child.type != "comment"], text, depth + 1)
        case "for_tuple_expr" | "for_object_expr":
            return _for(node, text, depth)
        case "expression":
            return expression_of(node, text, depth)
        case _:
            return Opaque(f"`{_text(node, text)[:60]}` is not understood")


def _inner(node: tree_sitter.Node, text: bytes, depth: int) -> tuple[Expression, ...]:
    return tuple(expression_of(child, text, depth + 1) for child in node.children if child.type == "expression")


def _item(node: tree_sitter.Node, text: bytes, depth: int) -> tuple[Expression, Expression]:
    key, value = (child for child in node.children if child.type == "expression")
    name = expression_of(key, text, depth + 1)
    if isinstance(name, Traversal) and not name.steps and text[key.start_byte] != ord("("):
        name = Literal(name.root)
    return name, expression_of(value, text, depth + 1)


def _call(node: tree_sitter.Node, text: bytes, depth: int) -> Expression:
    name = _text(node.children[0], text)
    arguments = next((child for child in node.children if child.type == "function_arguments"), None)
    if arguments is None:
        return Call(name, (), expands=False)
    expands = any(child.type == "ellipsis" for child in arguments.children)
    return Call(name, _inner(arguments, text, depth), expands=expands)


def _conditional(node: tree_sitter.Node, text: bytes, depth: int) -> Expression:
    """The grammar reads `a ? b : c ? d : e` from the left; Terraform means `a ? b : (c ? d : e)`."""
    branches: list[tuple[tree_sitter.Node, tree_sitter.Node]] = []
    while True:
        test, yes, no = (child for child in node.children if child.type == "expression")
        branches.append((yes, no))
        bare = [child for child in test.children if child.type != "comment"]
        if len(bare) != 1 or bare[0].type != "conditional":
            break
        node = bare[0]
    if len(branches) > MAX_DEPTH:
        return Opaque("this chain of conditionals is too long to be looked into")
    result = expression_of(branches[0][1], text, depth + 1)
    for inner, outer in zip(branches[1:], branches, strict=False):
        result = Conditional(expression_of(inner[1], text, depth + 1), expression_of(outer[0], text, depth + 1), result)
    return Conditional(expression_of(test, text, depth + 1), expression_of(branches[-1][0], text, depth + 1), result)


def _binary(node: tree_sitter.Node, text: bytes, depth: int) -> Expression:
    if depth > MAX_DEPTH:
        return Opaque("this chain of operators is too long to be looked into")
    children = [child for child in node.children if child.type != "comment"]
    middle = next(i for i, child in enumerate(children) if i and child.type in _OPERATORS)
    left = _operand(children[:middle], text, depth + 1)
    return Binary(children[middle].type, left, _operand(children[middle + 1 :], text, depth + 1))


def _for(node: tree_sitter.Node, text: bytes, depth: int) -> Expression:
    intro = next(child for child in node.children if child.type == "for_intro")
    names = [_text(child, text) for child in intro.children if child.type == "identifier"]
    collection = next(child for child in intro.children if child.type == "expression")
    key_name, value_name = names if len(names) > 1 else ("", names[0])
    condition = next((child for child in node.children if child.type == "for_cond"), None)
    test = None if condition is None else _inner(condition, text, depth)[0]
    source = expression_of(collection, text, depth + 1)
    parts = _inner(node, text, depth)
    if len(parts) == 1:
        return ForTuple(key_name, value_name, source, parts[0], test)
    grouping = any(child.type == "ellipsis" for child in node.children)
    return ForObject(key_name, value_name, source, parts[0], parts[1], test, grouping)


def _steps(nodes: Sequence[tree_sitter.Node], text: bytes, depth: int) -> tuple[Step, ...]:
    steps: list[Step] = []
    for node in nodes:
        match node.type:
            case "get_attr":
                steps.append(Attr(_text(node.children[-1], text)))
            case "index":
                steps.append(_index(node.children[0], text, depth))
            case "splat":
                steps.extend(_splat(node.children[0], text, depth))
    return tuple(steps)


def _index(node: tree_sitter.Node, text: bytes, depth: int) -> Index:
    if node.type == "legacy_index":
        return Index(Literal(number_of(text[node.start_byte + 1 : node.end_byte].strip())))
    return Index(_inner(node, text, depth)[0])


def _splat(node: tree_sitter.Node, text: bytes, depth: int) -> list[Step]:
    """`[*]` takes every step on each item; `.*` takes attributes only, and an index from the list that they make."""
    inner = node.children[1:]
    if node.type == "full_splat":
        return [Splat(_steps(inner, text, depth))]
    cut = next((i for i, child in enumerate(inner) if child.type != "get_attr"), len(inner))
    return [Splat(_steps(inner[:cut], text, depth)), *_steps(inner[cut:], text, depth)]


def _text(node: tree_sitter.Node, text: bytes) -> str:
    return text[node.start_byte : node.end_byte].decode("utf-8", "replace")
