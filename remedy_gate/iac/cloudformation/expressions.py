"""References and raw expressions as data: taken apart, with every call in the long form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.iac.operations import Data, Raw, Ref, Table
from remedy_gate.iac.values import Unknown

from .compose import compose
from .intrinsics import Call, call
from .scalars import plain_value, scalar
from .source import Fault, Source

if TYPE_CHECKING:
    from .node import Node


def long_form(data: Ref | Raw) -> Data:
    """A reference or an expression as JSON and the long style of YAML write it."""
    if isinstance(data, Raw):
        return _data_of(raw_node(data))
    address = data.address.removeprefix("Parameters.")
    if data.attribute:
        return Table((("Fn::GetAtt", (address, data.attribute)),))
    return Table((("Ref", address),))


def raw_node(raw: Raw) -> Node:
    """The node that a raw expression is; a `Fault` where it is not well-formed."""
    return compose(Source("", b"", raw.text.strip(), 0), json_text=False)


def _data_of(node: Node) -> Data:
    if node.tag.startswith("!"):
        made = call(node)
        assert made, "a tag of the template's own is a call"
        name = made.function if made.function in {"Ref", "Condition"} else f"Fn::{made.function}"
        return Table(((name, _argument(made)),))
    if node.id != "scalar":
        return _collection(node)
    value = scalar(node)
    if isinstance(value, Unknown):
        raise Fault(0, value.reason)
    return value.value


def _collection(node: Node) -> Data:
    if node.id == "sequence":
        return tuple(_data_of(item) for item in node.value)
    return Table(tuple((key.value, _data_of(value)) for key, value in node.value))


def _argument(made: Call) -> Data:
    node = made.argument.node
    if node.id != "scalar":
        return _collection(node)
    text = str(node.value)
    if made.function == "GetAtt":
        address, _, attribute = text.partition(".")
        return address, attribute
    return text if node.style else plain_value(text)
