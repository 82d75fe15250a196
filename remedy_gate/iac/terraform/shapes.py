"""What is known of the arguments of a body: which of them are nested blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from remedy_gate.iac.schema import Argument, Schemas

META_BLOCKS = frozenset(("lifecycle", "connection", "provisioner", "timeouts"))
_ONLY_VALUES = frozenset(("module", "variable", "local", "output", "provider"))
_CONDITIONS = frozenset(("precondition", "postcondition"))


class Shape(NamedTuple):
    """The schema of a body's arguments, whether such bodies hold no blocks at all, and the body of `content` blocks."""

    arguments: Mapping[str, Argument] | None
    only_values: bool = False
    content: Shape | None = None

    def is_block(self, name: str) -> bool | None:
        """Whether `name` is a nested block; None where nobody knows."""
        if self.content is not None:
            return name == "content"
        argument = self.arguments.get(name) if self.arguments else None
        if argument is not None:
            return argument.type == "block"
        if name in META_BLOCKS or name in _CONDITIONS:
            return True
        return False if self.only_values else None

    def is_never_argument(self, name: str) -> bool:
        """Whether `name` is a nested block and nothing else: `ingress` of a security group may be `ingress = [...]` too."""
        argument = self.arguments.get(name) if self.arguments else None
        return argument is not None and argument.type == "block" and argument.item != "object"

    def inside(self, name: str) -> Shape:
        """The shape of the nested block `name`."""
        if self.content is not None and name == "content":
            return self.content
        argument = self.arguments.get(name) if self.arguments else None
        if argument is None and (name in META_BLOCKS or name in _CONDITIONS):
            return Shape(None, only_values=True)
        return Shape(argument.arguments if argument is not None else None)


def shape_of(kind: str, type_name: str, schemas: Schemas | None) -> Shape:
    """What is known of the body of a top-level block."""
    if kind in _ONLY_VALUES:
        return Shape(None, only_values=True)
    if schemas is None or kind not in {"resource", "data"}:
        return Shape(None)
    return Shape(schemas.arguments(f"data.{type_name}" if kind == "data" else type_name))


def kind_and_type(type_name: str) -> tuple[str, str]:
    """The kind of block, and its type, that the type of an added resource stands for: `data.aws_region` is no resource."""
    return ("data", type_name.removeprefix("data.")) if type_name.startswith("data.") else ("resource", type_name)
