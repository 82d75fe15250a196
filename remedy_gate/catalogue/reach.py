"""What a control's remedy may touch: attributes of the resource, and the siblings that the control names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, assert_never

from remedy_gate.iac.values import Path

from .control import AnyOf, AttributeIs, Control, OnlyWhen, Requirement, Sibling, Special
from .special import SPECIALS

Names = tuple[str, ...]


class Reach(NamedTuple):
    """Prefixes of the paths that may change on the resource itself, and per sibling type those on a sibling.

    `named` are the types of siblings that do not point at the resource, but that it, or a sibling of it, points at.
    """

    own: tuple[Names, ...]
    siblings: Mapping[str, tuple[Names, ...]]
    named: frozenset[str] = frozenset()

    def covers(self, path: Path) -> bool:
        """Whether a changed path of the resource lies within reach."""
        return _within(path, self.own)

    def covers_sibling(self, type_name: str, path: Path) -> bool:
        """Whether a changed path of a sibling of this type lies within reach."""
        return _within(path, self.siblings.get(type_name, ()))


def reach(control: Control, type_name: str) -> Reach:
    """The reach of a control on one resource type."""
    own: list[Names] = [_names(tuple(path.split("."))) for path in control.also]
    siblings: dict[str, list[Names]] = {}
    rules = control.rules.get(type_name, ())
    _collect(rules, own, siblings)
    return Reach(tuple(own), {name: tuple(paths) for name, paths in siblings.items()}, frozenset(_named(rules)))


def _collect(requirements: tuple[Requirement, ...], own: list[Names], siblings: dict[str, list[Names]]) -> None:
    for requirement in requirements:
        match requirement:
            case AttributeIs():
                own.append(_prefix(requirement))
            case Sibling():
                theirs = siblings.setdefault(requirement.type, [])
                _collect(requirement.require, theirs, siblings)
            case AnyOf():
                for way in requirement.ways:
                    _collect(way, own, siblings)
            case OnlyWhen():
                _collect(requirement.then, own, siblings)
            case Special():
                own.extend(_names(tuple(path.split("."))) for path in SPECIALS[requirement.name].TOUCHES)
                if "sibling" in requirement.arguments:  # it may hold instead what the rule asks of the resource
                    siblings.setdefault(str(requirement.arguments["sibling"]), [])
            case _:
                assert_never(requirement)


def _named(requirements: tuple[Requirement, ...]) -> Iterator[str]:
    for requirement in requirements:
        match requirement:
            case Sibling():
                if requirement.named_by:
                    yield requirement.type
                yield from _named(requirement.require)
            case AnyOf():
                for way in requirement.ways:
                    yield from _named(way)
            case OnlyWhen():
                yield from _named(requirement.then)
            case _:
                continue


def _prefix(requirement: AttributeIs) -> Names:
    """The attribute itself, or the nested block that it stands in: what belongs together may be written together."""
    names = _names(requirement.path)
    if requirement.create is not None:
        return names[:1]
    return names[:-1] if len(names) > 1 else names


def _names(path: Path) -> Names:
    """The names of a path as people call it: without numbers, fan-outs, and CloudFormation's `Properties`."""
    names = tuple(step for step in path if isinstance(step, str) and step != "*")
    return names[1:] if names[:1] == ("Properties",) and len(names) > 1 else names


def _within(path: Path, prefixes: tuple[Names, ...]) -> bool:
    names = _names(path)
    return any(names[: len(prefix)] == prefix for prefix in prefixes)
