"""`no_weakening`: every control that held before still holds, on what the patch touches and on what refers to it."""

from __future__ import annotations

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.judging import applies, judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.iac.module import Module

from .check import Comparison, Sides, failed, passed


class NoWeakening:
    """The whole catalogue, before against after."""

    name = CheckName.NO_WEAKENING

    def __init__(self, catalogue: Catalogue) -> None:
        """Judge by this catalogue."""
        self._catalogue = catalogue

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where no control that held is lost, not even to doubt."""
        compared = 0
        for sides in (comparison.subject, *comparison.others):
            if sides.before is None or sides.after is None:
                continue
            for address in sorted(_affected(sides)):
                count, problem = self._compare(sides.before, sides.after, address, comparison)
                compared += count
                if problem:
                    return failed(self.name, problem)
        return passed(self.name, f"{compared} controls compared on the resources that the patch touches, none is lost")

    def _compare(self, before: Module, after: Module, address: str, comparison: Comparison) -> tuple[int, str]:
        if address not in before.blocks or address not in after.blocks:
            return 0, ""
        controls = self._catalogue.for_type(before.blocks[address].type)
        for control in controls:
            subject = Subject(before, address, comparison.parameters)
            if judge(control, subject).holds is not Holds.YES or not applies(control, subject):
                continue
            verdict = judge(control, Subject(after, address, comparison.parameters))
            if verdict.holds is not Holds.YES:
                return 0, f"{control.id} held on {address} and no longer does: {verdict.reason}"
        return len(controls), ""


def _affected(sides: Sides) -> set[str]:
    """What changed, what refers to it, and what it refers to: a sibling decides over its bucket."""
    touched = sides.touched
    affected = set(touched)
    for module in (sides.before, sides.after):
        if module is None:
            continue
        for address in module.blocks:
            references = module.references(address)
            if address in sides.touched:
                affected |= references
            elif references & sides.touched:
                affected.add(address)
    return affected
