"""Which nodes are calls of CloudFormation's intrinsic functions, in the short form (`!Sub`) or the long one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .node import Node

# Keys that a macro replaces by others before anything else is read.
MACRO_KEYS = ("Fn::Transform", "Fn::ForEach::")

VARIABLE = re.compile(r"\$\{([^!{}][^{}]*)\}")


class Argument(NamedTuple):
    """What a function is called with. In the short form the node bears the function's tag, which is not its own."""

    node: Node
    tagged: bool

    @property
    def literal(self) -> bool:
        """Whether the argument is written out, not itself given by another call."""
        return self.tagged or not self.node.tag.startswith("!")

    @property
    def text(self) -> str | None:
        """The literal text, if it is that."""
        return str(self.node.value) if self.literal and self.node.id == "scalar" else None

    @property
    def items(self) -> tuple[Argument, ...] | None:
        """The items of a literal list, if it is one."""
        if not self.literal or self.node.id != "sequence":
            return None
        return tuple(Argument(item, tagged=False) for item in self.node.value)


class Call(NamedTuple):
    """A call: the function's name without `Fn::`, and its argument."""

    function: str
    argument: Argument


def call(node: Node) -> Call | None:
    """The call that a node is, if it is one. A function that nobody knows is one under its own name."""
    if node.tag.startswith("!"):
        return Call(node.tag[1:].removeprefix("Fn::"), Argument(node, tagged=True))
    return long_call(node)


def long_call(node: Node) -> Call | None:
    """The call in the long form that a node is, whatever its tag."""
    if node.id != "mapping" or len(node.value) != 1:
        return None
    key, value = node.value[0]
    name: str = key.value
    if name == "Ref" or (name.startswith("Fn::") and not name.startswith("Fn::ForEach::")):
        return Call(name.removeprefix("Fn::"), Argument(value, tagged=False))
    return None


def condition_call(node: Node) -> Call | None:
    """The call that a node in a condition is; only there `{"Condition": "Name"}` names another one."""
    if node.id == "mapping" and not node.tag and len(node.value) == 1 and node.value[0][0].value == "Condition":
        return Call("Condition", Argument(node.value[0][1], tagged=False))
    return call(node)


def target(argument: Argument) -> tuple[str, tuple[Argument, ...] | str]:
    """What `Fn::GetAtt` points at: the logical id, and the attribute as text or as the arguments that make it."""
    if argument.text is not None:
        address, _, attribute = argument.text.partition(".")
        return address, attribute
    parts = argument.items or ()
    if not parts or parts[0].text is None:
        return "", ""
    texts = [part.text for part in parts]
    if None not in texts:
        address, _, attribute = ".".join(str(text) for text in texts).partition(".")
        return address, attribute
    return str(texts[0]), parts[1:]
