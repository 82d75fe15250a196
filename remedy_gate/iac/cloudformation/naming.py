"""What the expressions of a template name: resources, parameters, conditions and mappings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .intrinsics import VARIABLE, Call, call, target

if TYPE_CHECKING:
    from .node import Node

# Keys of a resource or an output whose text names other blocks.
_KEYS = {"DependsOn": "block", "Condition": "condition"}


def names(node: Node) -> Iterator[tuple[str, str]]:
    """Every name in `node`, with its kind: `block` (a resource or a parameter), `condition` or `mapping`."""
    seen: set[int] = set()
    stack = [node]
    while stack:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if current.id == "scalar" and not current.tag:
            continue
        made = call(current)
        if made:
            yield from _of_call(made)
        if current.id == "mapping":
            yield from _of_keys(current)
            stack.extend(value for _, value in current.value)
        elif current.id == "sequence":
            stack.extend(current.value)


def _of_keys(node: Node) -> Iterator[tuple[str, str]]:
    for key, value in node.value:
        kind = _KEYS.get(key.value)
        if kind and value.id == "scalar":
            yield kind, value.value
        elif kind == "block" and value.id == "sequence":
            yield from ((kind, item.value) for item in value.value if item.id == "scalar")


def _of_call(made: Call) -> Iterator[tuple[str, str]]:
    items = made.argument.items or ()
    first = items[0].text if items else None
    match made.function:
        case "Ref" if made.argument.text:
            yield "block", made.argument.text
        case "GetAtt":
            yield "block", target(made.argument)[0]
        case "Sub":
            own = {key.value for item in items[1:] if item.node.id == "mapping" for key, _ in item.node.value}
            for variable in VARIABLE.findall(made.argument.text or first or ""):
                if variable.strip() not in own:
                    yield "block", variable.strip().partition(".")[0]
        case "FindInMap" if first:
            yield "mapping", first
        case "If" if first:
            yield "condition", first
        case "Condition" if made.argument.text:
            yield "condition", made.argument.text
