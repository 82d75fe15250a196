"""Values with a name where the code does not say more: `${aws_s3_bucket.data.arn}/*` instead of unknown.

What is known only after a deployment is unknown to a control, and rightly. To compare two versions of the code it is
too little: `.../public/*` and `.../*` are not the same because neither is known. Here they stay apart.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING

from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Fields, Known, Unknown, Value, settled

if TYPE_CHECKING:
    from remedy_gate.iac.terraform.syntax import Traversal

MOST_MODULES = 8
"""How many modules are remembered: before and after of the patch that is under way, and those of its callers."""


class Symbols:
    """The bodies of one module's blocks, worked out with names for what is not known."""

    def __init__(self, module: Module) -> None:
        """Work out the blocks of this module, each when it is first asked for."""
        self._module = module
        self._bodies: dict[str, Fields] = {}
        self._block = _terraform(module) if module.language == "terraform" else _cloudformation(module)

    def body(self, address: str) -> Fields:
        """The body of a block; not complete where it cannot be worked out."""
        found = self._bodies.get(address)
        if found is None:
            try:
                found = self._block(address)
            except RecursionError:
                found = Fields((), complete=False)
            self._bodies[address] = found
        return found


@lru_cache(maxsize=MOST_MODULES)
def symbols(module: Module) -> Symbols:
    """The symbols of a module, made once."""
    return Symbols(module)


def _named(value: Value, name: str) -> Value:
    """The value, or its name where it is not known."""
    return Known(f"${{{name}}}") if isinstance(settled(value), Unknown) else value


def _terraform(module: Module) -> Callable[[str], Fields]:
    from remedy_gate.iac.terraform.evaluation import Evaluator
    from remedy_gate.iac.terraform.module import TerraformModule
    from remedy_gate.iac.terraform.names import ModuleNames
    from remedy_gate.iac.terraform.references import address_of, text_of_traversal
    from remedy_gate.iac.terraform.resolving import Resolver

    assert isinstance(module, TerraformModule)

    class Names(ModuleNames):
        def named(self, traversal: Traversal) -> tuple[Value, int]:
            value, steps = super().named(traversal)
            address = address_of(traversal)
            # What is declared nowhere is the same nothing before and after.
            is_nowhere = bool(address) and address not in module.blocks and steps == len(traversal.steps)
            return (_named(value, text_of_traversal(traversal)) if is_nowhere else value), steps

        def attribute(self, address: str, name: str) -> Value:
            return _named(super().attribute(address, name), f"{address}.{name}")

        def variable(self, name: str) -> Value:
            return _named(super().variable(name), f"var.{name}")

    names = Names(module.declared, module.given(), {}, module.repeated)
    evaluator = Evaluator(names)
    resolver = Resolver(names, evaluator)
    names.evaluator, names.resolver = evaluator, resolver
    return resolver.block


def _cloudformation(module: Module) -> Callable[[str], Fields]:
    from remedy_gate.iac.cloudformation.module import Template
    from remedy_gate.iac.cloudformation.resolving import Resolver

    assert isinstance(module, Template)

    class Named(Resolver):
        def named(self, name: str) -> Value:
            return _named(super().named(name), name)

        def attribute(self, address: str, attribute: str) -> Value:
            return _named(super().attribute(address, attribute), f"{address}.{attribute}")

    template = copy(module)
    template.resolver = Named(template.parts)
    return template.resolved
