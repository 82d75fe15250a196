"""Which conditions hold, as far as parameters' defaults say, and whether a deployment could decide otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.iac.values import Fields, Items, Known, OneOf, Unknown, Value, settled

from .choices import one_of, options
from .intrinsics import Argument, Call, condition_call
from .naming import names
from .scalars import as_text

if TYPE_CHECKING:
    from .node import Node
    from .resolving import Resolver


class Verdict(NamedTuple):
    """Whether a condition holds, None where it cannot be known. `fixed`: no deployment can change that."""

    holds: bool | None
    fixed: bool


UNDECIDED = Verdict(None, fixed=False)


class Conditions:
    """The conditions of one template, each decided once."""

    __slots__ = ("_busy", "_decided", "_resolver")

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._decided: dict[str, Verdict] = {}
        self._busy: set[str] = set()

    def named(self, name: str) -> Verdict:
        """Decide the condition of that name; undecided where it is not declared or leads back to itself."""
        node = self._resolver.node(f"Conditions.{name}")
        if node is None or name in self._busy:
            return UNDECIDED
        if name not in self._decided:
            self._busy.add(name)
            self._decided[name] = Verdict(self._holds(node), self._is_fixed(node))
            self._busy.discard(name)
        return self._decided[name]

    def value(self, call: Call) -> Value:
        """What a condition function comes to as a value."""
        holds = self._call(call)
        if holds is None:
            return Unknown(f"the condition Fn::{call.function} is decided at deployment")
        fixed = self._is_fixed(call.argument.node) if call.function != "Condition" else self._named_fixed(call)
        return Known(holds) if fixed else OneOf((Known(holds), Known(not holds)))

    def choose(self, argument: Argument) -> Value:
        """What `Fn::If` comes to: both values, the likelier first, unless nothing can change the condition."""
        match argument.items:
            case (condition, then, otherwise) if condition.text is not None:
                verdict = self.named(condition.text)
                if verdict.fixed and verdict.holds is not None:
                    return self._resolver.value((then if verdict.holds else otherwise).node)
                ordered = (otherwise, then) if verdict.holds is False else (then, otherwise)
                return one_of(self._resolver.value(branch.node) for branch in ordered)
        return Unknown("Fn::If is not called as it must be")

    def _named_fixed(self, call: Call) -> bool:
        return self.named(call.argument.text or "").fixed

    def _holds(self, node: Node) -> bool | None:
        call = condition_call(node)
        return self._call(call) if call else None

    def _call(self, call: Call) -> bool | None:
        items = call.argument.items or ()
        match call.function:
            case "Condition":
                return self.named(call.argument.text or "").holds
            case "Equals" if len(items) == 2:  # noqa: PLR2004 - both sides
                return self._equal(*(self._resolver.value(item.node) for item in items))
            case "Not" if len(items) == 1:
                inner = self._holds(items[0].node)
                return None if inner is None else not inner
            case "And" | "Or":
                decisive = call.function == "Or"
                held = [self._holds(item.node) for item in items]
                return decisive if decisive in held else None if None in held else not decisive
        return None

    @staticmethod
    def _equal(one: Value, other: Value) -> bool | None:
        answers = {_alike(left, right) for left in options(one) for right in options(other)}
        return answers.pop() if len(answers) == 1 else None

    def _is_fixed(self, node: Node) -> bool:
        for kind, name in names(node):
            if kind == "condition":
                if not self.named(name).fixed:
                    return False
            elif kind != "mapping":
                return False
        return True


def _alike(one: Value, other: Value) -> bool | None:
    one, other = settled(one), settled(other)
    match one, other:
        case Known(), Known():
            return as_text(one.value) == as_text(other.value)
        case Items(), Items() if one.complete and other.complete:
            if len(one.items) != len(other.items):
                return False
            answers = {_alike(left, right) for left, right in zip(one.items, other.items, strict=True)}
            return False if False in answers else None if None in answers else True
        case (Known(), (Items() | Fields())) | ((Items() | Fields()), Known()):
            return False
    return None
