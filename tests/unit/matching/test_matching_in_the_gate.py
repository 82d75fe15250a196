"""What matching gives the whole job: qualified addresses, the mistakes of others, files that could not be read."""

from __future__ import annotations

from fakes import FakeFindings, FakeProver, FakeTree, FakeWriter

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import CloudResource, Finding
from remedy_gate.domain.remediation import Report
from remedy_gate.domain.source import ALL_LINES, Change, ChangeSet, Problem
from remedy_gate.gate import Parts, run
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching.around import Around
from remedy_gate.matching.index import Bearings
from remedy_gate.matching.introduced import Before
from remedy_gate.matching.records import Records
from remedy_gate.matching.touched import Touched
from remedy_gate.policy.rules import DEFAULT_POLICY
from remedy_gate.remedies.catalogue import CatalogueRemedy

FILES = {
    "modules/storage/main.tf": 'variable "name" {}\n\nresource "aws_s3_bucket" "this" {\n  bucket = var.name\n}\n',
    "live/main.tf": 'module "logs" {\n  source = "../modules/storage"\n  name   = "acme-logs"\n}\n',
}


class FoundIn:
    """A search of which the only answer is the caller."""

    def paths(self) -> tuple[str, ...]:
        return tuple(FILES)

    def holding(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return ("live/main.tf",)


def bucket(name: str, rule: str = "S3.14") -> Finding:
    return Finding("security-hub", rule, "open", resources=(CloudResource(f"arn:aws:s3:::{name}"),))


def report(*findings: Finding, writer: FakeWriter | None = None) -> Report:
    tree, reader = FakeTree(FILES), Reader((Terraform(load()),))
    changes = ChangeSet("the base", (Change("modules/storage/main.tf", (ALL_LINES,)),))
    touched, catalogue = Touched(changes.changes), Catalogue()
    records = Records((), (Problem("prod.tfstate", "It is not JSON."),))
    parts = Parts(
        changes=changes,
        head=tree,
        before=Before(None, reader, touched),
        touched=touched,
        reader=reader,
        catalogue=catalogue,
        findings=(FakeFindings(*findings),),
        remedies=(CatalogueRemedy(catalogue, reader, {}),),
        prover=FakeProver(),
        policy=DEFAULT_POLICY,
        writer=writer,
        bearings=Bearings.of(changes, None, Around(tree, reader, FoundIn()), records),
    )
    return run(parts)


def test_a_report_tells_the_address_from_the_root_module() -> None:
    (only,) = report(bucket("acme-logs")).remediations
    assert only.match.resource is not None
    assert only.match.resource.address == "module.logs.aws_s3_bucket.this"
    assert only.patch is not None


def test_a_changed_resource_with_others_mistake_says_how_many_they_are() -> None:
    told = report(bucket("acme-logs"), bucket("one"), bucket("two")).remediations
    matched = next(item for item in told if item.match.resource is not None)
    assert matched.match.evidence[-1] == "the same problem is open on 2 other resources"


def test_patches_in_a_called_module_that_meet_are_both_written() -> None:
    writer = FakeWriter()
    done = report(bucket("acme-logs"), bucket("acme-logs", "S3.8"), writer=writer)
    assert done.applied == ("modules/storage/main.tf",)
    text = writer.written["modules/storage/main.tf"]
    assert b"aws_s3_bucket_versioning" in text
    assert b"aws_s3_bucket_public_access_block" in text


def test_a_file_of_records_that_cannot_be_used_is_named() -> None:
    assert Problem("prod.tfstate", "It is not JSON.") in report(bucket("acme-logs")).errors
