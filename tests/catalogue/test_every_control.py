"""One suite for every control: what its declaration promises is what happens, to the byte."""

from __future__ import annotations

from typing import Any

import pytest

from remedy_gate.catalogue.compiling import HERE, compiled, declarations
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.commands.trials import FILES, TRIALS, Bench, missing, not_left_alone
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform

SCHEMAS = load()
CATALOGUE = Catalogue()
SERVICES = declarations()
DECLARATIONS: dict[str, dict[str, Any]] = {item["id"]: item for items in SERVICES.values() for item in items}


def bench(name: str) -> Bench:
    control = CATALOGUE.control(name)
    assert control is not None
    return Bench(control, CATALOGUE, Reader((Terraform(SCHEMAS), CloudFormation(SCHEMAS))), SCHEMAS)


EXAMPLES = [
    pytest.param(name, language, example, id=f"{name}-{language}-{number}")
    for name, item in DECLARATIONS.items()
    for language, examples in item.get("examples", {}).items()
    for number, example in enumerate(examples, 1)
]
LEFT_ALONE = [
    pytest.param(name, language, kept, id=f"{name}-{language}-{kept['because'][:40]}")
    for name, item in DECLARATIONS.items()
    for language, cases in item.get("leaves_alone", {}).items()
    for kept in cases
]


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.__name__)
@pytest.mark.parametrize(("name", "language", "example"), EXAMPLES)
def test_an_example_is_what_happens(trial: Any, name: str, language: str, example: dict[str, Any]) -> None:
    assert trial(language, example, bench(name)) == ""


@pytest.mark.parametrize(("name", "language", "kept"), LEFT_ALONE)
def test_what_is_right_or_unknown_is_left_alone(name: str, language: str, kept: dict[str, Any]) -> None:
    assert not_left_alone(language, kept, bench(name)) == ""


@pytest.mark.parametrize("name", DECLARATIONS)
def test_every_language_has_an_example_and_every_resource_type_exists(name: str) -> None:
    item = DECLARATIONS[name]
    assert list(missing(item, {language for language in FILES if language in item}, bench(name))) == []


def test_the_compiled_catalogue_is_what_the_declarations_say() -> None:
    on_disk = {path.stem: path.read_text(encoding="utf-8") for path in (HERE / "compiled").glob("*.json")}
    assert on_disk == compiled(SERVICES), "run: python -m remedy_gate.catalogue.compiling"
