from __future__ import annotations

import enum
import importlib
import pkgutil
import typing

import pytest

import remedy_gate.domain

MODULES = [
    importlib.import_module(f"remedy_gate.domain.{module.name}")
    for module in pkgutil.iter_modules(remedy_gate.domain.__path__)
]
CLASSES = sorted(
    {
        value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__.startswith("remedy_gate.domain")
    },
    key=lambda kind: kind.__qualname__,
)
VALUES = [kind for kind in CLASSES if hasattr(kind, "_fields")]


def test_there_are_values_to_look_at() -> None:
    assert len(VALUES) > 15


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_everything_in_the_domain_is_a_frozen_value_an_enumeration_or_a_seam(kind: type) -> None:
    assert hasattr(kind, "_fields") or issubclass(kind, enum.Enum) or getattr(kind, "_is_protocol", False)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_no_value_has_a_field_that_can_be_changed_in_place(kind: type) -> None:
    for name, annotation in typing.get_type_hints(kind).items():
        for part in _parts(annotation):
            assert not {typing.get_origin(part), part} & {list, dict, set}, name


def _parts(annotation: object) -> list[object]:
    inner = [part for argument in typing.get_args(annotation) for part in _parts(argument)]
    return [annotation, *inner]
