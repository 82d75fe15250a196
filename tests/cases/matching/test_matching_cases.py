"""Findings and code, and what belongs to what: the cases of the YAML files beside this one.

A case has `code` (files that changed), perhaps `around` (files that did not), `base` (files as they were) and `renamed`,
`state`, `plan` and `stacks` (by path), a `finding`, and what is expected: an `address` and its `path`, or a `state`
(`unmatched`, `ambiguous`). `says` are texts that the evidence holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fakes import FakeTree

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.commands.records import home_of
from remedy_gate.domain.finding import CloudResource, Finding, Location
from remedy_gate.domain.source import ALL_LINES, Change, ChangeSet
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching.around import Around
from remedy_gate.matching.index import Bearings, CodeIndex
from remedy_gate.matching.introduced import Before
from remedy_gate.matching.match import match_all
from remedy_gate.matching.plan import read_plan
from remedy_gate.matching.qualifying import qualified
from remedy_gate.matching.records import Origin, Record, Records
from remedy_gate.matching.stacks import read_stack
from remedy_gate.matching.state import read_state
from remedy_gate.matching.touched import Touched

HERE = Path(__file__).parent
KEYS = {"name", "code", "around", "base", "renamed", "state", "plan", "stacks", "finding", "expect"}
READERS = {"state": read_state, "plan": read_plan, "stacks": read_stack}


def cases() -> Iterator[Any]:
    for path in sorted(HERE.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in document["cases"]:
            assert set(case) <= KEYS, (path.name, case)
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


CASES = tuple(cases())


class FakeSearch:
    """Looks into every file that there is."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def paths(self) -> tuple[str, ...]:
        return tuple(self.files)

    def holding(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(path for path, held in self.files.items() if any(text in held for text in texts))


def records_of(case: dict[str, Any]) -> Records:
    found: list[Record] = []
    for key, read in READERS.items():
        for path, document in case.get(key, {}).items():
            kind = "stack" if key == "stacks" else key
            home = document.pop("speaks_for", None) if isinstance(document, dict) else None
            origin = Origin(kind, path, home if home is not None else home_of(kind, path))
            found.extend(Record(origin, one) for one in read(document))
    return Records(found)


def finding_of(given: dict[str, Any]) -> Finding:
    source, _, rule = given.get("rule", "checkov:CKV_NONE").partition(":")
    resources: tuple[CloudResource, ...] = ()
    if "id" in given:
        tags = tuple((str(key), str(value)) for key, value in given.get("tags", {}).items())
        told = [None if given.get(key) is None else str(given[key]) for key in ("type", "called", "account", "region")]
        resources = (CloudResource(given["id"], told[0], told[1], told[2], told[3], tags),)
    location = None
    if "path" in given:
        first, last = [*given.get("lines", []), None, None][:2]
        location = Location(given["path"], first, last or first, given.get("address"))
    return Finding(source, rule, "a problem", resources=resources, location=location)


def code_of(case: dict[str, Any]) -> CodeIndex:
    files = {**case.get("around", {}), **case["code"]}
    tree, reader = FakeTree(files), Reader((Terraform(load()), CloudFormation(load())))
    previous = {new: old for old, new in case.get("renamed", {}).items()}
    changes = ChangeSet("the base", tuple(Change(path, (ALL_LINES,), previous.get(path)) for path in case["code"]))
    base = FakeTree(case["base"]) if "base" in case else None
    before = Before(base, reader, Touched(changes.changes))
    around = Around(tree, reader, FakeSearch(files))
    bearings = Bearings.of(changes, before.module if base else None, around, records_of(case))
    return CodeIndex(reader.modules(reader.sources(case["code"], tree)), bearings)


@pytest.mark.parametrize("case", CASES)
def test_the_finding_belongs_where_the_case_says(case: dict[str, Any]) -> None:
    (only,) = match_all([finding_of(case["finding"])], code_of(case), Catalogue(), {})
    match, expected = qualified(only), case["expect"]
    wanted = (expected.get("state", "matched"), expected.get("address"), expected.get("path"))
    resource = match.resource
    assert (match.state, resource and resource.address, resource and resource.path) == wanted, match.evidence
    for text in expected.get("says", ()):
        assert any(text in line for line in match.evidence), match.evidence
    assert match.evidence
    assert 0 <= match.confidence <= 1
    assert (match.confidence > 0) is (resource is not None)


def test_there_are_cases_enough_and_every_one_is_named_once() -> None:
    names = [case.id for case in CASES]
    assert len(names) >= 100
    assert len(set(names)) == len(names)
