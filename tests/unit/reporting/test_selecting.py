"""Which patches go into one commit together, and why the others do not."""

from __future__ import annotations

from reporting_samples import BEFORE, PROOF, remediation
from test_joining import A, B, StepByStep

from remedy_gate.domain.decision import Action
from remedy_gate.domain.patch import FilePatch
from remedy_gate.domain.proof import CheckName, CheckResult, Proof, Status
from remedy_gate.domain.remediation import Landed, Place, Remediation, Report, Verdict
from remedy_gate.reporting.joining import proven_together
from remedy_gate.reporting.placement import Joint
from remedy_gate.reporting.selecting import MOST_BYTES, Left, Selection, Terms, key_of, offered, selected

SOURCES = {"main.tf": BEFORE}


def terms(prover: StepByStep | None = None, most: int = 50) -> Terms:
    return Terms(proven_together(prover or StepByStep(), SOURCES), lambda _: True, most)


def rewriting(word: bytes) -> Remediation:
    return remediation(files=(FilePatch("main.tf", BEFORE, BEFORE.replace(b'"logs"\n', word + b"\n")),))


def test_patches_of_different_lines_make_one_file() -> None:
    found = selected((A, B), terms())
    assert found.items == (A, B)
    assert found.files == (FilePatch("main.tf", BEFORE, BEFORE.replace(b"}", b"  a = 1\n  b = 2\n}")),)
    assert found.left == ()


def test_of_two_that_change_one_line_the_first_is_taken_and_the_conflict_is_named() -> None:
    first, second = rewriting(b'"x"'), rewriting(b'"y"')
    found = selected((first, second, A), terms())
    assert found.items == (first, A)
    assert found.left == (
        Left(second, "it changes the same lines as the patch of aws_s3_bucket.logs (main.tf, line 2)"),
    )


def test_one_that_is_refuted_with_the_others_costs_only_itself() -> None:
    found = selected((A, B), terms(StepByStep("B")))
    assert found.items == (A,)
    assert found.left == (Left(B, "it could not be proven on the files of the commit that it would be put on"),)


def test_a_patch_of_other_contents_is_not_taken() -> None:
    stale = remediation(files=(FilePatch("main.tf", b"old\n", b"new\n"),))
    assert selected((stale,), terms()) == Selection(
        (), (), (Left(stale, "it could not be proven on the files of the commit that it would be put on"),)
    )


def test_what_may_replace_is_not_taken_in_place_and_may_be_proposed() -> None:
    dangerous = Proof(
        tuple(
            CheckResult(it.name, Status.PASS, "in place; REPLACES the bucket")
            if it.name is CheckName.DISRUPTION
            else it
            for it in PROOF.checks
        )
    )
    assert A.patch
    joint = Joint(A.patch, dangerous)
    strict = Terms(lambda _: joint, lambda _: True)
    assert selected((A,), strict).left == (Left(A, "it may replace what runs"),)
    assert selected((A,), strict._replace(in_place=False)).items == (A,)


def test_what_is_too_large_for_one_commit_is_left() -> None:
    large = remediation(files=(FilePatch("main.tf", BEFORE, BEFORE + b"#" * MOST_BYTES),))
    found = selected((large, A), terms())
    assert found.items == (A,)
    assert found.left == (Left(large, "it is larger than 50 files or 10,000,000 bytes"),)


def test_there_are_so_many_patches_at_most_the_first_ones() -> None:
    found = selected((A, B), terms(most=1))
    assert (found.items, found.left) == ((A,), (Left(B, "there are 1 patches in it already"),))


def test_workflows_and_files_that_are_not_plain_are_left() -> None:
    workflow = remediation(files=(FilePatch(".github/workflows/x.yml", BEFORE, BEFORE + b"#\n"),))
    found = selected((workflow, A), terms()._replace(fits=lambda path: path != "main.tf"))
    assert found.items == ()
    assert [it.reason for it in found.left] == [
        ".github/workflows/x.yml says what the repository's own workflows do",
        "main.tf is not a plain file, which is all that a commit over GitHub's API can write",
    ]


def test_the_digest_is_that_of_the_files_and_of_nothing_else() -> None:
    one, other = selected((A, B), terms()), selected((B._replace(finding=A.finding), A), terms())
    assert one.digest == one._replace(items=()).digest
    assert one.digest != selected((A,), terms()).digest
    assert len(other.digest) == 32


def test_only_what_is_proven_and_decided_so_and_not_there_yet_is_offered() -> None:
    apply = remediation(action=Action.APPLY)
    unproven = remediation(action=Action.APPLY, proof=None)
    assert apply.patch
    whole = Report(Verdict.PASS, (apply, unproven, remediation(), remediation(action=Action.WITHHOLD)))
    assert offered(whole, (Action.APPLY,)) == (apply,)
    landed = Landed((apply.patch.id,), Place.COMMIT, "f" * 40, "", "acme/infra", "feature")
    assert offered(whole._replace(landed=(landed,)), (Action.APPLY,)) == ()


def test_a_key_tells_nothing_of_the_finding() -> None:
    other = A._replace(finding=A.finding._replace(control="s3-other"))
    assert key_of(A) == key_of(B) != key_of(other)
    assert key_of(A) not in A.finding.fingerprint
