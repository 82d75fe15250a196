"""A module as if some of its blocks were not there, or said something else: for asking a control what it depends on."""

from __future__ import annotations

from collections.abc import Mapping

from remedy_gate.iac.module import Block, Module, SourceError
from remedy_gate.iac.values import Fields


class View:
    """The seam `Module`, over another one."""

    __slots__ = ("_blocks", "_instead", "_module")

    def __init__(self, module: Module, without: frozenset[str], instead: Mapping[str, Fields]) -> None:
        """Leave the blocks at `without` out, and take the bodies of `instead` for those of these addresses."""
        self._module, self._instead = module, instead
        self._blocks = {address: block for address, block in module.blocks.items() if address not in without}

    @property
    def language(self) -> str:
        """See `Module`."""
        return self._module.language

    @property
    def files(self) -> Mapping[str, bytes]:
        """See `Module`."""
        return self._module.files

    @property
    def errors(self) -> tuple[SourceError, ...]:
        """See `Module`."""
        return self._module.errors

    @property
    def repeated(self) -> Mapping[str, SourceError]:
        """See `Module`."""
        return self._module.repeated

    @property
    def blocks(self) -> Mapping[str, Block]:
        """The blocks that are left."""
        return self._blocks

    def resolved(self, address: str) -> Fields:
        """See `Module`."""
        found = self._instead.get(address)
        return self._module.resolved(address) if found is None else found

    def written(self, address: str) -> Fields:
        """See `Module`."""
        return self._module.written(address)

    def references(self, address: str) -> frozenset[str]:
        """See `Module`."""
        return self._module.references(address)
