"""Try what a control's examples promise, to the byte: for `catalogue test`, and for the packaged catalogue's suite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.proof import Outcome, Status
from remedy_gate.errors import CodeError
from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schema import Schemas
from remedy_gate.matching.tie import resource_of
from remedy_gate.remedies.catalogue import CatalogueRemedy
from remedy_gate.verification.check import Depth
from remedy_gate.verification.prover import FullProver, Ground

FILES = {"terraform": "main.tf", "cloudformation": "template.yaml"}
MOST_PATCHES = 10


class Bench(NamedTuple):
    """One control, ready to be tried."""

    control: Control
    catalogue: Catalogue
    reader: Reader
    schemas: Schemas


def problems(declaration: Mapping[str, Any], bench: Bench) -> Iterator[str]:
    """Everything that the declaration promises and that is not so; nothing where all is well."""
    languages = {language for language in FILES if language in declaration}
    yield from missing(declaration, languages, bench)
    for language in languages:
        for number, example in enumerate(declaration.get("examples", {}).get(language, ()), 1):
            for problem in filter(None, (trial(language, example, bench) for trial in TRIALS)):
                yield f"{language} example {number}: {problem}"
        for kept in declaration.get("leaves_alone", {}).get(language, ()):
            if problem := not_left_alone(language, kept, bench):
                yield f"{language}, {kept.get('because', 'left alone')}: {problem}"


def missing(declaration: Mapping[str, Any], languages: set[str], bench: Bench) -> Iterator[str]:
    """What has to be there and is not: an example for each language, and resource types that exist."""
    for language in sorted(languages - set(declaration.get("examples", {}))):
        yield f"there is no example in {language}"
    for type_name in bench.control.rules:
        if bench.schemas.arguments(type_name) is None:
            yield f"no table knows the resource type {type_name}"


def wrong_after(language: str, example: Mapping[str, Any], bench: Bench) -> str:
    """Whether it fails before, and the remedies give exactly the after, each of them proven."""
    path, before = FILES[language], example["before"].encode()
    if not _failing(_module(path, before, bench), example, bench):
        return "nothing fails in `before`"
    result = _repaired(path, before, example, bench)
    if result.decode() != example["after"]:
        return f"the remedy gives something else than `after`:\n{result.decode()}"
    return ""


def not_idempotent(language: str, example: Mapping[str, Any], bench: Bench) -> str:
    """Whether applying the remedy to the after changes anything."""
    path, after = FILES[language], example["after"].encode()
    module = _module(path, after, bench)
    if not _mine(module, bench):
        return "`after` has no resource of this control"
    return "the control still fails in `after`" if _failing(module, example, bench) else ""


def careless_with_bytes(language: str, example: Mapping[str, Any], bench: Bench) -> str:
    """Whether comments and CRLF survive. A block that is added goes behind its own, before or after a last comment."""
    first, last = ("", "") if example["before"].lstrip().startswith("{") else ("# first\n", "# last\n")  # JSON has none
    before, after = (f"{first}{example[side]}{last}".replace("\n", "\r\n").encode() for side in ("before", "after"))
    result = _repaired(FILES[language], before, example, bench)
    if b"\n" in result.replace(b"\r\n", b""):
        return "a line ending is no longer CRLF"
    same = sorted(filter(None, result.splitlines())) == sorted(filter(None, after.splitlines()))
    return "" if same else f"with comments and CRLF the remedy gives:\n{result.decode()}"


TRIALS = (wrong_after, not_idempotent, careless_with_bytes)


def not_left_alone(language: str, kept: Mapping[str, Any], bench: Bench) -> str:
    """Whether something that is right, or unknown, raises an alarm or gets a patch."""
    path, text = FILES[language], kept["code"].encode()
    module = _module(path, text, bench)
    if not _mine(module, bench):
        return "it has no resource of this control"
    for block in _mine(module, bench):
        verdict = judge(bench.control, Subject(module, block.address, kept.get("parameters", {})))
        if verdict.holds is Holds.NO:
            return f"{block.address} raises an alarm: {verdict.reason}"
        if isinstance(_proposal(block, path, text, {}, bench), Patch):
            return f"{block.address} gets a patch"
    return ""


def _repaired(path: str, text: bytes, example: Mapping[str, Any], bench: Bench) -> bytes:
    """The text after every failing resource was patched in turn, each patch proven."""
    parameters = example.get("parameters", {})
    for _ in range(MOST_PATCHES):
        module = _module(path, text, bench)
        failing = _failing(module, example, bench)
        if not failing:
            return text
        patch = _proposal(failing[0], path, text, parameters, bench)
        if isinstance(patch, NoPatch):
            raise CodeError(f"there is no patch for {failing[0].address}: {patch.reason}")
        ground = Ground(bench.reader, bench.catalogue, bench.schemas, parameters, Depth.QUICK)
        proof = FullProver(ground).prove(_finding(bench), _match(failing[0]), patch, {path: text})
        if proof.outcome is not Outcome.PROVEN:
            wanting = [
                f"{check.name} {check.status}: {check.detail}"
                for check in proof.checks
                if check.status is not Status.PASS
            ]
            raise CodeError(f"the patch of {failing[0].address} is {proof.outcome}: {'; '.join(wanting)}")
        text = patch.files[0].after
    raise CodeError("the remedies never come to an end")


def _proposal(block: Block, path: str, text: bytes, parameters: Mapping[str, Any], bench: Bench) -> Patch | NoPatch:
    remedy = CatalogueRemedy(bench.catalogue, bench.reader, parameters)
    return remedy.propose(_finding(bench), _match(block), {path: text})


def _finding(bench: Bench) -> Finding:
    return Finding("example", bench.control.id, bench.control.title, control=bench.control.id)


def _match(block: Block) -> Match:
    return Match(MatchState.MATCHED, resource_of(block), 1.0)


def _module(path: str, text: bytes, bench: Bench) -> Module:
    module = bench.reader.module(path, {path: text})
    if module is None:
        raise CodeError("the example is not infrastructure code")
    if module.errors:
        error = module.errors[0]
        raise CodeError(f"line {error.line} of the example does not parse: {error.message}")
    for error in module.repeated.values():
        raise CodeError(f"the example is not plain: {error.message}")
    return module


def _mine(module: Module, bench: Bench) -> list[Block]:
    return [block for block in module.blocks.values() if block.type in bench.control.rules]


def _failing(module: Module, example: Mapping[str, Any], bench: Bench) -> list[Block]:
    parameters = example.get("parameters", {})
    return [
        block
        for block in _mine(module, bench)
        if judge(bench.control, Subject(module, block.address, parameters)).holds is Holds.NO
    ]
