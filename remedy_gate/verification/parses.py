"""`parses`: strict readers accept the files before and after."""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.iac.json_values import is_read_by_scanners_alone
from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Fields, Items, Known, OneOf, Reference, Value

from .check import Comparison, Depth, Sides, failed, passed
from .independent import disagreement, reader_of
from .symbolic import symbols


class Parses:
    """Our own strict reader at any depth; at full depth an independent one has to find the same resources."""

    name = CheckName.PARSES

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where no touched file has an error that it had not before."""
        paths = {file.path for file in comparison.patch.files}
        for sides, subject in ((comparison.subject, comparison.address), *((one, "") for one in comparison.others)):
            if problem := _problem(sides, paths) or _repeated(sides, subject) or _loose(sides):
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


def _loose(sides: Sides) -> str:
    """A comma behind the last item of JSON in a text, where there was none: only scanners read past it."""
    for address in sorted(sides.touched):
        new, old = (_commas(module, address) for module in (sides.after, sides.before))
        if new > old:
            return f"JSON in a text of {address} has a comma behind its last item, which AWS refuses"
    return ""


def _commas(module: Module | None, address: str) -> int:
    if module is None or address not in module.blocks:
        return 0
    return sum(map(is_read_by_scanners_alone, _texts(symbols(module).body(address))))


def _texts(value: Value) -> Iterator[str]:
    match value:
        case Fields():
            for _, item in value.entries:
                yield from _texts(item)
        case Items(items) | OneOf(items):
            for item in items:
                yield from _texts(item)
        case Reference():
            yield from _texts(value.value)
        case Known(value=str(text)):
            yield text


def _repeated(sides: Sides, subject: str) -> str:
    """Whether the patch is for, changes, or makes a block of which there are two of one address."""
    for module in (sides.before, sides.after):
        twice = module.repeated if module is not None else {}
        for address in (subject, *sorted(sides.touched)):
            if address in twice:
                return twice[address].message
    return ""
