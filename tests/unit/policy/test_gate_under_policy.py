"""The gate under waivers, approvals and refused marks: over fakes, on real code."""

from __future__ import annotations

from typing import Any

from fakes import FakeFindings, FakeProver, FakeTree, FakeWriter

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import Finding, Location, Severity
from remedy_gate.domain.ledger import Memory
from remedy_gate.domain.patch import Patch
from remedy_gate.domain.proof import Proof
from remedy_gate.domain.remediation import Verdict
from remedy_gate.domain.source import ALL_LINES, Change, ChangeSet
from remedy_gate.gate import Parts, cases, run
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching.introduced import Before
from remedy_gate.matching.touched import Touched
from remedy_gate.policy.rules import ALWAYS, DEFAULT_POLICY, Condition, Policy, Rule
from remedy_gate.policy.waivers import Standing, Waiver
from remedy_gate.remedies.catalogue import CatalogueRemedy

CODE = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n\nresource "aws_s3_bucket" "c" {\n  bucket = "c"\n}\n'
FIRST = Finding(
    "checkov", "CKV_AWS_53", "public", Severity.CRITICAL, location=Location("main.tf", 1, 3, "aws_s3_bucket.b")
)
SECOND = FIRST._replace(severity=Severity.LOW, location=Location("main.tf", 5, 7, "aws_s3_bucket.c"))
WAIVER = Waiver(1, "CKV_AWS_53", "aws_s3_bucket.b", "", "Ada", "public", "2026-12-31", "", Standing.VALID)


class FakePast:
    """A past in which somebody approved everything, or nobody anything."""

    def __init__(self, approver: str | None) -> None:
        self.memory = Memory(approver=approver)
        self.asked: list[str] = []

    def of(self, finding: Finding, patch: Patch | None, proof: Proof | None) -> Memory:
        self.asked.append(finding.fingerprint)
        return self.memory


def parts(text: str = CODE, **changes: Any) -> Parts:
    changed = (Change("main.tf", (ALL_LINES,)),)
    reader, touched, catalogue = Reader((Terraform(load()),)), Touched(changed), Catalogue()
    return Parts(
        changes=ChangeSet("the base", changed),
        head=FakeTree({"main.tf": text}),
        before=Before(None, reader, touched),
        touched=touched,
        reader=reader,
        catalogue=catalogue,
        findings=(FakeFindings(FIRST, SECOND),),
        remedies=(CatalogueRemedy(catalogue, reader, {}),),
        prover=FakeProver(),
        policy=DEFAULT_POLICY,
    )._replace(**changes)


ASKS_FOR_LOW = Policy(
    (Rule("low asks", "suggest", Condition(severities=(Severity.LOW,)), ALWAYS), Rule("rest", "suggest", Condition()))
)


def test_an_approved_patch_that_does_not_fit_any_more_is_not_made_anew_and_written() -> None:
    writer = FakeWriter()
    report = run(parts(policy=ASKS_FOR_LOW, past=FakePast("Ada"), writer=writer))
    assert [item.decision.action for item in report.remediations] == [Action.SUGGEST, Action.SUGGEST]
    text = writer.written["main.tf"].decode()
    assert 'aws_s3_bucket_public_access_block" "b"' in text
    assert 'aws_s3_bucket_public_access_block" "c"' not in text


def test_what_needs_nobody_is_made_anew_and_written() -> None:
    writer = FakeWriter()
    run(parts(policy=Policy((Rule("rest", "suggest", Condition()),)), writer=writer))
    assert 'aws_s3_bucket_public_access_block" "c"' in writer.written["main.tf"].decode()


def test_a_patch_that_waits_is_not_written() -> None:
    writer = FakeWriter()
    report = run(parts(policy=ASKS_FOR_LOW, past=FakePast(None), writer=writer, findings=(FakeFindings(SECOND),)))
    assert report.remediations[0].decision.action is Action.WITHHOLD
    assert writer.written == {}


def test_without_a_past_nothing_counts_as_approved() -> None:
    report = run(parts(policy=ASKS_FOR_LOW, findings=(FakeFindings(SECOND),)))
    assert report.remediations[0].decision.action is Action.WITHHOLD


def test_a_waived_problem_is_ignored_and_the_other_one_is_not() -> None:
    report = run(parts(waivers=(WAIVER,)))
    assert {item.decision.action for item in report.remediations} == {Action.IGNORE, Action.SUGGEST}
    assert report.verdict is Verdict.PASS
    assert report.notes == ()


def test_a_waiver_without_a_use_is_told_where_the_run_looked() -> None:
    waivers = (WAIVER._replace(control="rds-*"), WAIVER._replace(number=2, control="rds-*", path="main.tf"))
    assert [note.where[:34] for note in run(parts(waivers=waivers)).notes] == [".remedy-gate/waivers.yml: waiver 2"]
    assert len(run(parts(waivers=waivers, whole=True)).notes) == 2


MARKED = CODE.replace('"c"\n}', '"c" # tfsec:ignore:x\n}')


def test_a_refused_mark_blocks_at_its_block() -> None:
    report = run(parts(MARKED, policy=DEFAULT_POLICY._replace(inline_skips="refuse"), findings=(FakeFindings(),)))
    (only,) = report.remediations
    assert report.verdict is Verdict.BLOCK
    assert only.match.resource is not None
    assert (only.match.resource.address, only.finding.rule_id) == ("aws_s3_bucket.c", "inline-skip")


def test_a_waiver_accepts_a_refused_mark() -> None:
    waiver = WAIVER._replace(control="inline-skip", resource="aws_s3_bucket.c")
    policy = DEFAULT_POLICY._replace(inline_skips="refuse")
    report = run(parts(MARKED, policy=policy, findings=(FakeFindings(),), waivers=(waiver,), whole=True))
    assert (report.verdict, report.notes) == (Verdict.PASS, ())


def test_a_mark_is_counted_and_where_policy_allows_it_not_even_that() -> None:
    report = run(parts(MARKED, findings=(FakeFindings(),)))
    assert (report.verdict, [note.where for note in report.notes]) == (Verdict.PASS, ["main.tf"])
    allows = DEFAULT_POLICY._replace(inline_skips="allow")
    assert run(parts(MARKED, policy=allows, findings=(FakeFindings(),))).notes == ()


def test_cases_are_what_a_run_decides_on() -> None:
    report, (undecided, _) = run(parts()), cases(parts())
    assert {case.finding.fingerprint for case in undecided} == {
        item.finding.fingerprint for item in report.remediations
    }
    assert all(case.touched and case.introduced for case in undecided)
