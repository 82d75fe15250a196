"""What nodes and data mean, whichever way they are written: the measure by which an edit is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from remedy_gate.iac.operations import Data, Raw, Ref, Table
from remedy_gate.iac.values import Path, Scalar, Unknown

from .expressions import raw_node
from .intrinsics import Argument, Call, call, long_call, target
from .scalars import plain_value, scalar

if TYPE_CHECKING:
    from .node import Node


class Leaf(NamedTuple):
    """A scalar. `kind` keeps true, 1 and 1.0 apart."""

    kind: str
    value: Scalar


class Group(NamedTuple):
    """A mapping, a list or a call: `kind` says which, `entries` are keys or positions and what stands there."""

    kind: str
    entries: tuple[tuple[str | int, Shape], ...]


Shape = Leaf | Group


def shape(node: Node) -> Shape:
    """What a node means. The short and the long form of a call are the same."""
    made = call(node)
    if made:
        return _of_call(made)
    if node.id == "scalar":
        value = scalar(node)
        return Leaf("tagged", node.value) if isinstance(value, Unknown) else leaf(value.value)
    return _of_collection(node)


def leaf(value: Scalar) -> Leaf:
    """A scalar as a shape."""
    return Leaf(type(value).__name__, value)


def _of_collection(node: Node) -> Group:
    if node.id == "sequence":
        return Group("list", tuple((index, shape(item)) for index, item in enumerate(node.value)))
    return Group("map", tuple((key.value, shape(value)) for key, value in node.value))


def _of_call(made: Call) -> Shape:
    argument = made.argument
    if made.function == "GetAtt":
        address, attribute = target(argument)
        if isinstance(attribute, str):
            return _call_of("GetAtt", leaf(f"{address}.{attribute}"))
    return _call_of(made.function, _of_argument(argument))


def _of_argument(argument: Argument) -> Shape:
    node = argument.node
    if not argument.tagged:
        return shape(node)
    if node.id == "scalar":
        return leaf(node.value if node.style else plain_value(node.value))
    inner = long_call(node)
    return _of_call(inner) if inner else _of_collection(node)


def _call_of(function: str, argument: Shape) -> Group:
    return Group("call", ((function, argument),))


def intended(data: Data) -> Shape:
    """What data means once it is written; a `Fault` for an expression that cannot be read."""
    match data:
        case Ref():
            address = data.address.removeprefix("Parameters.")
            if data.attribute:
                return _call_of("GetAtt", leaf(f"{address}.{data.attribute}"))
            return _call_of("Ref", leaf(address))
        case Raw():
            return shape(raw_node(data))
        case Table():
            return _of_table(data)
        case tuple():
            return Group("list", tuple((index, intended(item)) for index, item in enumerate(data)))
        case _:
            return leaf(data)


def _of_table(table: Table) -> Group:
    if len(table.entries) == 1:
        name, argument = table.entries[0]
        if name == "Ref" or name.startswith("Fn::"):
            return _of_long(name.removeprefix("Fn::"), argument)
    return Group("map", tuple((name, intended(value)) for name, value in table.entries))


def _of_long(function: str, argument: Data) -> Group:
    if function == "GetAtt" and type(argument) is tuple:
        texts = [part for part in argument if isinstance(part, str)]
        if len(texts) == len(argument):
            return _call_of(function, leaf(".".join(texts)))
    return _call_of(function, intended(argument))


def changed(whole: Shape, path: Path, new: Shape | None) -> Shape:
    """`whole` with what stands at `path` set to `new`, or taken away. KeyError where the path leads nowhere."""
    if not path:
        if new is None:
            raise KeyError(path)
        return new
    if not isinstance(whole, Group) or whole.kind == "call":
        raise KeyError(path)
    step, rest = path[0], path[1:]
    entries: list[tuple[Any, Shape]] = []
    found = False
    for key, value in whole.entries:
        if key != step:
            entries.append((key, value))
            continue
        found = True
        if rest or new is not None:
            entries.append((key, changed(value, rest, new)))
    if not found:
        if new is None or isinstance(step, int) != (whole.kind == "list"):
            raise KeyError(path)
        entries.append((step, changed(Group("map", ()), rest, new) if rest else new))
    if whole.kind == "list":
        entries = [(index, value) for index, (_, value) in enumerate(entries)]
    return Group(whole.kind, tuple(entries))


def same_shape(one: Shape, other: Shape) -> bool:
    """Whether two shapes mean the same: the order of a mapping's keys means nothing."""
    match one, other:
        case Leaf(), Leaf():
            return one == other
        case Group(), Group():
            mine, theirs = dict(one.entries), dict(other.entries)
            return (
                one.kind == other.kind
                and len(one.entries) == len(other.entries)
                and mine.keys() == theirs.keys()
                and all(same_shape(mine[key], theirs[key]) for key in mine)
            )
        case _:
            return False
