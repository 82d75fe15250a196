"""What a public repository shows of a report, and what it does not."""

from __future__ import annotations

from reporting_samples import PROOF, remediation

from remedy_gate.domain.decision import Action
from remedy_gate.domain.finding import CloudResource, Finding, Location, Severity
from remedy_gate.domain.match import MatchState
from remedy_gate.domain.patch import Origin, OriginKind, Patch
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.source import ALL_LINES, Problem
from remedy_gate.reporting.annotations import render as annotated
from remedy_gate.reporting.comment import suggestion_comments
from remedy_gate.reporting.disclosure import minimal
from remedy_gate.reporting.markdown import render, review_body
from remedy_gate.reporting.placement import Suggested, placements

SECRETS = (
    "CKV_AWS_1",
    "checkov",
    "trivy",
    "123456789012",
    "arn:",
    "2026-01-02",
    "2026-03-01",
    "everything in it",
    "seen",
)


def full() -> Remediation:
    item = remediation(blocks=True)
    finding = Finding(
        "checkov",
        "CKV_AWS_1",
        "The bucket can be deleted with everything in it",
        Severity.HIGH,
        control="s3-keep",
        resources=(CloudResource("arn:aws:s3:::logs", "AwsS3Bucket", "logs", "123456789012", "eu-west-1"),),
        location=Location("main.tf", 1, 3, "aws_s3_bucket.logs"),
        first_seen="2026-01-02",
        due="2026-03-01",
        url="https://wiz.example/issues/1",
        sources=("checkov", "trivy"),
    )
    return item._replace(finding=finding)


def every_text(report: Report) -> str:
    placed = placements(report, {"main.tf": (ALL_LINES,)})
    comments = [
        text for one in placed if isinstance(one, Suggested) for *_, text in suggestion_comments(one, "ab" * 20)
    ]
    return "\n".join((*comments, review_body(report, placed), render(report), annotated(report)))


def test_no_id_source_date_account_or_reason_is_told_anywhere() -> None:
    told = every_text(minimal(Report(Verdict.BLOCK, (full(),), notes=(Problem("wiz.json", "CKV_AWS_1"),))))
    assert [secret for secret in (*SECRETS, "wiz") if secret in told] == []
    assert "A setting of this block is to be hardened; the details are withheld" in told
    assert "  force_destroy = false" in told


def test_the_whole_report_tells_all_of_it() -> None:
    told = every_text(Report(Verdict.BLOCK, (full(),), notes=(Problem("wiz.json", "CKV_AWS_1"),)))
    assert [secret for secret in (*SECRETS, "wiz") if secret not in told] == ["123456789012", "arn:"]


def test_what_has_no_patch_to_take_is_a_number_alone() -> None:
    bare = full()._replace(remedy=remediation(no_patch="it is open to the world").remedy, proof=None)
    cloud = remediation(no_patch="x", state=MatchState.UNMATCHED, title="An open database")
    held = remediation(action=Action.WITHHOLD, title="A held one")
    shown = minimal(Report(Verdict.BLOCK, (full(), bare, cloud, held)))
    assert len(shown.remediations) == 1
    assert shown.notes[1] == Problem("disclosure", "3 more findings not told here, of which 1 blocks.")
    told = every_text(shown)
    assert [it for it in ("open to the world", "An open database", "A held one") if it in told] == []


def test_the_verdict_stays_and_so_do_action_patch_and_outcome() -> None:
    [item] = minimal(Report(Verdict.BLOCK, (full(),))).remediations
    assert minimal(Report(Verdict.BLOCK, (full(),))).verdict is Verdict.BLOCK
    assert (item.remedy, item.decision) == (full().remedy, full().decision)
    assert item.proof
    assert item.proof.outcome is PROOF.outcome


def test_a_models_words_are_withheld_too() -> None:
    patch = full().remedy
    assert isinstance(patch, Patch)
    model = Origin(OriginKind.BEDROCK, "model", "prompt")
    item = full()._replace(remedy=patch._replace(origin=model, rationale="Anyone could read it."))
    assert "Anyone could read it." not in every_text(minimal(Report(Verdict.BLOCK, (item,))))


def test_two_controls_of_one_block_are_still_two() -> None:
    other = full()
    other = other._replace(finding=other.finding._replace(control="s3-other"))
    found = minimal(Report(Verdict.BLOCK, (full(), other))).remediations
    assert len({item.finding.fingerprint for item in found}) == 2
