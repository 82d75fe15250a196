"""`disruption`: what a change does to running resources, and whether the control asks for that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.catalogue.reach import Reach, reach
from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.iac.module import Block
from remedy_gate.iac.schema import Argument, Schemas
from remedy_gate.iac.values import Path, path_text

from .advice import before_replacing, restarts
from .changed import changes_of
from .check import Comparison, Sides, failed, not_run, passed
from .companions import goes_with
from .consequences import affected
from .planned import Plans, newly_destroyed

if TYPE_CHECKING:
    from .planning import Planning

META = frozenset(
    ("count", "for_each", "provider", "depends_on", "lifecycle", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy")
)


class Change(NamedTuple):
    """One changed path of a resource, and what the tables know of it."""

    block: Block
    path: Path
    argument: Argument | None

    @property
    def replaces(self) -> bool | None:
        """Whether it forces a replacement; None where nobody knows."""
        return self.argument.replaces if self.argument is not None else None

    def __str__(self) -> str:
        return f"{self.block.address} ({path_text(self.path)})"


class Disruption:
    """A plan where one is given, else tables of what forces a replacement. What neither knows is not run."""

    name = CheckName.DISRUPTION

    def __init__(self, schemas: Schemas, plans: Plans | None = None, planning: Planning | None = None) -> None:
        """Judge by these; `planning` is None where terraform may not be asked for a plan."""
        self._schemas, self._plans, self._planning = schemas, plans, planning

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where everything changes in place, or where the replacement is what the control itself asks for."""
        changes = [change for sides in (comparison.subject, *comparison.others) for change in self._changes(sides)]
        replacing = [change for change in changes if change.replaces]
        undeclared = next((change for change in replacing if not _declared(comparison, change, replacing)), None)
        if undeclared:
            return failed(self.name, f"{undeclared} forces a replacement that no control asks for")
        plans = self._plans or (self._planning.plans(comparison) if self._planning is not None else None)
        if isinstance(plans, Plans):
            tools = (self._planning.tool,) if self._planning is not None and self._plans is None else ()
            return self._by_plan(comparison, plans, replacing)._replace(tools=tools)
        said = self._by_tables(changes, replacing)
        return said._replace(detail=f"{said.detail} (by tables, as {plans})") if plans else said

    def _by_tables(self, changes: list[Change], replacing: list[Change]) -> CheckResult:
        if replacing:
            return self._announced(replacing)
        if unknown := [str(change) for change in changes if change.replaces is None]:
            return not_run(self.name, f"no table says whether a change of {', '.join(unknown[:3])} replaces it")
        if felt := [str(change) for change in changes if restarts(change.block.type, change.path)]:
            return passed(self.name, f"changes in place, and RESTARTS by {', '.join(felt[:3])}: choose a quiet hour")
        return passed(self.name, "changes in place")

    def _announced(self, replacing: list[Change]) -> CheckResult:
        listed = ", ".join(map(str, replacing[:3]))
        first = before_replacing(replacing[0].block.type)
        return passed(self.name, f"REPLACES {listed}: the control asks for it; before it is applied, {first}")

    def _by_plan(self, comparison: Comparison, plans: Plans, replacing: list[Change]) -> CheckResult:
        destroyed = newly_destroyed(plans)
        if destroyed is None:
            return not_run(self.name, "the plan that was given cannot be read")
        expected = {change.block.address for change in replacing}
        for address, word in destroyed.items():
            if not any(address == one or address.endswith(f".{one}") for one in expected):
                return failed(self.name, f"the plan {word} {address}, and no control asks for that")
        if replacing and destroyed:
            announced = self._announced(replacing)
            return announced._replace(detail=f"{announced.detail}; the plan says the same")
        return passed(self.name, f"the plan replaces and deletes nothing more than before ({comparison.address})")

    def _changes(self, sides: Sides) -> list[Change]:
        after = sides.after
        found: list[Change] = []
        for address in sorted(affected(sides)) if after is not None else ():
            block = after.blocks[address] if after is not None else None
            if block is None or block.kind != "resource":
                continue
            known = self._schemas.arguments(block.type) or {}
            paths = [path for path in changes_of(sides, address) if path[0] not in META]
            found += [Change(block, path, _argument(path, known)) for path in paths]
        return found


def _argument(path: Path, known: Mapping[str, Argument]) -> Argument | None:
    """The argument that a path names, or the nearest one above it that the tables know the fate of."""
    found: Argument | None = None
    for step in path[1:] if path[:1] == ("Properties",) else path:
        if isinstance(step, int):
            continue
        argument = known.get(step)
        if argument is None:
            break
        found, known = argument, argument.arguments or {}
    return found


def _declared(comparison: Comparison, change: Change, replacing: list[Change]) -> bool:
    """Whether the control names what is changed, or what is changed goes with something that it names."""
    control, resource = comparison.control, comparison.match.resource
    if control is None or resource is None:
        return False
    own = _own_reach(comparison, change.block)
    if own.covers(change.path):
        return True
    beside = any(own.covers(other.path) for other in replacing if other.block.address == change.block.address)
    return beside and goes_with(change.path, own, change.block.type)


def _own_reach(comparison: Comparison, block: Block) -> Reach:
    assert comparison.control is not None
    return reach(comparison.control, block.type)
