"""Values that only the owner knows: taken from the policy, else from the one obvious candidate in the module."""

from __future__ import annotations

from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Data, Ref, Table

from .control import Body, Given, Recipe, Subject


def fill(recipe: Recipe, subject: Subject) -> Data | NoPatch:
    """What is to be written, with the owner's values in it."""
    match recipe:
        case Given():
            return answer(recipe, subject)
        case Body():
            return fill_body(recipe, subject)
        case tuple() if not hasattr(recipe, "_fields"):
            items = [fill(item, subject) for item in recipe]
            return _first_missing(items) or tuple(item for item in items if not isinstance(item, NoPatch))
        case _:
            return recipe


def fill_body(body: Body, subject: Subject) -> Table | NoPatch:
    """The body with the owner's values in it."""
    pairs = [(name, fill(value, subject)) for name, value in body.entries]
    missing = _first_missing([value for _, value in pairs])
    return missing or Table(tuple((name, value) for name, value in pairs if not isinstance(value, NoPatch)))


def _first_missing(values: list[Data | NoPatch]) -> NoPatch | None:
    return next((value for value in values if isinstance(value, NoPatch)), None)


def answer(given: Given, subject: Subject) -> Data | NoPatch:
    """The value, or the question that the owner can answer in the policy file. Nothing is ever made up."""
    if given.parameter in subject.parameters:
        return subject.parameters[given.parameter]
    candidates = [
        block.address
        for block in subject.module.blocks.values()
        if block.kind == "resource"
        and block.type == given.candidate
        and block.address != subject.address
        and given.like in f"{block.name}".lower()
    ]
    if len(candidates) == 1 and not _repeated(candidates[0], subject):
        return Ref(candidates[0], given.attribute)
    choice = f" (in this module: {', '.join(candidates)})" if len(candidates) > 1 else ""
    return NoPatch(
        f"{given.question}{choice} Answer with `parameters: {{{given.parameter}: ...}}` in .remedy-gate.yml."
    )


def _repeated(address: str, subject: Subject) -> bool:
    """Whether there are several instances, or perhaps none, so that a plain reference would be wrong."""
    written = {name for name, _ in subject.module.written(address).entries}
    return bool(written & {"count", "for_each", "Condition"})
