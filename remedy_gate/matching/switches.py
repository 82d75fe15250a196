"""Blocks that the code switches off: `count = 0`."""

from __future__ import annotations

import re

from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Place
from remedy_gate.iac.values import Known

_COUNT = re.compile(rb'\bcount"?\s*[=:]')


class Switches:
    """What is known of them, each module's files searched once: most have no `count` at all."""

    def __init__(self) -> None:
        self._counting: dict[Module, bool] = {}

    def off(self, place: Place) -> bool:
        """Whether the code says outright that there is no such resource."""
        module, block = place
        counting = self._counting.get(module)
        if counting is None:
            counting = module.language == "terraform" and any(map(_COUNT.search, module.files.values()))
            self._counting[module] = counting
        if not counting or module.files[block.path].find(b"count", *block.span) < 0:
            return False
        return module.written(block.address).get("count") == Known(0)
