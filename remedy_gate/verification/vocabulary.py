"""The words of a control: which attributes it tests, which of them point at something, which values it knows itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from remedy_gate.catalogue.control import (
    AnyOf,
    AttributeIs,
    Body,
    Control,
    Given,
    OnlyWhen,
    Recipe,
    Requirement,
    Sibling,
    Special,
)
from remedy_gate.iac.values import Scalar

PLACES = ("path", "list", "setting", "within", "attribute")
"""Arguments of special rules that name attributes."""


class Vocabulary(NamedTuple):
    """`tested` and `pointing` are names of attributes, `known` the texts that the declaration itself has for one.

    `specials` are the names of the special rules among its requirements.
    """

    tested: frozenset[str]
    pointing: frozenset[str]
    known: Mapping[str, set[str]]
    specials: frozenset[str]

    def knows(self, name: str, text: str) -> bool:
        """Whether the declaration itself has this text for an attribute of this name."""
        return text.lower() in self.known.get(name, ())


def vocabulary(control: Control, type_name: str) -> Vocabulary:
    """The words of a control as far as one resource type is concerned."""
    tested: set[str] = set()
    pointing: set[str] = set()
    known: dict[str, set[str]] = {}
    specials: set[str] = set()
    for requirement in _all(control.rules.get(type_name, ())):
        match requirement:
            case AttributeIs():
                last = [step for step in requirement.path if isinstance(step, str) and step != "*"][-1:]
                tested.update(last)
                if last and requirement.test.kind not in ("present", "absent"):
                    known.setdefault(last[0], set()).update(_texts(requirement.test.operand))
                for recipe in (requirement.set, requirement.create):
                    _read(recipe, last[0] if last else "", pointing, known)
            case Sibling():
                _read(requirement.add, "", pointing, known)
            case Special():
                specials.add(requirement.name)
                _of_special(requirement.arguments, tested, known)
            case _:
                continue
    return Vocabulary(frozenset(tested), frozenset(pointing), known, frozenset(specials))


def _all(requirements: tuple[Requirement, ...]) -> Iterator[Requirement]:
    for requirement in requirements:
        yield requirement
        match requirement:
            case Sibling():
                yield from _all(requirement.require)
            case AnyOf():
                for way in requirement.ways:
                    yield from _all(way)
            case OnlyWhen():
                yield from _all((*requirement.condition, *requirement.then))
            case _:
                continue


def _read(recipe: Recipe | None, name: str, pointing: set[str], known: dict[str, set[str]]) -> None:
    """What a remedy writes: the texts in it, and the attributes whose value it asks the owner for."""
    match recipe:
        case Given():
            if recipe.candidate:
                pointing.add(name)
        case Body():
            for key, inner in recipe.entries:
                _read(inner, key, pointing, known)
        case tuple() if not hasattr(recipe, "_fields"):
            for item in recipe:
                _read(item, name, pointing, known)
        case str() | bool():
            known.setdefault(name, set()).update(_texts(recipe))
        case _:
            return


def _of_special(arguments: Mapping[str, Scalar], tested: set[str], known: dict[str, set[str]]) -> None:
    """A special rule says where it looks in arguments of its own, and what is right in others."""
    named = {word: str(value).rpartition(".")[2] for word, value in arguments.items() if word in PLACES}
    tested.update(named.values())
    words = {
        text
        for word, value in arguments.items()
        if word not in PLACES
        for one in _texts(value)
        for text in one.split("|")
    }
    for name in (*named.values(), str(arguments.get("value_name", ""))):
        known.setdefault(name, set()).update(words)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, str):
        yield value.lower()
    elif isinstance(value, bool):
        yield from ("true", "false")  # where one is wrong, the other one says something
