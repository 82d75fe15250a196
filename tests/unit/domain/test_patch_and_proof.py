from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remedy_gate.domain.diff import unified_diff
from remedy_gate.domain.finding import CloudResource, Finding, Location, Severity
from remedy_gate.domain.patch import FilePatch, Origin, OriginKind, Patch
from remedy_gate.domain.proof import REQUIRED, CheckName, CheckResult, Outcome, Proof, Status
from remedy_gate.domain.source import ALL_LINES, Change, LineRange

ORIGIN = Origin(OriginKind.CATALOGUE, "a-control", "1")


def proof(**statuses: Status) -> Proof:
    return Proof(tuple(CheckResult(name, statuses.get(name.value, Status.PASS), "") for name in CheckName))


def test_a_proof_whose_every_check_passes_is_proven() -> None:
    assert proof().outcome is Outcome.PROVEN


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_check_that_did_not_run_leaves_the_patch_unproven(name: CheckName) -> None:
    assert proof(**{name.value: Status.NOT_RUN}).outcome is Outcome.UNPROVEN


@pytest.mark.parametrize("name", CheckName)
def test_any_check_that_fails_refutes_the_patch(name: CheckName) -> None:
    assert proof(**{name.value: Status.FAIL}).outcome is Outcome.REFUTED


@pytest.mark.parametrize("name", sorted(set(CheckName) - set(REQUIRED)))
def test_an_optional_check_that_did_not_run_does_not_hinder_the_proof(name: CheckName) -> None:
    assert proof(**{name.value: Status.NOT_RUN}).outcome is Outcome.PROVEN


def test_no_checks_at_all_prove_nothing() -> None:
    assert Proof(()).outcome is Outcome.UNPROVEN


def test_a_fingerprint_knows_no_lines_and_no_scanner() -> None:
    one = Finding("checkov", "R1", "x", control="c", location=Location("main.tf", 1, 9, "aws_s3_bucket.b"))
    other = Finding("trivy", "R2", "y", control="c", location=Location("main.tf", 20, 29, "aws_s3_bucket.b"))
    assert one.fingerprint == other.fingerprint


@pytest.mark.parametrize(
    "other",
    [
        CloudResource("arn:aws:s3:::b", account="222222222222"),
        CloudResource("arn:aws:s3:::other", account="111111111111"),
        CloudResource("arn:aws:s3:::b", account="111111111111", region="eu-west-1"),
    ],
)
def test_another_resource_account_or_region_is_another_problem(other: CloudResource) -> None:
    mine = Finding("wiz", "R", "x", resources=(CloudResource("arn:aws:s3:::b", account="111111111111"),))
    assert mine.fingerprint != mine._replace(resources=(other,)).fingerprint


def test_an_unknown_severity_ranks_between_high_and_medium() -> None:
    assert sorted(Severity, key=lambda severity: severity.rank) == [
        "critical",
        "high",
        "unknown",
        "medium",
        "low",
        "info",
    ]


def test_a_change_touches_lines_that_it_shares_and_no_others() -> None:
    change = Change("main.tf", (LineRange(3, 4), LineRange(9, 9)))
    assert [change.touches(LineRange(line, line)) for line in (2, 3, 4, 5, 9, 10)] == [
        False,
        True,
        True,
        False,
        True,
        False,
    ]
    assert Change("new.tf", (ALL_LINES,)).touches(LineRange(1, 1))


def test_another_patch_has_another_id() -> None:
    one = Patch(ORIGIN, (FilePatch("a.tf", b"a", b"b"),))
    assert one.id == Patch(ORIGIN, (FilePatch("a.tf", b"a", b"b"),)).id
    assert (
        len(
            {
                one.id,
                Patch(ORIGIN, (FilePatch("a.tf", b"x", b"b"),)).id,
                Patch(ORIGIN, (FilePatch("a.tf", b"a", b"c"),)).id,
            }
        )
        == 3
    )


LINES = st.lists(
    st.sampled_from(["a", "b", "", "c\r", "\u00e9", "--- x", "+++ y", "@@", "\\", "d\x0ce", "f\rg"]), max_size=12
)
ENDINGS = st.sampled_from(["", "\n"])


@given(LINES, LINES, ENDINGS, ENDINGS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_git_applies_every_diff_to_the_byte(
    tmp_path: Path, before: list[str], after: list[str], end_before: str, end_after: str
) -> None:
    old = ("\n".join(["first", *before]) + end_before).encode()
    new = ("\n".join(["first", *after]) + end_after).encode()
    (tmp_path / "main.tf").write_bytes(old)
    diff = unified_diff(Patch(ORIGIN, (FilePatch("main.tf", old, new),)))
    assert bool(diff) == (old != new)
    if diff:
        subprocess.run(
            ["git", "apply", "--whitespace=nowarn", "-p1", "-"],
            input=diff.encode("utf-8", "surrogateescape"),
            cwd=tmp_path,
            check=True,
            env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent), "PATH": "/usr/bin:/bin:/usr/local/bin"},
        )
    assert (tmp_path / "main.tf").read_bytes() == new
