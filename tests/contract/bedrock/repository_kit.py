"""A small repository for tests of what models propose: code, a finding on it, and the prover that judges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import Finding, Severity
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.source import Resource
from remedy_gate.iac.cloudformation import CloudFormation
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schema import Schemas
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.iac.values import Scalar
from remedy_gate.remedies.prompt import Case
from remedy_gate.verification.check import Depth
from remedy_gate.verification.prover import FullProver, Ground

SCHEMAS: Schemas = load()
CATALOGUE = Catalogue()
VOLUME = """\
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  size              = 40 # GiB
}
"""
ENCRYPTED = ("  size              = 40 # GiB\n", "  size              = 40 # GiB\n  encrypted         = true\n")


class Kit(NamedTuple):
    """A repository in memory and everything that reads it."""

    sources: dict[str, bytes]
    reader: Reader
    prover: FullProver
    parameters: Mapping[str, Scalar]

    def match(self, address: str, path: str = "main.tf") -> Match:
        module = self.reader.module(path, self.sources)
        assert module is not None
        block = module.blocks[address]
        return Match(MatchState.MATCHED, Resource(address, block.type, block.path, block.lines), 1.0, ("a test",))

    def case(self, finding: Finding, address: str, path: str = "main.tf") -> Case:
        module = self.reader.module(path, self.sources)
        assert module is not None
        control = CATALOGUE.control(finding.control) if finding.control else None
        return Case(finding, module, module.blocks[address], control, self.parameters)


def kit(files: Mapping[str, str], parameters: Mapping[str, Scalar] | None = None) -> Kit:
    reader = Reader((Terraform(SCHEMAS), CloudFormation(SCHEMAS)))
    prover = FullProver(Ground(reader, CATALOGUE, SCHEMAS, parameters or {}, Depth.QUICK))
    return Kit({path: text.encode() for path, text in files.items()}, reader, prover, parameters or {})


def finding(control: str | None = "ebs-volume-encrypted", title: str = "the volume is not encrypted") -> Finding:
    return Finding(source="checkov", rule_id="CKV_AWS_3", title=title, severity=Severity.HIGH, control=control)
