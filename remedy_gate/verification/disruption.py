"""`disruption`: whether the change replaces the resource and, if so, whether the control says so."""

from __future__ import annotations

from collections.abc import Mapping

from remedy_gate.catalogue.reach import reach
from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.iac.schema import Argument, Schemas
from remedy_gate.iac.values import Path, path_text

from .changed import changed_paths
from .check import Comparison, Sides, failed, not_run, passed


class Disruption:
    """Tables of the arguments that force a replacement. What they do not know is not run, never harmless."""

    name = CheckName.DISRUPTION

    def __init__(self, schemas: Schemas) -> None:
        """Judge by these tables."""
        self._schemas = schemas

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where everything changes in place, or where the replacement is what the control itself asks for."""
        unknown: list[str] = []
        replaced: list[str] = []
        for sides in (comparison.subject, *comparison.others):
            for address, path, argument in self._changes(sides):
                where = f"{address} ({path_text(path)})"
                if argument is None or argument.replaces is None:
                    unknown.append(where)
                elif argument.replaces and not _declared(comparison, address, path):
                    return failed(self.name, f"{where} forces a replacement that no control asks for")
                elif argument.replaces:
                    replaced.append(where)
        if replaced:
            return passed(
                self.name,
                f"REPLACES {', '.join(replaced)}: the control asks for it; plan a snapshot or a second copy first",
            )
        if unknown:
            return not_run(self.name, f"no table says whether a change of {', '.join(unknown[:3])} replaces it")
        return passed(self.name, "changes in place")

    def _changes(self, sides: Sides) -> list[tuple[str, Path, Argument | None]]:
        before, after = sides.before, sides.after
        if before is None or after is None:
            return []
        found: list[tuple[str, Path, Argument | None]] = []
        for address in sorted(sides.touched):
            if address not in before.blocks or address not in after.blocks:
                continue
            known = self._schemas.arguments(after.blocks[address].type)
            paths = changed_paths(before.written(address), after.written(address))
            found += [(address, path, _argument(path, known or {})) for path in paths]
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


def _declared(comparison: Comparison, address: str, path: Path) -> bool:
    resource = comparison.match.resource
    if comparison.control is None or resource is None or address != resource.address:
        return False
    return reach(comparison.control, resource.type).covers(path)
