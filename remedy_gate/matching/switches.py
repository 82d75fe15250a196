"""Blocks that the code switches off: `count = 0`."""

from __future__ import annotations

import re

from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Place
from remedy_gate.iac.values import Known

_COUNT = re.compile(rb'count"?\s*[=:]')


class Switches:
    """What is known of them, each module's files searched once: most have no `count` at all."""

    def __init__(self) -> None:
        self._counting: dict[Module, bool] = {}

    def any_in(self, module: Module) -> bool:
        """Whether any block of a module may be switched off."""
        if module not in self._counting:
            counting = module.language == "terraform" and any(map(_may_count, module.files.values()))
            self._counting[module] = counting
        return self._counting[module]

    def off(self, place: Place) -> bool:
        """Whether the code says outright that there is no such resource."""
        module, block = place
        if not self.any_in(module) or module.files[block.path].find(b"count", *block.span) < 0:
            return False
        return module.written(block.address).get("count") == Known(0)


def _may_count(text: bytes) -> bool:
    return b"count" in text and _COUNT.search(text) is not None
