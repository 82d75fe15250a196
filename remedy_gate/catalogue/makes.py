"""Which companions the remedies of a control may make: to be said before anybody is surprised by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from .control import AnyOf, AttributeIs, Body, Control, Given, OnlyWhen, Recipe, Requirement, Sibling, Special
from .packaged import companions


def makes(control: Control) -> dict[str, str]:
    """The words of each companion by what people call it: the resource types that it begins with."""
    names = dict.fromkeys(name for rules in control.rules.values() for name in _in_all(rules))
    return {_types(name): str(companions()[name]["words"]) for name in names}


def _types(name: str) -> str:
    declared = companions()[name]
    return " or ".join(
        declared[language][0]["type"] for language in ("terraform", "cloudformation") if language in declared
    )


def _in_all(requirements: tuple[Requirement, ...]) -> Iterator[str]:
    for requirement in requirements:
        match requirement:
            case AttributeIs():
                for recipe in (requirement.set, requirement.create):
                    yield from _in_recipe(recipe)
            case Sibling():
                yield from _in_all(requirement.require)
                yield from _in_recipe(requirement.add)
            case AnyOf():
                for way in requirement.ways:
                    yield from _in_all(way)
            case OnlyWhen():
                yield from _in_all(requirement.then)
            case Special():
                yield from _in_special(requirement)
            case _:
                assert_never(requirement)


def _in_recipe(recipe: Recipe) -> Iterator[str]:
    match recipe:
        case Given():
            yield from (recipe.create,) if recipe.create else ()
        case Body():
            for _, value in recipe.entries:
                yield from _in_recipe(value)
        case tuple() if not hasattr(recipe, "_fields"):
            for item in recipe:
                yield from _in_recipe(item)
        case _:
            return


def _in_special(special: Special) -> Iterator[str]:
    """A special rule has recipes as they are written; `own_key` makes a key unless it says otherwise."""
    if special.name == "own_key":
        name = str(special.arguments.get("create", "kms_key"))
        yield from (name,) if name else ()
    else:
        yield from _in_written(special.arguments)


def _in_written(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        if "ask" in value and value.get("create"):
            yield str(value["create"])
        for item in value.values():
            yield from _in_written(item)
    elif isinstance(value, list):
        for item in value:
            yield from _in_written(item)
