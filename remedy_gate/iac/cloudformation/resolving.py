"""Nodes to values, worked out as far as the template goes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from remedy_gate.iac.values import ABSENT, Absent, Fields, Items, Known, Reference, Unknown, Value

from .conditions import Conditions
from .functions import FUNCTIONS
from .intrinsics import MACRO_KEYS, Argument, Call, call, long_call, target
from .merging import merged_entries
from .parameters import default
from .scalars import plain_value, scalar

if TYPE_CHECKING:
    from .node import Node
    from .template import Part

# What `Ref` gives for these types is the name, where the template gives one. From the user guide's "Return values".
_NAMED_BY = MappingProxyType(
    {
        "AWS::DynamoDB::Table": "TableName",
        "AWS::ECR::Repository": "RepositoryName",
        "AWS::ECS::Cluster": "ClusterName",
        "AWS::IAM::Group": "GroupName",
        "AWS::IAM::Role": "RoleName",
        "AWS::IAM::User": "UserName",
        "AWS::Lambda::Function": "FunctionName",
        "AWS::Logs::LogGroup": "LogGroupName",
        "AWS::RDS::DBInstance": "DBInstanceIdentifier",
        "AWS::S3::Bucket": "BucketName",
        "AWS::Serverless::Function": "FunctionName",
    }
)

_DEPLOYED = MappingProxyType(
    {
        "Cidr": "is made of addresses",
        "GetAZs": "depends on the account and region",
        "GetStackOutput": "is an output of another stack",
        "ImportValue": "is exported by another stack",
    }
)


class Resolver:
    """Works values of one template out, on demand."""

    __slots__ = ("_busy", "_names", "_parts", "conditions")

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts
        self._names: dict[str, Value] = {}
        self._busy: set[str] = set()
        self.conditions = Conditions(self)

    def node(self, address: str) -> Node | None:
        """The node of a block, if there is one of that address."""
        part = self._parts.get(address)
        return part.value.node if part else None

    def value(self, node: Node) -> Value:
        """What a node comes to; `ABSENT` for `AWS::NoValue`."""
        if node.id == "scalar" and not node.tag.startswith("!"):
            return _looked_up(scalar(node))
        made = call(node)
        return self._call(made) if made else self._collection(node)

    def argument(self, argument: Argument) -> Value:
        """What a function's whole argument comes to."""
        if not argument.tagged:
            return self.value(argument.node)
        node = argument.node
        if node.id == "scalar":
            return Known(node.value if node.style else plain_value(node.value))
        made = long_call(node)
        return self._call(made) if made else self._collection(node)

    def named(self, name: str) -> Value:
        """What `Ref` of that name comes to."""
        if name == "AWS::NoValue":
            return ABSENT
        if name.startswith("AWS::"):
            return Unknown(f"{name} is known only at deployment")
        parameter = self.node(f"Parameters.{name}")
        if parameter is not None:
            return default(name, parameter)
        part = self._parts.get(name)
        if part is None or part.block.kind != "resource":
            return Unknown(f"{name} is not declared in this template")
        return Reference(name, (), self._physical(part))

    def attribute(self, address: str, attribute: str) -> Value:
        """What `Fn::GetAtt` comes to."""
        part = self._parts.get(address)
        if part is None or part.block.kind != "resource":
            return Unknown(f"{address}.{attribute} is not declared in this template")
        steps = tuple(attribute.split(".")) if attribute else ()
        return Reference(address, steps, Unknown(f"{address}.{attribute} is known only after deployment"))

    def mapping(self, name: str) -> Value:
        """The mapping of that name."""
        node = self.node(f"Mappings.{name}")
        return Unknown(f"there is no mapping {name}") if node is None else self.value(node)

    def _physical(self, part: Part) -> Value:
        block, node = part.block, part.value.node
        unknown = Unknown(f"the physical id of {block.address} is known only after deployment")
        wanted = _NAMED_BY.get(block.type)
        if wanted is None or block.address in self._busy:
            return unknown
        if block.address not in self._names:
            self._busy.add(block.address)
            found = _entry(_entry(node, "Properties"), wanted)
            value = ABSENT if found is None else self.value(found)
            self._names[block.address] = unknown if isinstance(value, Absent) else value
            self._busy.discard(block.address)
        return self._names[block.address]

    def _call(self, made: Call) -> Value:
        function, argument = made
        match function:
            case "Ref":
                return self.named(argument.text) if argument.text else Unknown("Ref of something that is no name")
            case "GetAtt":
                address, attribute = target(argument)
                if isinstance(attribute, str):
                    return self.attribute(address, attribute)
                return Reference(address, (), Unknown(f"which attribute of {address} is known only at deployment"))
            case "If":
                return self.conditions.choose(argument)
            case "Equals" | "And" | "Or" | "Not" | "Condition":
                return self.conditions.value(made)
            case "Transform":
                return Fields((), complete=False)
        if function in FUNCTIONS:
            return FUNCTIONS[function](self, argument)
        if function in _DEPLOYED:
            return Unknown(f"Fn::{function} {_DEPLOYED[function]}")
        return Unknown(f"the function {function} is not worked out")

    def _collection(self, node: Node) -> Value:
        if node.id == "sequence":
            values = (self.value(item) for item in node.value)
            return Items(tuple(value for value in values if not isinstance(value, Absent)))
        return self.fields(node) if node.id == "mapping" else Unknown(f"the tag {node.tag} is not one of ours")

    def fields(self, node: Node) -> Fields:
        """A mapping that is no call."""
        entries: list[tuple[str, Value]] = []
        complete = True
        for name, inner in merged_entries(node):
            if name.startswith(MACRO_KEYS):
                complete = False
                continue
            value = self.value(inner)
            if not isinstance(value, Absent):
                entries.append((name, value))
        return Fields(tuple(entries), complete)


def _entry(node: Node | None, name: str) -> Node | None:
    if node is None or node.id != "mapping":
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _looked_up(value: Known | Unknown) -> Known | Unknown:
    text = value.value if isinstance(value, Known) else None
    if isinstance(text, str) and "{{resolve:" in text:
        return Unknown(f"{text} is looked up at deployment")
    return value
