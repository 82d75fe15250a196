"""Remediations for the tests of the reporters, with plain defaults for whatever a test does not speak of."""

from __future__ import annotations

from remedy_gate.domain.decision import Action, Decision
from remedy_gate.domain.finding import Finding, Severity
from remedy_gate.domain.match import InCode, Match, MatchState
from remedy_gate.domain.patch import FilePatch, NoPatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import REQUIRED, CheckName, CheckResult, Proof, Status
from remedy_gate.domain.remediation import Remediation
from remedy_gate.domain.source import LineRange, Resource

BEFORE = b'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}\n'
AFTER = b'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n\n  force_destroy = false\n}\n'
PROOF = Proof(
    tuple(
        CheckResult(name, Status.PASS, "seen to hold")
        if name in REQUIRED
        else CheckResult(name, Status.NOT_RUN, "later")
        for name in CheckName
    )
)


def remediation(  # noqa: PLR0913 - each is one thing that a test varies
    *,
    files: tuple[FilePatch, ...] = (FilePatch("main.tf", BEFORE, AFTER),),
    title: str = "The bucket can be deleted with everything in it",
    severity: Severity = Severity.HIGH,
    action: Action = Action.SUGGEST,
    blocks: bool = False,
    rule_id: str = "CKV_AWS_1",
    no_patch: str = "",
    state: MatchState = MatchState.MATCHED,
    proof: Proof | None = PROOF,
) -> Remediation:
    resource = Resource("aws_s3_bucket.logs", "aws_s3_bucket", files[0].path, LineRange(1, 3))
    matched = state is MatchState.MATCHED
    return Remediation(
        Finding("checkov", rule_id, title, severity, control="s3-keep", sources=("checkov", "trivy")),
        Match(state, resource if matched else None, 0.9, ("file and lines",), InCode.OPEN),
        NoPatch(no_patch)
        if no_patch
        else Patch(Origin(OriginKind.CATALOGUE, "s3-keep", "2"), files, "Keeps the objects."),
        None if no_patch else proof,
        Decision(action, blocks, "default for high"),
    )
