"""Every deceptive patch of the suite is caught by the check that has to catch it, and the good ones are proven."""

from __future__ import annotations

import pytest
from proof_suite import CATALOGUE, SCHEMAS, Case, cases, trial

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.proof import Outcome, Proof, Status
from remedy_gate.verification.check import Depth
from remedy_gate.verification.prover import FullProver, Ground

DECEPTIVE = tuple(cases("deceptive"))
GOOD = tuple(cases("good"))
LEAST_DECEPTIVE, LEAST_GOOD = 150, 100


def named(case: Case) -> str:
    return f"{case.kind}: {case.name}"


def prove(case: Case, depth: Depth = Depth.QUICK) -> Proof:
    made = trial(case)
    ground = Ground(made.reader, CATALOGUE, SCHEMAS, {}, depth)
    return FullProver(ground).prove(made.finding, made.match, made.patch, made.sources)


def unmet(proof: Proof) -> list[str]:
    return [f"{check.name}: {check.detail}" for check in proof.checks if check.status is not Status.PASS]


@pytest.mark.parametrize("case", [*DECEPTIVE, *GOOD], ids=named)
def test_every_case_begins_with_the_problem(case: Case) -> None:
    made = trial(case)
    control, resource = CATALOGUE.control(case.control), made.match.resource
    assert control is not None
    assert resource is not None
    module = made.reader.module(resource.path, made.sources)
    assert module is not None
    assert judge(control, Subject(module, case.address, {})).holds is not Holds.YES


@pytest.mark.parametrize("case", DECEPTIVE, ids=named)
def test_a_deceptive_patch_is_not_proven_and_the_right_checks_say_why(case: Case) -> None:
    proof = prove(case)
    assert proof.outcome is not Outcome.PROVEN
    passed = {check.name.value for check in proof.checks if check.status is Status.PASS}
    assert not passed & set(case.caught_by)


@pytest.mark.parametrize("case", GOOD, ids=named)
def test_a_good_patch_is_proven(case: Case) -> None:
    proof = prove(case)
    assert proof.outcome is Outcome.PROVEN, unmet(proof)


def test_the_suite_is_as_large_as_it_claims() -> None:
    assert len(DECEPTIVE) >= LEAST_DECEPTIVE
    assert len(GOOD) >= LEAST_GOOD
    names = [named(case) for case in (*DECEPTIVE, *GOOD)]
    assert len(set(names)) == len(names)
