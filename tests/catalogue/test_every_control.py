"""One suite for every control: what its declaration promises is what happens, to the byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from remedy_gate.catalogue.compiling import HERE, compiled, declarations
from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.declaring import read_control
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.proof import Outcome, Status
from remedy_gate.domain.source import Resource
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.remedies.catalogue import CatalogueRemedy
from remedy_gate.verification.check import Depth
from remedy_gate.verification.prover import FullProver, Ground

SCHEMAS = load()
CATALOGUE = Catalogue()
SERVICES = declarations()
DECLARATIONS: dict[str, dict[str, Any]] = {item["id"]: item for items in SERVICES.values() for item in items}
FILES = {"terraform": "main.tf", "cloudformation": "template.yaml"}


class Example(NamedTuple):
    control: str
    language: str
    before: str
    after: str
    parameters: dict[str, Any]


class Case(NamedTuple):
    """A control at work on one text."""

    control: Control
    reader: Reader
    parameters: dict[str, Any]

    def repaired(self, path: str, text: bytes) -> bytes:
        """The text after every failing resource was patched in turn, each patch proven."""
        for _ in range(10):
            module = self.module(path, text)
            failing = self.failing(module)
            if not failing:
                return text
            block = module.blocks[failing[0]]
            match = Match(MatchState.MATCHED, Resource(block.address, block.type, block.path, block.lines), 1.0)
            finding = Finding("test", self.control.id, self.control.title, control=self.control.id)
            remedy = CatalogueRemedy(CATALOGUE, self.reader, self.parameters)
            patch = remedy.propose(finding, match, {path: text})
            assert isinstance(patch, Patch), patch
            ground = Ground(self.reader, CATALOGUE, SCHEMAS, self.parameters, Depth.QUICK)
            proof = FullProver(ground).prove(finding, match, patch, {path: text})
            unmet = [check for check in proof.checks if check.status is Status.FAIL]
            assert proof.outcome is Outcome.PROVEN, unmet or [c for c in proof.checks if c.status is not Status.PASS]
            text = patch.files[0].after
        raise AssertionError("it never comes to an end")

    def module(self, path: str, text: bytes) -> Module:
        module = self.reader.module(path, {path: text})
        assert module is not None
        assert not module.errors
        return module

    def failing(self, module: Module) -> list[str]:
        mine = [block.address for block in module.blocks.values() if block.type in self.control.rules]
        return [address for address in mine if self.holds(module, address) is Holds.NO]

    def holds(self, module: Module, address: str) -> Holds:
        return judge(self.control, Subject(module, address, self.parameters)).holds


def examples() -> Iterator[Example]:
    for name, item in DECLARATIONS.items():
        for language, pairs in item.get("examples", {}).items():
            for pair in pairs:
                yield Example(name, language, pair["before"], pair["after"], pair.get("parameters", {}))


def case(example: Example) -> Case:
    control = CATALOGUE.control(example.control)
    assert control is not None
    return Case(control, Reader((Terraform(SCHEMAS), CloudFormation(SCHEMAS))), example.parameters)


EXAMPLES = [
    pytest.param(example, id=f"{example.control}-{example.language}-{n}") for n, example in enumerate(examples())
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_control_fails_before_and_its_remedy_gives_exactly_the_after(example: Example) -> None:
    work, path, before = case(example), FILES[example.language], example.before.encode()
    assert work.failing(work.module(path, before)), "nothing fails before"
    assert work.repaired(path, before).decode() == example.after


@pytest.mark.parametrize("example", EXAMPLES)
def test_applying_a_remedy_again_changes_nothing(example: Example) -> None:
    work, path, after = case(example), FILES[example.language], example.after.encode()
    module = work.module(path, after)
    mine = [block.address for block in module.blocks.values() if block.type in work.control.rules]
    assert mine
    assert not work.failing(module)
    assert work.repaired(path, after) == after


@pytest.mark.parametrize("example", EXAMPLES)
def test_comments_and_crlf_survive(example: Example) -> None:
    work, path = case(example), FILES[example.language]
    first, last = ("", "") if example.before.lstrip().startswith("{") else ("# first\n", "# last\n")  # JSON has none
    before = f"{first}{example.before}{last}".replace("\n", "\r\n").encode()
    after = f"{first}{example.after}{last}".replace("\n", "\r\n").encode()
    result = work.repaired(path, before)
    assert b"\n" not in result.replace(b"\r\n", b"")
    # A block that the remedy adds goes behind the one it belongs to, which may be before or after the last comment,
    # with a blank line between the two.
    assert sorted(filter(None, result.splitlines())) == sorted(filter(None, after.splitlines()))


LEFT_ALONE = [
    pytest.param(name, language, kept, id=f"{name}-{language}-{kept['because'][:40]}")
    for name, item in DECLARATIONS.items()
    for language, cases in item.get("leaves_alone", {}).items()
    for kept in cases
]


@pytest.mark.parametrize(("name", "language", "kept"), LEFT_ALONE)
def test_what_is_right_or_unknown_is_left_alone(name: str, language: str, kept: dict[str, Any]) -> None:
    work = case(Example(name, language, "", "", kept.get("parameters", {})))
    path, text = FILES[language], kept["code"].encode()
    module = work.module(path, text)
    mine = [block for block in module.blocks.values() if block.type in work.control.rules]
    assert mine
    for block in mine:
        assert work.holds(module, block.address) is not Holds.NO, judge(
            work.control, Subject(module, block.address, work.parameters)
        )
        match = Match(MatchState.MATCHED, Resource(block.address, block.type, path, block.lines), 1.0)
        finding = Finding("test", name, "", control=name)
        assert isinstance(CatalogueRemedy(CATALOGUE, work.reader, {}).propose(finding, match, {path: text}), NoPatch)


@pytest.mark.parametrize("name", DECLARATIONS)
def test_every_language_of_a_control_has_an_example(name: str) -> None:
    item = DECLARATIONS[name]
    languages = {language for language in FILES if language in item}
    assert set(item.get("examples", {})) == languages


@pytest.mark.parametrize("name", DECLARATIONS)
def test_every_resource_type_of_a_control_exists(name: str) -> None:
    for type_name in read_control(DECLARATIONS[name]).rules:
        assert SCHEMAS.arguments(type_name) is not None or type_name.startswith("AWS::Serverless::"), type_name


def test_the_compiled_catalogue_is_what_the_declarations_say() -> None:
    on_disk = {path.stem: path.read_text(encoding="utf-8") for path in (HERE / "compiled").glob("*.json")}
    assert on_disk == compiled(SERVICES), "run: python -m remedy_gate.catalogue.compiling"
