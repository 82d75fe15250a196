"""Make a control hold: which edits, from the same declaration that says what must hold."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import (
    AddItem,
    AddResource,
    Data,
    Operation,
    Raw,
    Ref,
    RemoveValue,
    SetValue,
    Table,
)
from remedy_gate.iac.values import Absent, Found, Items, Known, Path, Unknown, select, settled

from .comparing import plain
from .control import AnyOf, AttributeIs, Body, Control, Given, OnlyWhen, Requirement, Sibling, Special, Subject
from .given import fill, fill_body
from .judging import judge_all, judge_found, judge_one, places
from .siblings import relatives
from .special import SPECIALS
from .verdict import Holds

Repair: TypeAlias = tuple[Operation, ...] | NoPatch


def repair(control: Control, subject: Subject) -> Repair:
    """The edits that make the control hold for the subject; none where it holds already."""
    return repair_all(control.rules[subject.module.blocks[subject.address].type], subject)


def repair_all(requirements: tuple[Requirement, ...], subject: Subject) -> Repair:
    """The edits for every requirement that does not hold. One that cannot be met means no patch at all."""
    edits: list[Operation] = []
    for requirement in requirements:
        if judge_one(requirement, subject).holds is Holds.YES:
            continue
        part = _repair_one(requirement, subject)
        if isinstance(part, NoPatch):
            return part
        edits += (edit for edit in part if edit not in edits)
    return tuple(edits)


def _repair_one(requirement: Requirement, subject: Subject) -> Repair:
    match requirement:
        case AttributeIs():
            return _repair_attribute(requirement, subject)
        case Sibling():
            return _repair_sibling(requirement, subject)
        case AnyOf():
            begun = [way for way in requirement.ways if any(_is_begun(part, subject) for part in way)]
            return repair_all((begun or requirement.ways)[0], subject)
        case OnlyWhen():
            condition = judge_all(requirement.condition, subject)
            return (
                NoPatch(condition.reason) if condition.holds is Holds.UNKNOWN else repair_all(requirement.then, subject)
            )
        case Special():
            return SPECIALS[requirement.name].repair(subject, requirement.arguments)
        case _:
            assert_never(requirement)


def _repair_attribute(requirement: AttributeIs, subject: Subject) -> Repair:
    edits: list[Operation] = []
    for found in places(requirement, subject):
        verdict = judge_found(requirement, found)
        if verdict.holds is Holds.YES:
            continue
        if verdict.holds is Holds.UNKNOWN:
            return NoPatch(f"{verdict.reason}; it has to be set where it comes from")
        part = _edit(requirement, found, subject)
        if isinstance(part, NoPatch):
            return part
        edits += (edit for edit in part if edit not in edits)
    return tuple(edits)


def _edit(requirement: AttributeIs, found: Found, subject: Subject) -> Repair:
    path, test = (*found.path, *found.rest), requirement.test
    if "*" in path:
        return NoPatch(f"there is no {found.path[-1]} to change")
    match test.kind:
        case "absent":
            return (RemoveValue(subject.address, path),)
        case "excludes":
            return _remove_items(requirement, found, subject)
        case "contains" if isinstance(settled(found.value), Items) and not isinstance(requirement.set, Given):
            return _add_items(requirement, found, subject)
        case _:
            if not requirement.can_set:
                return NoPatch("the right value depends on how this resource is used, which only its owner knows")
            head = path[:2] if path[0] == "Properties" else path[:1]
            whole = isinstance(found.value, Absent) and requirement.create is not None and len(found.path) <= len(head)
            value = fill(requirement.create if whole else requirement.set, subject)
            if isinstance(value, NoPatch):
                return value
            return (*value.additions, SetValue(subject.address, head if whole else path, value.data))


def _add_items(requirement: AttributeIs, found: Found, subject: Subject) -> Repair:
    items = settled(found.value)
    wanted = requirement.test.operand if isinstance(requirement.test.operand, tuple) else (requirement.test.operand,)
    there = {plain(item.value) for item in getattr(items, "items", ()) if isinstance(item, Known)}
    missing = tuple(value for value in wanted if plain(value) not in there)
    return tuple(AddItem(subject.address, found.path, value) for value in missing)


def _remove_items(requirement: AttributeIs, found: Found, subject: Subject) -> Repair:
    items = settled(found.value)
    if not isinstance(items, Items):
        return (RemoveValue(subject.address, found.path),)
    operand = requirement.test.operand if isinstance(requirement.test.operand, tuple) else (requirement.test.operand,)
    unwanted = {plain(value) for value in operand}
    indexes = [
        index for index, item in enumerate(items.items) if isinstance(item, Known) and plain(item.value) in unwanted
    ]
    if len(indexes) == len(items.items):
        return (RemoveValue(subject.address, found.path),)
    return tuple(RemoveValue(subject.address, (*found.path, index)) for index in reversed(indexes))


def _repair_sibling(requirement: Sibling, subject: Subject) -> Repair:
    found = relatives(requirement, subject)
    if found.certain:
        siblings = (Subject(subject.module, address, subject.parameters) for address in found.certain)
        repairs = [repair_all(requirement.require, sibling) for sibling in siblings]
        return next((one for one in repairs if not isinstance(one, NoPatch)), repairs[0])
    if found.possible:
        return NoPatch(f"{found.possible[0]} may already do it: {found.doubt}")
    if requirement.add is None:
        return NoPatch(f"there is no {requirement.type} for it, and what it should say only the owner knows")
    return _add_sibling(requirement, requirement.add, subject)


def _add_sibling(requirement: Sibling, body: Body, subject: Subject) -> Repair:
    filled = fill_body(body, subject)
    if isinstance(filled, NoPatch):
        return filled
    table, added = filled
    block = subject.module.blocks[subject.address]
    if subject.module.language == "terraform":
        repetition, reference = _repetition(subject, requirement.refers_to)
        by = (reference,) if requirement.by[-1] == "*" else reference
        entries = (*repetition, (str(requirement.by[0]), by), *table.entries)
        name = _free_name(requirement, subject)
        return (*added, AddResource(subject.address, requirement.type, name, Table(entries)))
    properties = Table(((str(requirement.by[-1]), Ref(subject.address, requirement.refers_to)), *table.entries))
    name = _free_logical_id(f"{block.name}{requirement.type.rpartition('::')[2]}", subject)
    return (*added, AddResource(subject.address, requirement.type, name, Table((("Properties", properties),))))


def _free_name(requirement: Sibling, subject: Subject) -> str:
    name = subject.module.blocks[subject.address].name
    taken = subject.module.blocks
    numbers = (name, *(f"{name}_{number}" for number in range(2, 100)))
    return next((free for free in numbers if f"{requirement.type}.{free}" not in taken), name)


def _free_logical_id(name: str, subject: Subject) -> str:
    numbers = (name, *(f"{name}{number}" for number in range(2, 100)))
    return next((free for free in numbers if free not in subject.module.blocks), name)


def _repetition(subject: Subject, attribute: str) -> tuple[tuple[tuple[str, Data], ...], Data]:
    """The count or for_each that a sibling needs too, and how it then refers to its own instance of the subject."""
    written = subject.module.written(subject.address)
    provider = written.get("provider")
    kept: list[tuple[str, Data]] = []
    reference: Data = Ref(subject.address, attribute)
    for name, index in (("count", "[count.index]"), ("for_each", "[each.key]")):
        value = written.get(name)
        if isinstance(value, Absent):
            continue
        text = value.reason if isinstance(value, Unknown) else str(getattr(value, "value", ""))
        kept.append((name, Raw(text)))
        reference = Raw(f"{subject.address}{index}.{attribute}")
    if isinstance(provider, Unknown):
        kept.append(("provider", Raw(provider.reason)))
    return tuple(kept), reference


def _is_begun(requirement: Requirement, subject: Subject) -> bool:
    """Whether the code already goes this way, so that a remedy should go on with it."""
    match requirement:
        case AttributeIs():
            head: Path = requirement.path[:2] if requirement.path[0] == "Properties" else requirement.path[:1]
            values = [found.value for found in select(subject.module.resolved(subject.address), head)]
            return any(not isinstance(value, Absent) and value != Items(()) for value in values)
        case Sibling():
            return bool(relatives(requirement, subject).certain)
        case AnyOf():
            return any(_is_begun(part, subject) for way in requirement.ways for part in way)
        case OnlyWhen():
            return any(_is_begun(part, subject) for part in requirement.then)
        case Special():
            return True
        case _:
            assert_never(requirement)
