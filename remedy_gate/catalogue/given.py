"""Values that only the owner knows: from the policy, else from the one obvious candidate, else of a companion made for it."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Data, Operation, Raw, Ref, Table

from .companions import Companion, address_for, companion, make
from .control import Body, Given, Recipe, Subject
from .keys import surely_shuts_out


class Filled(NamedTuple):
    """What is to be written, and the edits that have to come first so that it points at something."""

    data: Data
    additions: tuple[Operation, ...] = ()


class FilledBody(NamedTuple):
    """The same of a whole body."""

    table: Table
    additions: tuple[Operation, ...] = ()


def fill(recipe: Recipe, subject: Subject) -> Filled | NoPatch:
    """What is to be written, with the owner's values in it."""
    match recipe:
        case Given():
            return answer(recipe, subject)
        case Body():
            body = fill_body(recipe, subject)
            return body if isinstance(body, NoPatch) else Filled(*body)
        case tuple() if not hasattr(recipe, "_fields"):
            parts = _all_filled(recipe, subject)
            return parts if isinstance(parts, NoPatch) else Filled(tuple(part.data for part in parts), _added(parts))
        case _:
            return Filled(recipe)


def fill_body(body: Body, subject: Subject) -> FilledBody | NoPatch:
    """The body with the owner's values in it."""
    parts = _all_filled(tuple(value for _, value in body.entries), subject)
    if isinstance(parts, NoPatch):
        return parts
    names = (name for name, _ in body.entries)
    return FilledBody(Table(tuple((name, part.data) for name, part in zip(names, parts, strict=True))), _added(parts))


def _all_filled(recipes: tuple[Recipe, ...], subject: Subject) -> tuple[Filled, ...] | NoPatch:
    parts: list[Filled] = []
    for recipe in recipes:
        part = fill(recipe, subject)
        if isinstance(part, NoPatch):
            return part
        parts.append(part)
    return tuple(parts)


def _added(parts: tuple[Filled, ...]) -> tuple[Operation, ...]:
    return tuple(addition for part in parts for addition in part.additions)


def answer(given: Given, subject: Subject) -> Filled | NoPatch:
    """The value, or the question that the owner can answer in the policy file.

    Nothing is ever made up: what is not there yet is added along with the value that points at it.
    """
    if given.parameter in subject.parameters:
        return Filled(subject.parameters[given.parameter])
    made = companion(given.create, subject)
    candidates = _candidates(given, subject, made)
    mine = made and address_for(made, subject)
    chosen = mine if mine in candidates else candidates[0] if len(candidates) == 1 else ""
    if chosen and not _repeated(chosen, subject):
        return Filled(_reference(chosen, given))
    if made and not candidates:
        address, edits = make(made, subject)
        return Filled(_reference(address, given), edits)
    choice = f" (in this module: {', '.join(candidates)})" if len(candidates) > 1 else ""
    have_made = " To have one made, `{create: true}`." if given.create and not candidates else ""
    return NoPatch(
        f"{given.question}{choice} Answer with `parameters: {{{given.parameter}: ...}}` in .remedy-gate.yml.{have_made}"
    )


def _reference(address: str, given: Given) -> Data:
    if given.ending:
        return Raw(f'"${{{address}.{given.attribute}}}{given.ending}"')
    return Ref(address, given.attribute)


def _candidates(given: Given, subject: Subject, made: Companion | None) -> list[str]:
    mine = made and address_for(made, subject)
    return [
        block.address
        for block in subject.module.blocks.values()
        if block.kind == "resource"
        and block.type == given.candidate
        and block.address != subject.address
        and (given.like in f"{block.name}".lower() or block.address == mine)
        and not (made and made.serves and surely_shuts_out(made.serves, block, subject.module))
    ]


def _repeated(address: str, subject: Subject) -> bool:
    """Whether there are several instances, or perhaps none, so that a plain reference would be wrong."""
    written = {name for name, _ in subject.module.written(address).entries}
    return bool(written & {"count", "for_each", "Condition"})
