"""`scope`: nothing lost, disabled, suppressed or made dangerous, and only what the control names has changed."""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.reach import Reach, reach
from remedy_gate.catalogue.siblings import points_at
from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.values import Fields, Known, Path, Value, path_text, select

from .changed import changed_paths
from .check import Comparison, Sides, failed, not_run, passed
from .suppressions import new_suppression

DISABLING = {
    "count": "how many instances there are",
    "for_each": "how many instances there are",
    "Condition": "whether the resource exists",
}
PROTECTING = ("DeletionPolicy", "UpdateReplacePolicy")
DANGEROUS = {
    "provisioner": "runs commands",
    "connection": "logs in somewhere",
    "lifecycle": "changes what Terraform does with differences or destruction",
    "provider": "moves it to another account or region",
    "Type": "makes it another resource",
    "Metadata": "is where suppressions live",
}


class Scope:
    """A semantic diff, not one of lines."""

    name = CheckName.SCOPE

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where every change is one that the control's own declaration names."""
        for file in comparison.patch.files:
            if found := new_suppression(file.before, file.after):
                return failed(self.name, f"{file.path} would silence a scanner: {found}")
        changes: list[str] = []
        for sides in (comparison.subject, *comparison.others):
            problem, said = _examine_sides(sides, comparison)
            if problem:
                return failed(self.name, problem)
            changes += said
        if comparison.control is None:
            return not_run(
                self.name, f"no control names what may change; changed: {', '.join(changes) or 'comments only'}"
            )
        if not changes:
            return failed(self.name, "nothing but comments or layout would change")
        return passed(self.name, f"changes only {', '.join(changes)}")


def _examine_sides(sides: Sides, comparison: Comparison) -> tuple[str, list[str]]:
    before, after = sides.before, sides.after
    if before is None or after is None:
        return "a file stops being infrastructure code", []
    if lost := sorted(before.blocks.keys() - after.blocks.keys()):
        return f"{lost[0]} would be lost", []
    said: list[str] = []
    for address in sorted(sides.touched):
        block = after.blocks[address]
        if address not in before.blocks:
            problem, words = _added(block, after, comparison), "new"
        else:
            problem, paths = _altered(block, before, after, comparison)
            words = ", ".join(map(path_text, paths)) or "comments only"
        if problem:
            return problem, []
        said.append(f"{address} ({words})")
    return "", said


def _added(block: Block, after: Module, comparison: Comparison) -> str:
    if block.kind != "resource":
        return f"{block.address} would be added, and no control asks for a {block.kind}"
    if comparison.control is None:
        return ""
    body = after.written(block.address)
    if danger := next((name for name, _ in body.entries if name in ("provisioner", "connection")), None):
        return f"{block.address} would have a {danger}, which {DANGEROUS[danger]}"
    if _is_sibling(block, after, comparison):
        return ""
    return f"{block.address} would be added, and {comparison.control.id} does not name it"


def _altered(block: Block, before: Module, after: Module, comparison: Comparison) -> tuple[str, tuple[Path, ...]]:
    old, new = before.written(block.address), after.written(block.address)
    if before.blocks[block.address].type != block.type:
        return f"{block.address} would become another resource", ()
    paths = changed_paths(old, new)
    for path in paths:
        if problem := _forbidden(str(path[0]), block.address, new):
            return problem, ()
    if comparison.control is None:
        return (
            "" if block.address == comparison.address else f"{block.address} is not the resource of the finding",
            paths,
        )
    for path in paths:
        if not _covers(path, block, after, comparison):
            return f"{block.address}: {path_text(path)} would change, and {comparison.control.id} does not name it", ()
    return "", paths


def _forbidden(name: str, address: str, new: Fields) -> str:
    if name in DISABLING:
        return f"{address}: `{name}` would change {DISABLING[name]}"
    if name in PROTECTING and select(new, (name,))[0].value not in (Known("Retain"), Known("Snapshot")):
        return f"{address} would lose the protection of its {name}"
    if name in DANGEROUS:
        return f"{address}: `{name}` would change, which {DANGEROUS[name]}"
    return ""


def _covers(path: Path, block: Block, after: Module, comparison: Comparison) -> bool:
    within = _reach_of(comparison)
    if block.address == comparison.address:
        return within.covers(path)
    return within.covers_sibling(block.type, path) and _is_sibling(block, after, comparison)


def _reach_of(comparison: Comparison) -> Reach:
    resource = comparison.match.resource
    if comparison.control is None or resource is None:
        return Reach((), {})
    return reach(comparison.control, resource.type)


def _is_sibling(block: Block, after: Module, comparison: Comparison) -> bool:
    """Whether a block is of a type that the control names and belongs to the matched resource."""
    if block.type not in _reach_of(comparison).siblings or comparison.address not in after.blocks:
        return False
    subject = Subject(after, comparison.address, comparison.parameters)
    return any(points_at(value, subject) for value in _values(after.resolved(block.address)))


def _values(body: Fields) -> Iterator[Value]:
    for name, value in body.entries:
        yield value
        if name == "Properties" and isinstance(value, Fields):
            yield from (inner for _, inner in value.entries)
