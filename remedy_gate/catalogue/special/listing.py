"""The items of a list or the nested blocks of one name, and whether one of them meets requirements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from remedy_gate.catalogue.control import AttributeIs, Subject
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.iac.values import Absent, Fields, Items, Known, Path, Unknown, Value, select, settled

from .rule import Arguments


def requirements(arguments: Arguments, word: str) -> tuple[AttributeIs, ...]:
    """The requirements on one item that stand under `word`; their paths begin at the item."""
    from remedy_gate.catalogue.declaring import read_attribute

    words = cast("list[Mapping[str, Any]]", arguments[word])
    return tuple(read_attribute(item, word, "terraform") for item in words)


def items_at(subject: Subject, path: Path) -> list[tuple[Path, Value]]:
    """The items with the path of each; a single block counts as one item."""
    listed: list[tuple[Path, Value]] = []
    for found in select(subject.module.resolved(subject.address), path):
        value = settled(found.value)
        if isinstance(value, Items):
            listed += [((*found.path, index), settled(item)) for index, item in enumerate(value.items)]
        elif isinstance(value, Fields) and not found.rest:
            listed.append((found.path, value))
    return listed


def is_complete(subject: Subject, path: Path) -> bool:
    """Whether there are surely no more items than the code shows."""
    values = [settled(found.value) for found in select(subject.module.resolved(subject.address), path)]
    whole = (Absent, Fields, Known)
    return all(isinstance(value, whole) or (isinstance(value, Items) and value.complete) for value in values)


def judge_item(item: Value, wanted: tuple[AttributeIs, ...]) -> Verdict:
    """Whether one item meets every requirement."""
    from remedy_gate.catalogue.judging import judge_found

    if isinstance(item, Unknown):
        return Verdict(Holds.UNKNOWN, item.reason)
    return all_of(judge_found(requirement, found) for requirement in wanted for found in select(item, requirement.path))
