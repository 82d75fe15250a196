"""One of the items of a list is such and such: a parameter of a group, a rule of a lifecycle, a log of a domain.

- `path`: the list, or the nested blocks.
- `some`: requirements on one item; they hold where one item meets all of them.
- `same`: the field by which an item is known for the one in question (`name`). The remedy amends that item; without
  `same`, or where there is no such item, it adds `add`.
- `default`: `true` where AWS does it although no item says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from remedy_gate.catalogue.control import AttributeIs, Subject
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of, any_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import AddItem, Operation, SetValue
from remedy_gate.iac.values import Absent, Fields, Items, Known, Path, Unknown, Value, path_text, select, settled

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
    path = path_in(subject, str(arguments["path"]))
    verdicts = [_judge_item(item, arguments) for _, item in _items(subject, path)]
    known = any_of(verdicts) if verdicts else Verdict(Holds.NO, "")
    if known.holds is Holds.YES:
        return known
    if known.holds is Holds.UNKNOWN or not _complete(subject, path):
        return Verdict(Holds.UNKNOWN, known.reason or f"{arguments['path']} is not known from the code")
    named = [item for _, item in _items(subject, path) if _is_same(item, arguments)]
    if not named and arguments.get("default") is True:
        return Verdict(Holds.YES, f"{_wanted(arguments)} by default")
    reason = _judge_item(named[0], arguments).reason if named else f"no {arguments['path']} has {_wanted(arguments)}"
    return Verdict(Holds.NO, reason)


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Amend the item in question, or add one."""
    if judge(subject, arguments).holds is Holds.UNKNOWN:
        return NoPatch(judge(subject, arguments).reason)
    path = path_in(subject, str(arguments["path"]))
    for place, item in _items(subject, path):
        if _is_same(item, arguments):
            return _amended(subject, place, item, arguments)
    from remedy_gate.catalogue.declaring import read_body
    from remedy_gate.catalogue.given import fill_body

    body = fill_body(read_body(arguments["add"], "some_item"), subject)
    return body if isinstance(body, NoPatch) else (AddItem(subject.address, path, body),)


def _amended(subject: Subject, place: Path, item: Value, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    from remedy_gate.catalogue.given import fill
    from remedy_gate.catalogue.judging import judge_found

    edits: list[Operation] = []
    for requirement in _requirements(arguments):
        for found in select(item, requirement.path):
            verdict = judge_found(requirement, found)
            if verdict.holds is Holds.YES:
                continue
            if verdict.holds is Holds.UNKNOWN or not requirement.can_set:
                return NoPatch(verdict.reason)
            value = fill(requirement.set, subject)
            if isinstance(value, NoPatch):
                return value
            edits.append(SetValue(subject.address, (*place, *found.path, *found.rest), value))
    return tuple(edits)


def _requirements(arguments: Arguments) -> tuple[AttributeIs, ...]:
    from remedy_gate.catalogue.declaring import read_attribute

    words = cast("list[Mapping[str, Any]]", arguments["some"])
    return tuple(read_attribute(word, "some_item", "terraform") for word in words)


def _items(subject: Subject, path: Path) -> list[tuple[Path, Value]]:
    """The items with the path of each; a single block counts as one item."""
    listed: list[tuple[Path, Value]] = []
    for found in select(subject.module.resolved(subject.address), path):
        value = settled(found.value)
        if isinstance(value, Items):
            listed += [((*found.path, index), settled(item)) for index, item in enumerate(value.items)]
        elif isinstance(value, Fields) and not found.rest:
            listed.append((found.path, value))
    return listed


def _complete(subject: Subject, path: Path) -> bool:
    values = [settled(found.value) for found in select(subject.module.resolved(subject.address), path)]
    whole = (Absent, Fields, Known)
    return all(isinstance(value, whole) or (isinstance(value, Items) and value.complete) for value in values)


def _judge_item(item: Value, arguments: Arguments) -> Verdict:
    from remedy_gate.catalogue.judging import judge_found

    if isinstance(item, Unknown):
        return Verdict(Holds.UNKNOWN, item.reason)
    return all_of(
        judge_found(requirement, found)
        for requirement in _requirements(arguments)
        for found in select(item, requirement.path)
    )


def _is_same(item: Value, arguments: Arguments) -> bool:
    from remedy_gate.catalogue.judging import judge_found

    same = arguments.get("same")
    named = [requirement for requirement in _requirements(arguments) if path_text(requirement.path) == same]
    found = [(requirement, hit) for requirement in named for hit in select(item, requirement.path)]
    return bool(found) and all(judge_found(requirement, hit).holds is Holds.YES for requirement, hit in found)


def _wanted(arguments: Arguments) -> str:
    words = [f"{path_text(requirement.path)} {requirement.test.operand}" for requirement in _requirements(arguments)]
    return ", ".join(words)
