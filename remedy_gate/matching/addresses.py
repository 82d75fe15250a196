"""Addresses as scanners, state and plans write them, taken apart: calls of modules, the block, the instance."""

from __future__ import annotations

import re
from typing import NamedTuple

_KEY = r'\[(?:\d+|"(?:[^"\\]|\\.)*"|[^\]"]*)\]'
_CALL = rf"module\.([\w-]+)((?:{_KEY})?)\."


class Address(NamedTuple):
    """An address. `calls` are the names of the modules on the way; `steps` are the same with their instance keys."""

    block: str
    calls: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The address without instance keys."""
        return ".".join((*(f"module.{name}" for name in self.calls), self.block))

    @property
    def said(self) -> tuple[str, ...]:
        """What was taken off, in words."""
        if not self.steps and not self.keys:
            return ()
        called = (f"called as {'.'.join(self.steps)}",) if self.steps else ()
        return (*called, *(f"instance {key}" for key in self.keys))


def address_of(text: str) -> Address:
    """The parts of an address."""
    if "[" not in text and not text.startswith("module."):
        return Address(text)
    calls: list[str] = []
    steps: list[str] = []
    while found := re.match(_CALL, text):
        calls.append(found[1])
        steps.append(f"module.{found[1]}{found[2]}")
        text = text[found.end() :]
    keys = tuple(re.findall(_KEY, text)) if "[" in text else ()
    return Address(re.sub(_KEY, "", text) if keys else text, tuple(calls), tuple(steps), keys)
