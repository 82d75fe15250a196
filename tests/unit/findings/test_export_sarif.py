"""SARIF: rules wherever they stand, messages with arguments, bases of addresses, and what is not open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from remedy_gate.domain.finding import Finding, Kind, Location, Severity
from remedy_gate.findings.format import Document
from remedy_gate.findings.formats import sarif
from remedy_gate.findings.reading import Export

Reader = Callable[[str], Export]


def only(result: Document, driver: Document | None = None, **run: object) -> Finding:
    log = {"runs": [{"tool": {"driver": driver or {}}, "results": [result], **run}]}
    (reading,) = sarif.read(log)
    return reading.finding  # type: ignore[union-attr]


def at(uri: object, **place: object) -> Document:
    return {"locations": [{"physicalLocation": {"artifactLocation": {"uri": uri, **place}}}]}


def test_a_result_has_the_fields_of_its_rule(export: Reader) -> None:
    assert export("sarif.sarif").findings[0] == Finding(
        source="sarif:pear-lint",
        rule_id="P1",
        title="Unencrypted",
        severity=Severity.CRITICAL,
        kind=Kind.MISCONFIGURATION,
        location=Location("infra/main one.tf", 3, 5),
        url="https://pear.example.com/P1",
    )


def test_a_message_takes_its_arguments_and_an_absolute_address_loses_its_base(export: Reader) -> None:
    finding = export("sarif.sarif").findings[1]
    assert (finding.rule_id, finding.title, finding.severity) == ("P2", "Bucket is not tagged", Severity.INFO)
    assert finding.location == Location("infra/b.tf", 7, 9)


def test_a_rule_may_stand_in_an_extension_and_a_result_may_have_no_place(export: Reader) -> None:
    finding = export("sarif.sarif").findings[2]
    assert (finding.rule_id, finding.title, finding.location) == ("X1", "From an extension", None)
    assert finding.severity is Severity.MEDIUM


def test_suppressed_passed_and_absent_results_are_not_open_but_a_pending_suppression_is(export: Reader) -> None:
    read = export("sarif.sarif")
    assert [finding.status for finding in read.not_open] == ["suppressed: known", "pass", "absent"]
    assert read.findings[3].rule_id == "P1"


def test_a_run_that_did_not_succeed_is_noted(export: Reader) -> None:
    assert [note.message for note in export("sarif.sarif").notes] == ["Pear Lint says that its run did not succeed"]


@pytest.mark.parametrize(
    ("driver", "source"),
    [
        ("Checkov", "checkov"),
        ("Trivy", "trivy"),
        ("KICS", "kics"),
        ("Snyk IaC", "snyk"),
        ("cfn-lint", "cfn-lint"),
        ("CodeQL", "sarif:codeql"),
        ("  ", "sarif"),
        (7, "sarif:7"),
    ],
)
def test_tools_with_a_format_of_their_own_keep_their_name(driver: object, source: str) -> None:
    assert only({"ruleId": "A"}, {"name": driver}).source == source


@pytest.mark.parametrize(
    ("result", "path"),
    [
        (at("a/b.tf"), "a/b.tf"),
        (at("file:///C:/work/a%23b.tf"), "work/a#b.tf"),
        (at("..%2f..%2fetc/passwd"), "etc/passwd"),
        (at("a\\b.tf"), "a/b.tf"),
        (at("b.tf", uriBaseId="%SRCROOT%"), "b.tf"),
        (at(None, index=0), "from/artifacts.tf"),
        (at("https://example.com/main.tf"), None),
        (at(["a"]), None),
        ({"locations": "nowhere"}, None),
    ],
)
def test_an_address_becomes_a_path_that_leads_nowhere_else(result: dict[str, object], path: str | None) -> None:
    artifacts = [{"location": {"uri": "from/artifacts.tf"}}]
    location = only({"ruleId": "A", **result}, artifacts=artifacts).location
    assert (location.path if location else None) == path


def test_bases_that_name_each_other_do_not_go_round_forever() -> None:
    bases = {"A": {"uri": "a/", "uriBaseId": "B"}, "B": {"uri": "b/", "uriBaseId": "A"}}
    location = only({"ruleId": "A", **at("x.tf", uriBaseId="A")}, originalUriBaseIds=bases).location
    assert location is not None
    assert location.path.endswith("a/x.tf")


@pytest.mark.parametrize(
    ("result", "rule", "severity"),
    [
        ({}, {}, Severity.MEDIUM),
        ({"level": "error"}, {}, Severity.HIGH),
        ({"level": "none"}, {}, Severity.INFO),
        ({}, {"defaultConfiguration": {"level": "note"}}, Severity.INFO),
        ({"level": "error"}, {"properties": {"security-severity": "3.9"}}, Severity.LOW),
        ({"level": "error"}, {"properties": {"security-severity": "0.0"}}, Severity.INFO),
        ({"level": "error"}, {"properties": {"security-severity": "none"}}, Severity.HIGH),
        ({"level": "strange"}, {}, Severity.UNKNOWN),
    ],
)
def test_the_score_counts_before_the_level(
    result: dict[str, object], rule: dict[str, object], severity: Severity
) -> None:
    assert only({"ruleId": "A", **result}, {"rules": [{"id": "A", **rule}]}).severity is severity


@pytest.mark.parametrize(
    ("rule_id", "tags", "path", "kind"),
    [
        ("X", [], "main.tf", Kind.MISCONFIGURATION),
        ("X", [], "src/app.py", Kind.OTHER),
        ("X", ["misconfiguration"], "Dockerfile", Kind.MISCONFIGURATION),
        ("X", ["vulnerability"], "go.sum", Kind.VULNERABILITY),
        ("CVE-2026-1", [], "main.tf", Kind.VULNERABILITY),
        ("CKV_SECRET_6", [], "main.tf", Kind.SECRET),
    ],
)
def test_the_kind_comes_from_the_rule_else_from_the_file(rule_id: str, tags: list[str], path: str, kind: Kind) -> None:
    driver = {"rules": [{"id": rule_id, "properties": {"tags": tags}}]}
    assert only({"ruleId": rule_id, **at(path)}, driver).kind is kind


def test_a_rule_of_a_scanner_of_infrastructure_is_a_misconfiguration_in_any_file() -> None:
    assert only({"ruleId": "X", **at("some/path")}, {"name": "cfn-guard"}).kind is Kind.MISCONFIGURATION


def test_cfn_guard_names_the_resource_in_its_message() -> None:
    message = {"text": "Missing. Value traversed to [Path=/Resources/Pears/Properties[L:13,C:6] Value={}]"}
    location = only({"ruleId": "X", "message": message, **at("t.yaml")}, {"name": "cfn-guard"}).location
    assert location == Location("t.yaml", address="Pears")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("module.db[0].aws_db_instance.this", "module.db[0].aws_db_instance.this"),
        ("resource.aws_s3_bucket[logs].acl", "aws_s3_bucket.logs"),
        ("Resources.Pears.Properties", "Pears"),
        ("collections::list::add", None),
    ],
)
def test_a_logical_location_is_an_address_only_if_it_looks_like_one(name: str, address: str | None) -> None:
    place = at("a.tf")["locations"][0] | {"logicalLocations": [{"fullyQualifiedName": name}]}
    assert only({"ruleId": "A", "locations": [place]}).location == Location("a.tf", address=address)


@pytest.mark.parametrize("log", [{"runs": []}, {"version": "2.1.0", "runs": None}, {"runs": [{"tool": None}]}])
def test_a_log_without_results_has_no_findings(log: dict[str, object]) -> None:
    assert sarif.recognises(log)
    assert list(sarif.read(log)) == []
