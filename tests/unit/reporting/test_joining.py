from __future__ import annotations

from reporting_samples import BEFORE, PROOF, remediation

from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import FilePatch, Patch
from remedy_gate.domain.proof import CheckName, CheckResult, Proof, Status
from remedy_gate.domain.remediation import Remediation
from remedy_gate.domain.seams import Sources
from remedy_gate.reporting.joining import proven_together

WITH_A = BEFORE.replace(b"}", b"  a = 1\n}")
WITH_BOTH = BEFORE.replace(b"}", b"  a = 1\n  b = 2\n}")


class StepByStep:
    """A prover that remembers what it was asked, and refuses the finding that it is told to refuse."""

    def __init__(self, refused: str = "") -> None:
        self.refused = refused
        self.asked: list[tuple[str, tuple[FilePatch, ...], dict[str, bytes]]] = []

    def prove(self, finding: Finding, match: Match, patch: Patch, sources: Sources) -> Proof:
        assert match.resource
        self.asked.append((finding.rule_id, patch.files, dict(sources)))
        if finding.rule_id != self.refused:
            return PROOF
        return Proof(tuple(CheckResult(name, Status.FAIL, "no") for name in CheckName))


def insertion(text: bytes, rule_id: str) -> Remediation:
    return remediation(files=(FilePatch("main.tf", BEFORE, BEFORE.replace(b"}", text + b"}")),), rule_id=rule_id)


A, B = insertion(b"  a = 1\n", "A"), insertion(b"  b = 2\n", "B")


def test_each_patch_is_proven_on_what_the_one_before_leaves() -> None:
    prover = StepByStep()
    joint = proven_together(prover, {"main.tf": BEFORE, "other.tf": b""})((A, B))
    assert joint
    assert joint.patch.files == (FilePatch("main.tf", BEFORE, WITH_BOTH),)
    assert joint.proof == PROOF
    assert prover.asked == [
        ("A", (FilePatch("main.tf", BEFORE, WITH_A),), {"main.tf": BEFORE, "other.tf": b""}),
        ("B", (FilePatch("main.tf", WITH_A, WITH_BOTH),), {"main.tf": WITH_A, "other.tf": b""}),
    ]


def test_what_is_refuted_at_any_step_is_not_joined() -> None:
    assert proven_together(StepByStep("B"), {"main.tf": BEFORE})((A, B)) is None


def test_patches_that_change_one_line_are_not_joined() -> None:
    clashing = remediation(files=(FilePatch("main.tf", BEFORE, BEFORE.replace(b'"logs"\n', b'"x"\n')),))
    other = remediation(files=(FilePatch("main.tf", BEFORE, BEFORE.replace(b'"logs"\n', b'"y"\n')),))
    assert proven_together(StepByStep(), {"main.tf": BEFORE})((clashing, other)) is None


def test_patches_of_code_that_is_not_there_are_not_joined() -> None:
    prover = StepByStep()
    assert proven_together(prover, {"main.tf": BEFORE + b"# more\n"})((A, B)) is None
    assert proven_together(prover, {})((A, B)) is None
    assert prover.asked == []


def test_a_check_that_did_not_run_at_one_step_did_not_run() -> None:
    class Half(StepByStep):
        def prove(self, finding: Finding, match: Match, patch: Patch, sources: Sources) -> Proof:
            proof = super().prove(finding, match, patch, sources)
            if finding.rule_id == "A":
                return proof
            rescan = CheckResult(CheckName.RESCAN, Status.PASS, "clean")
            return Proof(tuple(rescan if it.name is CheckName.RESCAN else it for it in proof.checks))

    joint = proven_together(Half(), {"main.tf": BEFORE})((A, B))
    assert joint
    assert next(it for it in joint.proof.checks if it.name is CheckName.RESCAN) == CheckResult(
        CheckName.RESCAN, Status.NOT_RUN, "later"
    )
