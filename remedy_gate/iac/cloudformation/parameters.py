"""What a parameter is when a deployment passes nothing else: its default, or one of its allowed values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.iac.values import Items, Known, Unknown, Value

from .choices import one_of
from .scalars import as_text, plain_value, scalar

if TYPE_CHECKING:
    from .node import Node


def default(name: str, node: Node) -> Value:
    """The value of the parameter `name` as the template alone gives it."""
    declared = {key.value: value for key, value in node.value} if node.id == "mapping" else {}
    kind = str(declared["Type"].value) if "Type" in declared else "String"
    if kind.startswith("AWS::SSM::Parameter::Value"):
        return Unknown(f"the parameter {name} is read from the parameter store at deployment")
    if "Default" in declared:
        return _typed(declared["Default"], kind)
    allowed = declared.get("AllowedValues")
    if allowed is not None and allowed.id == "sequence" and allowed.value:
        return one_of(_typed(item, kind) for item in allowed.value)
    return Unknown(f"the parameter {name} has no default")


def _typed(node: Node, kind: str) -> Value:
    if node.id != "scalar":
        return Unknown("a parameter's value is text")
    value = scalar(node)
    if isinstance(value, Unknown):
        return value
    text = as_text(value.value) if node.style else str(node.value)
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        parts = [part.strip() for part in text.split(",")] if text else []
        return Items(tuple(Known(_number(part) if kind == "List<Number>" else part) for part in parts))
    return Known(_number(text)) if kind == "Number" else value


def _number(text: str) -> str | int | float:
    value = plain_value(text)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else text
