"""The seven steps over fakes of every seam, on real code."""

from __future__ import annotations

from typing import Any

from fakes import BrokenFindings, FakeFindings, FakeProver, FakeRemedy, FakeTree, FakeWriter

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import CloudResource, Finding, Kind, Location, Severity
from remedy_gate.domain.match import InCode
from remedy_gate.domain.patch import FilePatch, NoPatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import Status
from remedy_gate.domain.remediation import Verdict
from remedy_gate.domain.source import ALL_LINES, Change, ChangeSet, LineRange, Problem
from remedy_gate.gate import Parts, cases, run
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching.introduced import Before
from remedy_gate.matching.touched import Touched
from remedy_gate.policy.rules import DEFAULT_POLICY, Condition, Policy, Rule
from remedy_gate.remedies.catalogue import CatalogueRemedy

BUCKETS = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n\nresource "aws_s3_bucket" "c" {\n  bucket = "c"\n}\n'
FIXED = BUCKETS + "# fixed\n"
PATCH = Patch(Origin(OriginKind.CATALOGUE, "x", "1"), (FilePatch("main.tf", BUCKETS.encode(), FIXED.encode()),))
FINDING = Finding(
    "checkov",
    "CKV_AWS_53",
    "public",
    severity=Severity.HIGH,
    location=Location("main.tf", 1, 3, "aws_s3_bucket.b"),
)


def parts(**changes: Any) -> Parts:
    head = FakeTree(changes.pop("files", {"main.tf": BUCKETS}))
    base = changes.pop("base", None)
    changed = changes.pop("changed", (Change("main.tf", (ALL_LINES,)),))
    reader, touched = Reader((Terraform(load()),)), Touched(changed)
    return Parts(
        changes=ChangeSet("the base", changed),
        head=head,
        before=Before(FakeTree(base) if base is not None else None, reader, touched),
        touched=touched,
        reader=reader,
        catalogue=Catalogue(),
        findings=(FakeFindings(FINDING),),
        remedies=(FakeRemedy(PATCH),),
        prover=FakeProver(),
        policy=DEFAULT_POLICY,
    )._replace(**changes)


def test_a_severe_problem_of_the_change_blocks_and_its_proven_patch_is_suggested() -> None:
    report = run(parts())
    (only,) = report.remediations
    assert report.verdict is Verdict.BLOCK
    assert (only.patch, only.decision.action, only.decision.blocks) == (PATCH, Action.SUGGEST, True)


def test_nothing_found_passes() -> None:
    assert run(parts(findings=(FakeFindings(),))).verdict is Verdict.PASS


def test_a_problem_that_was_there_before_does_not_block() -> None:
    report = run(parts(base={"main.tf": BUCKETS.replace('bucket = "b"', 'bucket = "old"')}))
    assert report.verdict is Verdict.PASS
    assert report.remediations[0].decision.action is Action.SUGGEST


def test_a_problem_on_a_block_that_is_new_blocks() -> None:
    assert run(parts(base={"main.tf": BUCKETS[BUCKETS.index("\n\n") :]})).verdict is Verdict.BLOCK


def test_a_renamed_file_is_compared_with_what_it_was() -> None:
    changed = (Change("main.tf", (ALL_LINES,), previous_path="old.tf"),)
    assert run(parts(base={"old.tf": BUCKETS}, changed=changed)).verdict is Verdict.PASS


def test_a_resource_that_the_change_does_not_touch_is_listed_and_no_remedy_is_asked() -> None:
    remedy = FakeRemedy(PATCH)
    report = run(parts(changed=(Change("main.tf", (LineRange(6, 6),)),), remedies=(remedy,)))
    assert [item.decision.action for item in report.remediations] == [Action.IGNORE]
    assert remedy.asked == []


def test_a_new_sibling_touches_the_resource_that_it_speaks_of() -> None:
    text = BUCKETS + '\nresource "aws_s3_bucket_acl" "b" {\n  bucket = aws_s3_bucket.b.id\n}\n'
    report = run(parts(files={"main.tf": text}, changed=(Change("main.tf", (LineRange(10, 11),)),)))
    assert report.remediations[0].decision.action is Action.SUGGEST


