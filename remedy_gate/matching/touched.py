"""Which resources a change touches: those whose lines differ, and those that a differing block speaks of."""

from __future__ import annotations

from remedy_gate.domain.source import Change
from remedy_gate.iac.module import Block, Module


class Touched:
    """Asked of one module at a time. A new `aws_s3_bucket_versioning` touches its bucket too."""

    def __init__(self, changes: tuple[Change, ...]) -> None:
        """Ask about these changes."""
        self._changes = {change.path: change for change in changes}
        self._by_module: dict[int, dict[str, Block]] = {}
        self._kept: list[Module] = []

    def blocks(self, module: Module) -> tuple[Block, ...]:
        """The touched blocks of a module, in the order of the code."""
        return tuple(self._of(module).values())

    def touches(self, module: Module, address: str) -> bool:
        """Whether the change touches the block of this address."""
        return address in self._of(module)

    def change(self, path: str) -> Change | None:
        """The change of this file."""
        return self._changes.get(path)

    def _of(self, module: Module) -> dict[str, Block]:
        if id(module) not in self._by_module:
            self._kept.append(module)
            self._by_module[id(module)] = self._find(module)
        return self._by_module[id(module)]

    def _find(self, module: Module) -> dict[str, Block]:
        if not any(path in self._changes for path in module.files):
            return {}
        direct = {address for address, block in module.blocks.items() if self._differs(block)}
        if len(direct) == len(module.blocks):
            return dict(module.blocks)
        spoken_of = {named for address in direct for named in module.references(address)}
        return {address: block for address, block in module.blocks.items() if address in direct | spoken_of}

    def _differs(self, block: Block) -> bool:
        change = self._changes.get(block.path)
        return change is not None and change.touches(block.lines)
