"""Names out of a template's properties: what is written, with a hole for each part that the template leaves open.

A parameter's default counts as what the template says, and so does each of its allowed values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.iac.cloudformation.intrinsics import VARIABLE, Argument, call
from remedy_gate.iac.cloudformation.merging import merged_entries
from remedy_gate.iac.cloudformation.module import Template
from remedy_gate.iac.values import Known, OneOf, Value, settled

from .identity import name_attribute
from .naming import ACCOUNT, REGION, Hole, Name, Names, fixed, joined, unknown

if TYPE_CHECKING:
    from remedy_gate.iac.cloudformation.node import Node

MOST_STEPS = 24
_PSEUDO = {"AWS::AccountId": ACCOUNT, "AWS::Region": REGION, "AWS::StackName": Hole("the stack's name")}


class TemplateScope:
    """The names that a template's functions may use."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._steps = 0

    def names(self, address: str, name_property: str) -> Names:
        """The names that a property of a resource may hold, the empty tuple where it is not written."""
        properties = _entry(self._template.parts[address].value.node, "Properties")
        node = _entry(properties, name_property) if properties is not None else None
        return self.of(node) if node is not None else ()

    def of(self, node: Node) -> Names:
        """The names that a node may come to."""
        self._steps += 1
        try:
            return self._of(node) if self._steps <= MOST_STEPS else unknown("more than was looked into")
        finally:
            self._steps -= 1

    def _of(self, node: Node) -> Names:
        made = call(node)
        if made is None:
            return fixed(str(node.value)) if node.id == "scalar" else unknown("a mapping")
        argument = made.argument
        match made.function:
            case "Sub":
                return self._sub(argument)
            case "Join" if argument.items and len(argument.items) == 2 and argument.items[1].items is not None:  # noqa: PLR2004 - delimiter and parts
                return joined((self.of(item.node) for item in argument.items[1].items), argument.items[0].text or "")
            case "Ref" if argument.text:
                return self._named(argument.text)
            case "If" if argument.items and len(argument.items) == 3:  # noqa: PLR2004 - condition, then, otherwise
                branches = [self.of(item.node) for item in argument.items[1:]]
                return tuple(dict.fromkeys(name for names in branches for name in names))
            case _:
                return _outright(self._template.resolver.value(node)) or unknown(made.function)

    def _sub(self, argument: Argument) -> Names:
        items = argument.items or ()
        text = argument.text if argument.text is not None else items[0].text if items else None
        if text is None:
            return unknown("Sub")
        given = {key.value: value for key, value in items[1].node.value} if _is_map(items) else {}
        pieces = VARIABLE.split(text)
        parts = [
            (self.of(given[piece.strip()]) if piece.strip() in given else self._named(piece.strip()))
            if number % 2
            else fixed(piece.replace("${!", "${"))
            for number, piece in enumerate(pieces)
        ]
        return joined(part for number, part in enumerate(parts) if part or number % 2)

    def _named(self, name: str) -> Names:
        """A pseudo parameter, a parameter, or a resource, whose `Ref` is its name where the template gives it one."""
        if name in _PSEUDO:
            return ((_PSEUDO[name],),)
        parts = self._template.parts
        if f"Parameters.{name}" in parts:
            return self._parameter(name)
        resource = parts.get(name)
        if resource is None or resource.block.kind != "resource":
            return unknown(name)
        attribute = name_attribute(resource.block.type)
        return (self.names(name, attribute) if attribute else ()) or unknown(name)

    def _parameter(self, name: str) -> Names:
        node = self._template.parts[f"Parameters.{name}"].value.node
        default, allowed = _entry(node, "Default"), _entry(node, "AllowedValues")
        listed = allowed.value if allowed is not None and allowed.id == "sequence" else ()
        nodes = [one for one in (default, *listed) if one is not None and one.id == "scalar" and one.value != ""]
        return tuple(dict.fromkeys((str(one.value),) for one in nodes)) or unknown(name)


def _is_map(items: tuple[Argument, ...]) -> bool:
    return len(items) > 1 and items[1].node.id == "mapping"


def _entry(node: Node, name: str) -> Node | None:
    if node.id != "mapping":
        return None
    return next((value for key, value in merged_entries(node) if key == name), None)


def _outright(value: Value) -> Names:
    value = settled(value)
    options = [settled(option) for option in value.options] if isinstance(value, OneOf) else [value]
    texts: list[Name] = [(str(one.value),) for one in options if isinstance(one, Known)]
    return tuple(texts) if len(texts) == len(options) else ()
