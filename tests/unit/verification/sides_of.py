"""Texts made into modules and comparisons, for tests of single checks."""

from __future__ import annotations

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.domain.source import LineRange, Resource
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.verification.changed import compared
from remedy_gate.verification.check import Comparison, Depth

SCHEMAS = load()
CATALOGUE = Catalogue()
READER = Reader((Terraform(SCHEMAS), CloudFormation(SCHEMAS)))


def module_of(text: str, path: str = "main.tf") -> Module:
    """The module that one file makes."""
    found = READER.module(path, {path: text.encode()})
    assert found is not None
    return found


def comparison_of(
    before: str, after: str, address: str, control: str, *, path: str = "main.tf", depth: Depth = Depth.FULL
) -> Comparison:
    """A patch of one file, for a finding of Checkov about one address."""
    sources, patched = {path: before.encode()}, {path: after.encode()}
    sides = compared(READER.module(path, sources), READER.module(path, patched))
    assert sides.before is not None
    resource = Resource(address, sides.before.blocks[address].type, path, LineRange(1, 99))
    patch = Patch(Origin(OriginKind.GIVEN, "test", "1"), (FilePatch(path, sources[path], patched[path]),))
    finding = Finding("checkov", "CKV_AWS_3", "t", control=control)
    match = Match(MatchState.MATCHED, resource, 1.0)
    return Comparison(finding, match, patch, sources, CATALOGUE.control(control), sides, (), {}, depth)
