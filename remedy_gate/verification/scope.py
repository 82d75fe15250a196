"""`scope`: nothing lost, disabled, suppressed or made dangerous, and only what the control names has changed."""

from __future__ import annotations

from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.values import path_text

from .check import Comparison, Sides, failed, not_run, passed
from .consequences import affected
from .dangers import danger_of_new, new_reach
from .extent import ARRIVES, Extent
from .passing import passed_on
from .suppressions import new_suppression

MOST_NAMED = 6
"""How many changes are named in a line; the rest is counted."""


class Scope:
    """A semantic diff, not one of lines."""

    name = CheckName.SCOPE

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where every change is one that the control's own declaration names, or that such a one needs."""
        for file in comparison.patch.files:
            if found := new_reach(file.before, file.after):
                return failed(self.name, f"{file.path} would newly fetch, read or run something: {found}")
        changes: list[str] = []
        for sides in (comparison.subject, *comparison.others):
            problem, said = _examine_sides(sides, comparison)
            if problem:
                return failed(self.name, problem)
            changes += said
        for sides in (comparison.subject, *comparison.others):
            if found := passed_on(sides, comparison.sources_after):
                return not_run(self.name, found)
        listed = ", ".join(changes[:MOST_NAMED]) + (
            f" and {len(changes) - MOST_NAMED} more" * (len(changes) > MOST_NAMED)
        )
        if comparison.control is None:
            return not_run(self.name, f"no control names what may change; changed: {listed or 'nothing but comments'}")
        if not changes:
            return failed(self.name, "nothing but comments or layout would change")
        return passed(self.name, f"changes only {listed}")


def _examine_sides(sides: Sides, comparison: Comparison) -> tuple[str, list[str]]:
    before, after = sides.before, sides.after
    if before is None or after is None:
        return "a file stops being infrastructure code, or begins to be some", []
    if lost := sorted(before.blocks.keys() - after.blocks.keys()):
        return f"{lost[0]} would be lost", []
    for file in comparison.patch.files:
        if file.path in after.files and (found := new_suppression(before, after, file.path)):
            return f"{file.path} would silence a scanner: {found}", []
    extent = Extent(comparison, sides)
    said: list[str] = []
    for address in sorted(affected(sides) | sides.touched):
        block = after.blocks[address]
        if address not in before.blocks:
            problem, words = _added(block, after, extent, comparison), "new"
        else:
            problem, words = _altered(block, extent, arriving=address not in sides.touched)
        if problem:
            return problem, []
        if words:
            said.append(f"{address} ({words})")
    return "", said


def _added(block: Block, after: Module, extent: Extent, comparison: Comparison) -> str:
    subject = after.written(comparison.address) if comparison.address in after.blocks else None
    if danger := danger_of_new(after.written(block.address), subject):
        return f"{block.address} would {danger}"
    if block.address in extent.additions.accepted:
        return ""
    if comparison.control is None:
        return "" if block.kind == "resource" else f"{block.address} would be added"
    if block.kind != "resource":
        return f"{block.address} would be added, and {comparison.control.id} needs no such {block.kind}"
    return f"{block.address} would be added, and {comparison.control.id} does not name it"


def _altered(block: Block, extent: Extent, *, arriving: bool) -> tuple[str, str]:
    if arriving and block.kind not in ARRIVES:
        return "", ""
    paths = extent.changes(block.address)
    for path in paths:
        if problem := extent.problem(block, path, arriving=arriving):
            return f"{problem}, through what it takes its value from" if arriving else problem, ""
    return "", ", ".join(map(path_text, paths))
