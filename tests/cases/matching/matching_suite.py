"""Findings and code, and what belongs to what: the cases of the YAML files beside this one.

    python tests/cases/matching/matching_suite.py

A case has `code` (files that changed), perhaps `around` (files that did not), `base` (files as they were) and `renamed`,
`state`, `plan` and `stacks` (by path), a `finding`, and what is expected: an `address` and its `path`, or a `state`
(`unmatched`, `ambiguous`). `says` are texts that the evidence holds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).parent
sys.path.append(str(HERE.parents[1]))  # where the fakes lie, for whoever runs this alone

from fakes import FakeTree  # noqa: E402 - behind the line that finds it

from remedy_gate.catalogue.lookup import Catalogue  # noqa: E402
from remedy_gate.commands.records import home_of  # noqa: E402
from remedy_gate.domain.finding import CloudResource, Finding, Location  # noqa: E402
from remedy_gate.domain.match import Match  # noqa: E402
from remedy_gate.domain.source import ALL_LINES, Change, ChangeSet  # noqa: E402
from remedy_gate.iac.cloudformation import CloudFormation  # noqa: E402
from remedy_gate.iac.reading import Reader  # noqa: E402
from remedy_gate.iac.schemas import load  # noqa: E402
from remedy_gate.iac.terraform import Terraform  # noqa: E402
from remedy_gate.matching.around import Around  # noqa: E402
from remedy_gate.matching.index import Bearings, CodeIndex  # noqa: E402
from remedy_gate.matching.introduced import Before  # noqa: E402
from remedy_gate.matching.match import match_all  # noqa: E402
from remedy_gate.matching.plan import read_plan  # noqa: E402
from remedy_gate.matching.qualifying import qualified  # noqa: E402
from remedy_gate.matching.records import Origin, Record, Records  # noqa: E402
from remedy_gate.matching.stacks import read_stack  # noqa: E402
from remedy_gate.matching.state import read_state  # noqa: E402
from remedy_gate.matching.touched import Touched  # noqa: E402

KEYS = {"name", "code", "around", "base", "renamed", "state", "plan", "stacks", "finding", "expect"}
READERS = {"state": read_state, "plan": read_plan, "stacks": read_stack}


class Answer(NamedTuple):
    """What came of a case. `wrong`: a block that is not the one; to find none where there is one is no more than that."""

    rung: str
    right: bool
    wrong: bool


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every case with the rung of the ladder that it is about, which is the name of its file."""
    for path in sorted(HERE.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in document["cases"]:
            assert set(case) <= KEYS, (path.name, case)
            yield path.stem, case


def answered(rung: str, case: dict[str, Any]) -> Answer:
    """Whether the finding of a case is tied to what the case says."""
    match, expected = tied(case), case["expect"]
    resource = match.resource
    found = (match.state.value, resource and resource.address, resource and resource.path)
    right = found == (expected.get("state", "matched"), expected.get("address"), expected.get("path"))
    return Answer(rung, right, wrong=not right and resource is not None)


def tied(case: dict[str, Any]) -> Match:
    """What the finding of a case is tied to, its address as reports have it."""
    (only,) = match_all([finding_of(case["finding"])], code_of(case), Catalogue(), {})
    return qualified(only)


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


def figures() -> Iterator[str]:
    """A row a rung, and all of them together: cases, right, wrong."""
    answers = [answered(*case) for case in cases()]
    yield "| evidence | cases | right | wrong |"
    yield "|---|---|---|---|"
    for rung in (*dict.fromkeys(answer.rung for answer in answers), "all"):
        here = [answer for answer in answers if rung in {answer.rung, "all"}]
        right, wrong = sum(answer.right for answer in here), sum(answer.wrong for answer in here)
        yield f"| {rung.replace('_', ' ')} | {len(here)} | {right} | {wrong} |"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in figures())
