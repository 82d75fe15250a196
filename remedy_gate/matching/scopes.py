"""The scopes in which a module's names are worked out: one for each way in which the module is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from remedy_gate.iac.module import Module

from .around import Around
from .calls import Calls, Chain, home_of

if TYPE_CHECKING:
    from .template_names import TemplateScope
    from .terraform_names import Scope

_GIVEN = re.compile(rb'^[ \t]*"?(\w+)"?[ \t]*[=:][ \t]*"([^"\\$%\n]+)"[ \t]*,?[ \t]*(?:#.*|//.*)?\r?$', re.MULTILINE)


class Scopes:
    """Makes scopes, each once."""

    def __init__(self, calls: Calls, around: Around | None) -> None:
        self._calls = calls
        self._around = around
        self._made: dict[tuple[Module, Chain], Scope] = {}
        self._templates: dict[Module, TemplateScope] = {}

    def of(self, module: Module) -> list[tuple[Chain, Scope]]:
        """Every way in which a Terraform module is called, with its scope."""
        return [(chain, self._scope(module, chain)) for chain in self._calls.chains(module)]

    def template(self, module: Module) -> TemplateScope:
        """The one scope of a template."""
        from remedy_gate.iac.cloudformation.module import Template

        from .template_names import TemplateScope

        assert isinstance(module, Template)
        if module not in self._templates:
            self._templates[module] = TemplateScope(module)
        return self._templates[module]

    def _scope(self, module: Module, chain: Chain) -> Scope:
        from remedy_gate.iac.terraform.module import TerraformModule

        from .terraform_names import Scope

        key = (module, chain)
        if key in self._made:
            return self._made[key]
        assert isinstance(module, TerraformModule)
        if chain:
            caller = chain[-1].module
            assert isinstance(caller, TerraformModule)
            outer = self._scope(caller, chain[:-1])
            scope = Scope(module, outer, caller.declared[chain[-1].block.address].read())
        else:
            scope = Scope(module, alternatives=self._given_elsewhere(module))
        self._made[key] = scope
        return scope

    def _given_elsewhere(self, module: Module) -> dict[str, tuple[str, ...]]:
        """Texts that variables are given in `.tfvars` files which Terraform reads only where it is told to."""
        found: dict[str, tuple[str, ...]] = {}
        for path, text in self._around.variables(home_of(module)) if self._around is not None else ():
            if path not in module.files:
                for name, value in _GIVEN.findall(text):
                    key = name.decode()
                    found[key] = (*found.get(key, ()), value.decode("utf-8", "replace"))
        return found
