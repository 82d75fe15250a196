"""Very many findings in a table come to the same report as if each of them had been looked at."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import CloudResource, Finding, Kind, Location, Severity
from remedy_gate.findings.live.layout import packed, unpacked
from remedy_gate.findings.live.snapshot import Snapshot
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching import listing, sifting
from remedy_gate.matching.columns import Table
from remedy_gate.matching.folding import fold
from remedy_gate.matching.index import CodeIndex
from remedy_gate.matching.listing import listed
from remedy_gate.matching.match import Matched, Matching
from remedy_gate.matching.recurrence import recurring
from remedy_gate.matching.sifting import sift

CODE = b"""
resource "aws_s3_bucket" "here" {
  bucket = "here"
}

resource "aws_s3_bucket" "part" {
  bucket = "${var.stage}-part"
}

resource "aws_instance" "tagged" {
  ami  = "ami-1"
  tags = { Name = "tagged" }
}
"""
NAMES = ("here", "dev-part", "prod-part", "a", "b", "c")
TAGS = ((), (("Name", "tagged"),), (("Name", "other"),), (("team", "x"),), (("yor_trace", "t"),))
RESOURCES = st.one_of(
    st.builds(
        CloudResource,
        st.sampled_from([f"arn:aws:s3:::{name}" for name in NAMES]),
        st.just("AwsS3Bucket"),
        st.none(),
        st.sampled_from(["111122223333", "444455556666"]),
        st.just("eu-west-1"),
        st.sampled_from(TAGS),
    ),
    st.builds(
        CloudResource,
        st.sampled_from(["i-0123456789abcdef0", "i-0123456789abcdef1", "strange"]),
        st.just("AwsEc2Instance"),
        st.none(),
        tags=st.sampled_from(TAGS),
    ),
)
PLACES = st.none() | st.just(Location("main.tf", 2, 4, "aws_s3_bucket.here"))


def findings_of(source: str) -> st.SearchStrategy[Finding]:
    return st.builds(
        Finding,
        source=st.just(source),
        rule_id=st.sampled_from(["S3.1", "S3.14", "EC2.8", "X.1", "X.2"]),
        title=st.sampled_from(["one", "two"]),
        severity=st.sampled_from(Severity),
        resources=st.lists(RESOURCES, min_size=1, max_size=2).map(tuple),
        location=PLACES,
        first_seen=st.sampled_from([None, "2026-01-01", "2026-02-02"]),
        kind=st.just(Kind.MISCONFIGURATION),
        status=st.just("open"),
        control=st.none(),
        due=st.none(),
        url=st.none(),
        sources=st.just(()),
        rules=st.just(()),
    )


MANY = st.lists(findings_of("security-hub"), max_size=30).map(tuple)
CATALOGUE = Catalogue()
MODULES = tuple(Reader((Terraform(load()),)).modules({"main.tf": CODE}))


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three are listed, where it would take hundreds of findings to come to the bound."""
    monkeypatch.setattr(listing, "MOST_UNMATCHED", 3)
    monkeypatch.setattr(sifting, "MOST_UNMATCHED", 3)


def table(*findings: Finding) -> Table:
    kept = unpacked(packed(Snapshot(0.0, 0.0, findings))).findings
    assert isinstance(kept, Table)
    return kept


def reported(given: Sequence[Sequence[Finding]], *, every: bool) -> tuple[tuple[Matched, ...], dict[str, int]]:
    """What a run would list, and what it would count as left out."""
    matching = Matching(CodeIndex(MODULES), CATALOGUE, {})
    sifted = sift(given, matching, every=every)
    matches = recurring(fold(matching.all(sifted.findings)), lambda _: True, sifted.problems)
    shown, left_out = listed(matches, sifted.beyond)
    return shown, dict(left_out)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MANY, MANY, st.lists(findings_of("security-hub"), max_size=4).map(tuple))
def test_a_report_is_the_same_whether_each_finding_is_looked_at_or_not(
    first: tuple[Finding, ...], second: tuple[Finding, ...], plain: tuple[Finding, ...]
) -> None:
    in_tables = (table(*first), plain, table(*second))
    assert reported(in_tables, every=False) == reported((first, plain, second), every=True)


def test_what_no_block_is_the_cause_of_is_counted_and_never_made() -> None:
    elsewhere = [
        Finding("wiz", f"X.{number}", "t", Severity.LOW, resources=(CloudResource("arn:aws:s3:::nobody"),))
        for number in range(50)
    ]
    here = Finding("wiz", "X.1", "t", resources=(CloudResource("arn:aws:s3:::here"),))
    matching = Matching(CodeIndex(MODULES), CATALOGUE, {})
    sifted = sift((table(*elsewhere, here),), matching)
    assert list(sifted.findings) == [*elsewhere[:3], here]
    assert sifted.beyond == 47
    assert sum(sifted.problems.values()) == 47


def test_voices_of_two_sources_about_one_resource_become_one_problem() -> None:
    nobody = (CloudResource("arn:aws:s3:::nobody"),)
    first = [Finding("wiz", f"X.{number}", "t", resources=nobody) for number in range(10)]
    second = [Finding("security-hub", f"X.{number}", "t", resources=nobody) for number in range(10)]
    shown, left_out = reported((table(*first), table(*second)), every=False)
    assert [item.finding.sources for item in shown] == [("wiz", "security-hub")] * 3
    assert left_out == {listing.UNLISTED: 7}


def test_few_findings_are_all_looked_at() -> None:
    few = [Finding("wiz", "X.1", "t", resources=(CloudResource("arn:aws:s3:::nobody"),)) for _ in range(3)]
    sifted = sift((table(*few),), Matching(CodeIndex(MODULES), CATALOGUE, {}))
    assert (list(sifted.findings), sifted.beyond) == (few, 0)
