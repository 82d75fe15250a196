"""The seam of a special rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.verdict import Verdict
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Operation
from remedy_gate.iac.values import Scalar

Arguments: TypeAlias = Mapping[str, Scalar]


class SpecialRule(Protocol):
    """A module with these two functions and this constant."""

    TOUCHES: tuple[str, ...]
    """The attributes of the resource, or the types of the siblings, that a repair may change."""

    def judge(self, subject: Subject, arguments: Arguments) -> Verdict:
        """Whether the rule holds for the subject."""

    def repair(self, subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
        """The edits that make it hold, or why there are none. Asked only where it does not hold."""
