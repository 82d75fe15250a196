"""One of the items of a list is such and such: a parameter of a group, a rule of a lifecycle, a log of a domain.

- `path`: the list, or the nested blocks.
- `some`: requirements on one item; they hold where one item meets all of them.
- `same`: the field by which an item is known for the one in question (`name`). The remedy amends that item; without
  `same`, or where there is no such item, it adds `add`.
- `default`: `true` where AWS does it although no item says so.
- `reason`: what is wrong where no item is such, if the requirements do not say it well.
"""

from __future__ import annotations

from remedy_gate.catalogue.control import AttributeIs, Subject
from remedy_gate.catalogue.verdict import Holds, Verdict, any_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import AddItem, Operation, SetValue
from remedy_gate.iac.values import Path, Value, path_text, select

from .listing import is_complete, items_at, judge_item, requirements
from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = (
    "parameter",
    "Parameters",
    "rule",
    "lifecycle_rule",
    "LifecycleConfiguration",
    "log_publishing_options",
    "config_parameter",
    "ConfigParameters",
)


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Hold where one item meets every requirement; fail where surely none does."""
    path, wanted = path_in(subject, str(arguments["path"])), requirements(arguments, "some")
    items = [item for _, item in items_at(subject, path)]
    best = any_of(judge_item(item, wanted) for item in items)
    if best.holds is Holds.YES:
        return best
    if best.holds is Holds.UNKNOWN or not is_complete(subject, path):
        return Verdict(Holds.UNKNOWN, best.reason or f"{arguments['path']} is not known from the code")
    named = [item for item in items if _is_same(item, wanted, arguments)]
    if not named and arguments.get("default") is True:
        return Verdict(Holds.YES, f"{_words(wanted)} by default")
    if named:
        return Verdict(Holds.NO, judge_item(named[0], wanted).reason)
    return Verdict(Holds.NO, str(arguments.get("reason", f"no {arguments['path']} with {_words(wanted)}")))


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Amend the item in question, or add one."""
    verdict = judge(subject, arguments)
    if verdict.holds is Holds.UNKNOWN:
        return NoPatch(verdict.reason)
    path, wanted = path_in(subject, str(arguments["path"])), requirements(arguments, "some")
    for place, item in items_at(subject, path):
        if _is_same(item, wanted, arguments):
            return _amended(subject, place, item, wanted)
    from remedy_gate.catalogue.declaring import read_body
    from remedy_gate.catalogue.given import fill_body

    body = fill_body(read_body(arguments["add"], "some_item"), subject)
    return body if isinstance(body, NoPatch) else (*body.additions, AddItem(subject.address, path, body.table))


def _amended(
    subject: Subject, place: Path, item: Value, wanted: tuple[AttributeIs, ...]
) -> tuple[Operation, ...] | NoPatch:
    from remedy_gate.catalogue.given import fill
    from remedy_gate.catalogue.judging import judge_found

    edits: list[Operation] = []
    for requirement in wanted:
        for found in select(item, requirement.path):
            verdict = judge_found(requirement, found)
            if verdict.holds is Holds.YES:
                continue
            if verdict.holds is Holds.UNKNOWN or not requirement.can_set:
                return NoPatch(verdict.reason)
            value = fill(requirement.set, subject)
            if isinstance(value, NoPatch):
                return value
            edits += (addition for addition in value.additions if addition not in edits)
            edits.append(SetValue(subject.address, (*place, *found.path, *found.rest), value.data))
    return tuple(edits)


def _is_same(item: Value, wanted: tuple[AttributeIs, ...], arguments: Arguments) -> bool:
    known_by = tuple(requirement for requirement in wanted if path_text(requirement.path) == arguments.get("same"))
    return bool(known_by) and judge_item(item, known_by).holds is Holds.YES


def _words(wanted: tuple[AttributeIs, ...]) -> str:
    return ", ".join(f"{path_text(requirement.path)} {_operand(requirement)}" for requirement in wanted)


def _operand(requirement: AttributeIs) -> str:
    operand = requirement.test.operand
    if requirement.test.kind in ("present", "absent"):
        return requirement.test.kind
    return " or ".join(map(str, operand)) if isinstance(operand, tuple) else str(operand)
