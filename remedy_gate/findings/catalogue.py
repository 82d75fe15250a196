"""The catalogue's own evaluation of the changed code, so that the gate is of use before any feed is connected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.finding import Finding, Location
from remedy_gate.domain.seams import Gathered, Sources
from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.values import Scalar
from remedy_gate.matching.touched import Touched


class CatalogueFindings:
    """The seam `FindingSource`, over the catalogue. Only failures are findings: what is unknown is none."""

    name = "catalogue"

    def __init__(
        self, catalogue: Catalogue, reader: Reader, touched: Touched, parameters: Mapping[str, Scalar]
    ) -> None:
        """Judge the resources that a change touches."""
        self._catalogue = catalogue
        self._reader = reader
        self._touched = touched
        self._parameters = parameters

    def gather(self, sources: Sources) -> Gathered:
        """One finding for each control that fails on a touched resource."""
        return Gathered(
            tuple(
                finding
                for module in self._reader.modules(sources)
                for block in self._touched.blocks(module)
                if block.kind in ("resource", "data")
                for finding in self._judge(module, block)
            )
        )

    def _judge(self, module: Module, block: Block) -> Iterator[Finding]:
        for control in self._catalogue.for_type(block.type):
            verdict = judge(control, Subject(module, block.address, self._parameters))
            if verdict.holds is Holds.NO:
                yield Finding(
                    source=self.name,
                    rule_id=control.id,
                    title=f"{control.title}: {verdict.reason}",
                    severity=control.severity,
                    control=control.id,
                    location=Location(block.path, block.lines.first, block.lines.last, block.address),
                )
