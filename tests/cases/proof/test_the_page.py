"""docs/proof.md says what the suite comes to now."""

from __future__ import annotations

import make_proof_page
from make_proof_page import LIMITS, PAGE, Judged, judged, page
from proof_suite import Case

from remedy_gate.domain.proof import CheckName, CheckResult, Proof, Status

CASE = Case("deleted", "n", "bucket.tf", "c", "a.b", (), (), "")


def proof_of(**said: Status) -> Proof:
    return Proof(tuple(CheckResult(name, said.get(name.value, Status.PASS), "") for name in CheckName))


def test_the_page_is_the_one_that_the_generator_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_suite_that_the_page_speaks_of_has_eighteen_classes_and_both_languages() -> None:
    assert len({one.case.kind for one in judged("deceptive")}) == 18
    for folder in ("deceptive", "good"):
        ends = {one.case.base.rpartition(".")[2] for one in judged(folder)}
        assert {"tf", "yaml", "json"} <= ends


def test_every_check_says_where_it_ends() -> None:
    assert list(LIMITS) == list(CheckName)


def test_a_check_holds_a_patch_back_where_it_fails_or_is_required_and_does_not_pass() -> None:
    proof = proof_of(intent=Status.NOT_RUN, rescan=Status.NOT_RUN, idempotent=Status.FAIL)
    assert Judged(CASE, proof).withheld == {CheckName.INTENT, CheckName.IDEMPOTENT}
    assert Judged(CASE, proof_of(rescan=Status.NOT_RUN)).withheld == frozenset()


def test_the_generator_is_named_in_the_page() -> None:
    assert f".ci/{make_proof_page.__name__}.py" in PAGE.read_text(encoding="utf-8")
