"""`intent`: what the control demands holds in the patched code, with values resolved. This is what a rescan misses."""

from __future__ import annotations

from typing import assert_never

from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.proof import CheckName, CheckResult

from .check import Comparison, failed, not_run, passed


class Intent:
    """The control's predicate on the after. Unknown is not proof."""

    name = CheckName.INTENT

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where the predicate holds."""
        control, subject = comparison.control, comparison.after
        if control is None:
            rule = f"{comparison.finding.source} {comparison.finding.rule_id}"
            return not_run(
                self.name, f"no control says what {rule} demands: a reviewer has to judge whether this repairs it"
            )
        if subject is None:
            return failed(self.name, f"{comparison.address or 'the resource'} is gone")
        if subject.module.blocks[subject.address].type not in control.rules:
            return not_run(self.name, f"{control.id} says nothing of this type of resource")
        verdict = judge(control, subject)
        match verdict.holds:
            case Holds.YES:
                return passed(self.name, f"{control.id} holds: {verdict.reason or 'nothing is left to change'}")
            case Holds.NO:
                return failed(self.name, f"{control.id} still fails: {verdict.reason}")
            case Holds.UNKNOWN:
                return not_run(self.name, f"{control.id} cannot be told: {verdict.reason}")
            case _:
                assert_never(verdict.holds)
