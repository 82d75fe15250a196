"""The suite of the proof: patches that repair, and patches that only seem to, as data.

`bases/` holds code with known problems, `deceptive/` and `good/` one file a class with patches of it. A case names its
base, the control that a finding stands for, the address that it is about, and the edits that somebody proposes:

- `{old, new}` replaces a text that stands in the file once; `{below, add}` puts lines behind the one that holds a text;
- `{drop}` takes the line away that holds a text, `{from, to}` those from one that holds a text to the next that is `to`;
- `{append}` writes at the end of the file, and `{create}` a file that was not there.

What is added is indented like the line that it belongs to. `file` names the file where the base has several.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.domain.source import Resource
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching.arguments import CallersArguments
from remedy_gate.matching.calls import Calls

HERE = Path(__file__).parent
SCHEMAS = load()
CATALOGUE = Catalogue()
ORIGIN = Origin(OriginKind.GIVEN, "suite", "1")


class Case(NamedTuple):
    """One patch. `caught_by` are the checks that must not pass; empty for a good one."""

    kind: str
    name: str
    base: str
    control: str
    address: str
    edits: tuple[Mapping[str, str], ...]
    caught_by: tuple[str, ...]
    module: str


class Trial(NamedTuple):
    """A case made ready to be proven."""

    reader: Reader
    finding: Finding
    match: Match
    patch: Patch
    sources: dict[str, bytes]


def cases(folder: str) -> Iterator[Case]:
    """The cases of `deceptive` or `good`, in the order of the files."""
    for path in sorted((HERE / folder).glob("*.yaml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield _case(path.stem, item)


def trial(case: Case) -> Trial:
    """The patch of a case, over its base."""
    sources = base(case.base)
    after = dict(sources)
    for edit in case.edits:
        path = edit.get("file") or next(iter(sources))
        after[path] = _edited(after.get(path, b"").decode(), edit, case).encode()
    files = tuple(
        FilePatch(path, sources.get(path, b""), text) for path, text in after.items() if text != sources.get(path)
    )
    callers = CallersArguments()
    reader = Reader((Terraform(SCHEMAS, callers), CloudFormation(SCHEMAS)))
    callers.look_into(lambda: Calls(reader.modules(sources), None))
    finding = Finding("suite", case.control, case.name, control=case.control)
    return Trial(
        reader, finding, Match(MatchState.MATCHED, _resource(case, reader, sources), 1.0), Patch(ORIGIN, files), sources
    )


def base(name: str) -> dict[str, bytes]:
    """The files of a base by path: one file, or all of a folder."""
    root = HERE / "bases" / name
    if root.is_file():
        return {name: root.read_bytes()}
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def _case(kind: str, item: Mapping[str, Any]) -> Case:
    caught_by = item.get("caught_by", ())
    return Case(
        kind,
        item["name"],
        item["base"],
        item["control"],
        item["address"],
        tuple(item["edits"]),
        (caught_by,) if isinstance(caught_by, str) else tuple(caught_by),
        item.get("module", ""),
    )


def _resource(case: Case, reader: Reader, sources: dict[str, bytes]) -> Resource:
    found = [
        module.blocks[case.address]
        for module in reader.modules(sources)
        if case.address in module.blocks and module.blocks[case.address].path.startswith(case.module)
    ]
    assert len(found) == 1, f"{case.name}: {case.address} is not one block of {case.base}"
    block = found[0]
    return Resource(block.address, block.type, block.path, block.lines)


def _edited(text: str, edit: Mapping[str, str], case: Case) -> str:
    match edit:
        case {"old": old, "new": new}:
            old = old.rstrip("\n")
            start = _only(text, old, case)
            return text[:start] + _like(new, text, start) + text[start + len(old) :]
        case {"below": below, "add": added}:
            end = text.index("\n", _only(text, below, case)) + 1
            return text[:end] + textwrap.indent(added, _indent(text, end - 2)) + text[end:]
        case {"drop": dropped}:
            start = _only(text, dropped, case)
            return text[: text.rfind("\n", 0, start) + 1] + text[text.index("\n", start) + 1 :]
        case {"from": first, "to": last}:
            start = text.rfind("\n", 0, _only(text, first, case)) + 1
            return text[:start] + text[text.index(f"\n{last}\n", start) + len(last) + 2 :]
        case {"append": added}:
            return f"{text}\n{added}"
        case {"create": created}:
            return created
        case _:
            raise AssertionError(f"{case.name}: {edit}")


def _only(text: str, part: str, case: Case) -> int:
    assert text.count(part) == 1, f"{case.name}: {part!r} stands {text.count(part)} times in {case.base}"
    return text.index(part)


def _like(added: str, text: str, start: int) -> str:
    first, newline, rest = added.rstrip("\n").partition("\n")
    return first + newline + textwrap.indent(rest, _indent(text, start))


def _indent(text: str, position: int) -> str:
    line = text[text.rfind("\n", 0, position) + 1 :]
    return line[: len(line) - len(line.lstrip(" "))]
