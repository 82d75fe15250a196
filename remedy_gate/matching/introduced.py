"""Whether a change made a problem or only touched it: the same control, held against the code before."""

from __future__ import annotations

from collections.abc import Mapping

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.seams import Tree
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.values import Scalar

from .match import Matched
from .touched import Touched


class Before:
    """The code at the base, read once a module and only when it is asked about."""

    def __init__(self, tree: Tree | None, reader: Reader, touched: Touched) -> None:
        """Look into this tree; None means that there was nothing before."""
        self._tree = tree
        self._reader = reader
        self._touched = touched
        self._modules: dict[str, Module | None] = {}

    def introduced(self, matched: Matched, catalogue: Catalogue, parameters: Mapping[str, Scalar]) -> bool | None:
        """Whether the problem is new with this change; None where the code cannot tell."""
        resource = matched.match.resource
        if self._tree is None or resource is None:
            return resource is not None
        module = self.module(resource.path)
        if module is None or resource.address not in module.blocks:
            return True
        control = catalogue.control(matched.finding.control) if matched.finding.control else None
        if control is None or module.blocks[resource.address].type not in control.rules:
            return None
        held = judge(control, Subject(module, resource.address, parameters)).holds
        return {Holds.YES: True, Holds.NO: False, Holds.UNKNOWN: None}[held]

    def module(self, path: str) -> Module | None:
        """The module that a file of now belonged to before the change, under whatever name; None where it was not."""
        if self._tree is None:
            return None
        change = self._touched.change(path)
        earlier = (change.previous_path if change else None) or path
        if earlier not in self._modules:
            self._modules[earlier] = self._reader.module(earlier, self._reader.sources((earlier,), self._tree))
        return self._modules[earlier]
