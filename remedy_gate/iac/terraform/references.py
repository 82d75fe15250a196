"""Which blocks an expression names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .body import Argument, Body
from .syntax import Attr, Expression, Index, Literal, Traversal, traversals_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_NOT_RESOURCES = frozenset(("each", "count", "self", "path", "terraform"))


def address_of(traversal: Traversal) -> str:
    """The address of the block that a name points at, empty where it cannot be one."""
    names = [step.name for step in traversal.steps[:2] if isinstance(step, Attr)]
    root = traversal.root
    if not names or not isinstance(traversal.steps[0], Attr) or root in _NOT_RESOURCES:
        return ""
    if root in {"data", "ephemeral"}:
        return f"{root}.{names[0]}.{names[1]}" if len(names) > 1 else ""
    return f"{root}.{names[0]}"


def text_of_traversal(traversal: Traversal) -> str:
    """A name as it is written: `aws_s3_bucket.logs["a"].arn`."""
    text = traversal.root
    for step in traversal.steps:
        if isinstance(step, Attr):
            text += f".{step.name}"
        elif isinstance(step, Index) and isinstance(step.key, Literal):
            key = step.key.value
            text += f'["{key}"]' if isinstance(key, str) else f"[{key}]"
        else:
            text += "[*]"
    return text


def references_in(body: Body, declared: Container[str]) -> frozenset[str]:
    """The addresses among `declared` that the expressions of a body name, wherever in it."""
    found: set[str] = set()
    for expression in expressions_in(body):
        for traversal in traversals_of(expression):
            address = address_of(traversal)
            if address in declared:
                found.add(address)
            elif f"provider.{address}" in declared:
                found.add(f"provider.{address}")
    return frozenset(found)


def expressions_in(body: Body) -> Iterator[Expression]:
    """Every argument's expression, those of nested blocks among them."""
    waiting = [body]
    while waiting:
        for entry in waiting.pop().entries:
            if isinstance(entry, Argument):
                yield entry.expression
            else:
                waiting.append(entry.body)
