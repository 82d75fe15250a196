"""Patches from the catalogue: the same code and control give the same patch, to the byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from remedy_gate.catalogue.companions import SWITCH
from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.repairing import repair
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import FilePatch, NoPatch, Origin, OriginKind, Patch
from remedy_gate.domain.seams import Sources
from remedy_gate.iac.module import CannotEdit, Module
from remedy_gate.iac.operations import AddResource, Operation
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.values import Scalar


class CatalogueRemedy:
    """The seam `Remedy`, over the catalogue."""

    name = "catalogue"

    def __init__(self, catalogue: Catalogue, reader: Reader, parameters: Mapping[str, Scalar]) -> None:
        """Propose from this catalogue; `parameters` are the owner's values from the policy."""
        self._catalogue = catalogue
        self._reader = reader
        self._parameters = parameters

    def propose(self, finding: Finding, match: Match, sources: Sources) -> Patch | NoPatch:
        """A patch that makes the finding's control hold, or why there is none."""
        resource = match.resource
        control = self._catalogue.control(finding.control) if finding.control else None
        if control is None or resource is None:
            return NoPatch(f"the catalogue has no control for {finding.source} {finding.rule_id}")
        if resource.type not in control.rules:
            return NoPatch(f"{control.id} has no remedy for a {resource.type}")
        module = self._reader.module(resource.path, sources)
        if module is None or resource.address not in module.blocks:
            return NoPatch(f"{resource.address} is not in the code any more")
        subject = Subject(module, resource.address, self._parameters_for(finding))
        if judge(control, subject).holds is Holds.YES:
            return NoPatch(
                f"the code is right already ({judge(control, subject).reason}): deploy it, or look for drift"
            )
        operations = repair(control, subject)
        return operations if isinstance(operations, NoPatch) else self._patch(control, module, operations)

    def _parameters_for(self, finding: Finding) -> Mapping[str, Scalar]:
        """Keys, roles and buckets are made for what somebody reported; for our own advice, only where policy says so."""
        ours = set(finding.sources or (finding.source,)) == {self.name}
        return {SWITCH: False, **self._parameters} if ours else self._parameters

    def _patch(self, control: Control, module: Module, operations: tuple[Operation, ...]) -> Patch | NoPatch:
        if not operations:
            return NoPatch(f"{control.id} finds nothing to change")
        language = next(language for language in self._reader.languages if language.name == module.language)
        edited = module
        for operation in operations:
            result = language.edit(edited, operation)
            if isinstance(result, CannotEdit):
                return NoPatch(f"it cannot be edited safely: {result.reason}")
            edited = result
        self._reader.remember(edited)
        files = tuple(
            FilePatch(path, module.files[path], text)
            for path, text in edited.files.items()
            if text != module.files[path]
        )
        rationale = ". ".join((control.title, *_makes(operations)))
        return Patch(Origin(OriginKind.CATALOGUE, control.id, control.version), files, rationale)


def _makes(operations: tuple[Operation, ...]) -> Iterator[str]:
    """What comes along with the repair, and what that costs or needs."""
    for operation in operations:
        if isinstance(operation, AddResource) and operation.note:
            yield f"Makes {operation.address}: {operation.note}"
