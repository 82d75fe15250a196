"""`parses`: strict readers accept the files before and after."""

from __future__ import annotations

from remedy_gate.domain.proof import CheckName, CheckResult

from .check import Comparison, Depth, Sides, failed, passed
from .independent import disagreement, reader_of


class Parses:
    """Our own strict reader at any depth; at full depth an independent one has to find the same resources."""

    name = CheckName.PARSES

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where no touched file has an error that it had not before."""
        paths = {file.path for file in comparison.patch.files}
        for sides, subject in ((comparison.subject, comparison.address), *((one, "") for one in comparison.others)):
            if problem := _problem(sides, paths) or _repeated(sides, subject):
                return failed(self.name, problem)
        if comparison.depth is Depth.QUICK:
            return passed(self.name, "our strict reader accepts it before and after")
        for sides in (comparison.subject, *comparison.others):
            odd = disagreement(sides.after, paths) if sides.after is not None else ""
            if odd is None:
                return passed(self.name, "our strict reader accepts it; no independent reader is installed")
            if odd:
                return failed(self.name, odd)._replace(tools=_readers(comparison))
        return passed(self.name, "our strict reader and an independent one accept it")._replace(
            tools=_readers(comparison)
        )


def _readers(comparison: Comparison) -> tuple[str, ...]:
    sides = (comparison.subject, *comparison.others)
    return tuple(dict.fromkeys(reader_of(one.after.language) for one in sides if one.after is not None))


def _problem(sides: Sides, paths: set[str]) -> str:
    if sides.after is None:
        return "what is left is no longer infrastructure code"
    for when, module in (("before", sides.before), ("after", sides.after)):
        for error in module.errors if module is not None else ():
            if error.path in paths:
                return f"{when} the patch {error.path}:{error.line}:{error.column} does not parse: {error.message}"
    return ""


def _repeated(sides: Sides, subject: str) -> str:
    """Whether the patch is for, changes, or makes a block of which there are two of one address."""
    for module in (sides.before, sides.after):
        twice = module.repeated if module is not None else {}
        for address in (subject, *sorted(sides.touched)):
            if address in twice:
                return twice[address].message
    return ""