def test_an_unmatched_finding_is_listed_and_no_remedy_is_asked() -> None:
    remedy = FakeRemedy(PATCH)
    stranger = Finding("wiz", "x", "t", resources=(CloudResource("arn:aws:s3:::nobody"),), severity=Severity.CRITICAL)
    report = run(parts(findings=(FakeFindings(stranger),), remedies=(remedy,)))
    assert report.verdict is Verdict.PASS
    assert isinstance(report.remediations[0].remedy, NoPatch)
    assert remedy.asked == []


def test_a_vulnerability_is_listed_and_no_remedy_is_asked() -> None:
    remedy = FakeRemedy(PATCH)
    report = run(parts(findings=(FakeFindings(FINDING._replace(kind=Kind.VULNERABILITY)),), remedies=(remedy,)))
    assert (report.verdict, remedy.asked) == (Verdict.PASS, [])


def test_a_patch_that_is_not_proven_is_withheld_and_never_written() -> None:
    writer = FakeWriter()
    report = run(parts(prover=FakeProver(intent=Status.NOT_RUN), writer=writer))
    assert report.remediations[0].decision.action is Action.WITHHOLD
    assert writer.written == {}


def test_a_second_remedy_is_asked_where_the_first_has_none() -> None:
    report = run(parts(remedies=(FakeRemedy(NoPatch("not mine")), FakeRemedy(PATCH))))
    assert report.remediations[0].patch == PATCH


def test_every_reason_is_kept_where_no_remedy_has_a_patch() -> None:
    report = run(parts(remedies=(FakeRemedy(NoPatch("not mine")), FakeRemedy(NoPatch("nor mine")))))
    assert report.remediations[0].remedy == NoPatch("not mine; nor mine")


def test_fix_writes_what_is_proven_and_says_where() -> None:
    writer = FakeWriter()
    report = run(parts(writer=writer))
    assert report.applied == ("main.tf",)
    assert writer.written == {"main.tf": FIXED.encode()}


def test_without_fix_nothing_is_written() -> None:
    assert run(parts()).applied == ()


def test_policy_can_withhold_what_is_proven_and_fix_then_leaves_it_alone() -> None:
    writer = FakeWriter()
    policy = Policy((Rule("not yet", "withhold", Condition()),))
    report = run(parts(policy=policy, writer=writer))
    assert report.remediations[0].decision == (Action.WITHHOLD, False, "not yet")
    assert writer.written == {}


def test_a_file_that_cannot_be_written_is_an_error_and_the_report_is_whole() -> None:
    report = run(parts(writer=FakeWriter("main.tf")))
    assert report.verdict is Verdict.ERROR
    assert report.errors == (Problem("main.tf", "the disk is full"),)
    assert report.remediations[0].patch == PATCH


def test_a_changed_file_that_does_not_parse_is_an_error_and_nothing_is_written() -> None:
    writer = FakeWriter()
    files = {"main.tf": BUCKETS, "broken.tf": 'resource "x" {'}
    changed = (Change("main.tf", (ALL_LINES,)), Change("broken.tf", (ALL_LINES,)))
    report = run(parts(files=files, changed=changed, writer=writer))
    assert report.verdict is Verdict.ERROR
    assert [problem.where.partition(":")[0] for problem in report.errors] == ["broken.tf"]
    assert writer.written == {}


def test_a_neighbour_that_does_not_parse_is_named_and_costs_nothing_else() -> None:
    report = run(parts(files={"main.tf": BUCKETS, "broken.tf": 'resource "x" {'}))
    assert report.verdict is Verdict.BLOCK
    assert [note.where.partition(":")[0] for note in report.notes] == ["broken.tf"]


