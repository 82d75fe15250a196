"""What is left of a report on the commit that we made: proven again there, where it stands now."""

from __future__ import annotations

from reporting_samples import BEFORE, remediation
from test_joining import A, B, StepByStep

from remedy_gate.domain.decision import Action
from remedy_gate.domain.patch import FilePatch, NoPatch
from remedy_gate.domain.remediation import Landed, Place, Remediation, Report, Verdict
from remedy_gate.domain.source import LineRange
from remedy_gate.reporting.rebasing import onto, rebased

WITH_A = BEFORE.replace(b"}", b"  a = 1\n}")
COMMITTED = (FilePatch("main.tf", BEFORE, WITH_A),)


def on_the_commit(*items: Remediation, prover: StepByStep | None = None, landed: tuple[Landed, ...] = ()) -> Report:
    new = onto(COMMITTED, prover or StepByStep(), {"main.tf": BEFORE, "other.tf": b""})
    return rebased(Report(Verdict.PASS, items, landed=landed), new)


def lines(item: Remediation) -> LineRange:
    assert item.match.resource
    return item.match.resource.lines


def test_a_patch_beside_the_commit_is_made_again_and_proven_on_the_new_file() -> None:
    prover = StepByStep()
    [item] = on_the_commit(B, prover=prover).remediations
    after = BEFORE.replace(b"}", b"  a = 1\n  b = 2\n}")
    assert item.patch
    assert item.patch.files == (FilePatch("main.tf", WITH_A, after),)
    assert prover.asked == [("B", item.patch.files, {"main.tf": WITH_A, "other.tf": b""})]
    assert lines(item) == LineRange(1, 4)


def test_what_landed_keeps_its_patch_and_is_not_proven_again() -> None:
    assert A.patch
    prover = StepByStep()
    landed = Landed((A.patch.id,), Place.COMMIT, "f" * 40, "", "acme/infra", "feature")
    [item] = on_the_commit(A, prover=prover, landed=(landed,)).remediations
    assert (item.patch, prover.asked) == (A.patch, [])


def test_a_patch_of_the_same_lines_is_no_patch_any_more_and_the_reason_is_told() -> None:
    rewritten = remediation(files=(FilePatch("main.tf", BEFORE, BEFORE.replace(b"}", b"]")),))
    new = onto((FilePatch("main.tf", BEFORE, BEFORE.replace(b"}", b")")),), StepByStep(), {"main.tf": BEFORE})
    [item] = rebased(Report(Verdict.PASS, (rewritten,)), new).remediations
    assert item.remedy == NoPatch(
        "Its patch changes lines that the commit changes, too (main.tf, line 3). The next run looks at it anew."
    )
    assert item.proof is None


def test_a_patch_that_is_refuted_on_the_new_file_is_no_patch_any_more() -> None:
    [item] = on_the_commit(B, prover=StepByStep("B")).remediations
    assert item.remedy == NoPatch(
        "Its patch could not be proven again on top of the commit. The next run looks at it anew."
    )


def test_a_patch_that_is_in_the_commit_whole_is_no_patch_any_more() -> None:
    [item] = on_the_commit(A).remediations
    assert item.remedy == NoPatch("All that its patch changes is in the commit already. The next run looks at it anew.")


def test_a_patch_that_a_person_approved_is_not_made_again() -> None:
    decision = B.decision._replace(rule="default for high; approved by Ada")
    [item] = on_the_commit(B._replace(decision=decision)).remediations
    assert item.remedy == NoPatch(
        "Its patch was approved on the code as it was before the commit. The next run looks at it anew."
    )


def test_a_patch_that_is_kept_back_stays_the_one_that_was_asked_for() -> None:
    prover = StepByStep()
    withheld = B._replace(decision=B.decision._replace(action=Action.WITHHOLD))
    [item] = on_the_commit(withheld, prover=prover).remediations
    assert (item.remedy, prover.asked) == (B.remedy, [])


def test_what_stands_in_other_files_is_left_as_it_is() -> None:
    other = remediation(files=(FilePatch("other.tf", b"", b"x\n"),))
    assert on_the_commit(other).remediations == (other,)


def test_a_block_below_what_was_added_is_where_it_is_now() -> None:
    below = remediation(no_patch="by hand")
    resource = below.match.resource
    assert resource
    below = below._replace(match=below.match._replace(resource=resource._replace(lines=LineRange(10, 12))))
    [item] = on_the_commit(below).remediations
    assert lines(item) == LineRange(11, 13)
    assert item.remedy == below.remedy
