"""The seam to whoever calls a module: what the variables of a local module are given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from .module import Module
    from .values import Value


class Arguments(Protocol):
    """What callers give. Nothing is looked up before a value is asked for that needs it."""

    def given(self, module: Module, name: str) -> tuple[Value, ...]:
        """What each caller gives a variable of the module, `ABSENT` where it leaves it out; empty where nobody calls."""

    def among(self, modules: Iterable[Module]) -> Arguments:
        """The same where these modules are as they are here: a patch changes the caller, too."""


class NoArguments(NamedTuple):
    """Nobody is known to call any module."""

    def given(self, module: Module, name: str) -> tuple[Value, ...]:
        """See `Arguments`."""
        del module, name
        return ()

    def among(self, modules: Iterable[Module]) -> Arguments:
        """See `Arguments`."""
        del modules
        return self


NO_ARGUMENTS = NoArguments()