def test_a_block_that_is_declared_twice_gets_no_patch_and_costs_nothing_else() -> None:
    other = FINDING._replace(location=Location("main.tf", 5, 7, "aws_s3_bucket.c"))
    writer = FakeWriter()
    files = {"main.tf": BUCKETS, "other.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = "z"\n}\n'}
    changed = (Change("main.tf", (ALL_LINES,)), Change("other.tf", (ALL_LINES,)))
    pieces = parts(files=files, changed=changed)
    remedies = (CatalogueRemedy(pieces.catalogue, pieces.reader, {}), FakeRemedy(PATCH))
    report = run(pieces._replace(findings=(FakeFindings(FINDING, other),), remedies=remedies, writer=writer))
    twice = "aws_s3_bucket.b is declared twice: main.tf, line 1, and other.tf, line 1"
    by_address = {item.match.resource.address: item for item in report.remediations if item.match.resource}
    assert (report.verdict, report.errors) == (Verdict.BLOCK, ())
    assert report.notes == (Problem("other.tf:1:1", twice),)
    assert by_address["aws_s3_bucket.b"].remedy == NoPatch(twice)
    assert by_address["aws_s3_bucket.b"].match.in_code is InCode.UNKNOWN
    assert isinstance(by_address["aws_s3_bucket.c"].remedy, Patch)
    assert report.applied == ("main.tf",)
    assert writer.written["main.tf"].startswith(BUCKETS.encode())
    assert b'"aws_s3_bucket_public_access_block" "c"' in writer.written["main.tf"]
    assert b'"aws_s3_bucket_public_access_block" "b"' not in writer.written["main.tf"]


def test_the_same_name_in_two_modules_is_not_declared_twice() -> None:
    files = {"main.tf": BUCKETS, "elsewhere/main.tf": BUCKETS}
    changed = (Change("main.tf", (ALL_LINES,)), Change("elsewhere/main.tf", (ALL_LINES,)))
    report = run(parts(files=files, changed=changed))
    assert report.notes == ()
    assert report.remediations[0].patch == PATCH


def test_what_a_source_could_not_read_is_in_the_errors() -> None:
    problem = Problem("export.json record 3", "no rule")
    assert run(parts(findings=(FakeFindings(problems=(problem,)),))).errors == (problem,)


def test_two_patches_of_one_file_are_both_written_the_second_made_and_proven_anew() -> None:
    other = FINDING._replace(location=Location("main.tf", 5, 7, "aws_s3_bucket.c"))
    writer, pieces = FakeWriter(), parts()
    remedy = CatalogueRemedy(pieces.catalogue, pieces.reader, {})
    report = run(pieces._replace(findings=(FakeFindings(FINDING, other),), remedies=(remedy,), writer=writer))
    text = writer.written["main.tf"].decode()
    assert report.applied == ("main.tf",)
    assert 'resource "aws_s3_bucket_public_access_block" "b"' in text
    assert 'resource "aws_s3_bucket_public_access_block" "c"' in text


def test_what_blocks_and_is_severe_comes_first() -> None:
    low = FINDING._replace(rule_id="other", severity=Severity.LOW)
    middle = FINDING._replace(rule_id="another", severity=Severity.MEDIUM)
    report = run(parts(findings=(FakeFindings(low, middle, FINDING),)))
    assert [item.finding.severity for item in report.remediations] == ["high", "medium", "low"]


def test_a_source_that_cannot_be_read_is_an_error_and_costs_nothing_of_the_others() -> None:
    report = run(parts(findings=(BrokenFindings("wiz", "wiz: it is down."), FakeFindings(FINDING))))
    assert report.verdict is Verdict.ERROR
    assert report.errors == (Problem("wiz", "it is down. Try again later."),)
    assert [item.patch for item in report.remediations] == [PATCH]


def test_where_a_source_cannot_be_read_nothing_is_written() -> None:
    writer = FakeWriter()
    report = run(parts(findings=(FakeFindings(FINDING), BrokenFindings()), writer=writer))
    assert (report.applied, writer.written) == ((), {})


def test_a_source_of_which_only_a_part_is_unusable_does_not_end_the_run() -> None:
    writer = FakeWriter()
    partly = FakeFindings(FINDING, problems=(Problem("x.json line 4", "is not an object"),))
    report = run(parts(findings=(partly,), writer=writer))
    assert (report.verdict, report.applied) == (Verdict.BLOCK, ("main.tf",))
    assert report.errors == (Problem("x.json line 4", "is not an object"),)


def test_why_a_finding_is_decided_so_can_be_asked_where_another_source_cannot_be_read() -> None:
    undecided, failed = cases(parts(findings=(BrokenFindings(), FakeFindings(FINDING))))
    assert [case.finding.rule_id for case in undecided] == ["CKV_AWS_53"]
    assert failed == (Problem("broken", "it is down. Try again later."),)
