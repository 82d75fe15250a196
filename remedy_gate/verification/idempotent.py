"""`idempotent`: proposing again on the patched code gives no further edit."""

from __future__ import annotations

from remedy_gate.catalogue.repairing import repair
from remedy_gate.domain.patch import NoPatch
from remedy_gate.domain.proof import CheckName, CheckResult

from .check import Comparison, failed, not_run, passed


class Idempotent:
    """The catalogue, asked once more."""

    name = CheckName.IDEMPOTENT

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where there is nothing left to propose."""
        control, subject = comparison.control, comparison.after
        if control is None or subject is None or subject.module.blocks[subject.address].type not in control.rules:
            return not_run(self.name, "no control of the catalogue can be asked again")
        again = repair(control, subject)
        if isinstance(again, NoPatch):
            return not_run(self.name, f"asked again, the catalogue abstains: {again.reason}")
        if again:
            return failed(self.name, f"asked again, the catalogue would make {len(again)} more edits")
        return passed(self.name, "asked again, the catalogue has nothing to add")
