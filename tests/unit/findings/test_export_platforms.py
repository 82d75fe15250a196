"""Findings of code hosts, trackers and the second tier of cloud scanners."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from remedy_gate.domain.finding import CloudResource, Finding, Kind, Location, Severity
from remedy_gate.findings.formats import cloudsploit, defectdojo, orca
from remedy_gate.findings.reading import Export

Reader = Callable[[str], Export]
ACCOUNT = "111122223333"


def test_a_code_scanning_alert_has_every_field(export: Reader) -> None:
    read = export("code_scanning.json")
    assert read.findings == (
        Finding(
            source="code-scanning",
            rule_id="AVD-AWS-0088",
            title="Unencrypted bucket",
            severity=Severity.HIGH,
            kind=Kind.MISCONFIGURATION,
            status="open",
            location=Location("infra/main.tf", 3, 5),
            first_seen="2026-01-19T14:11:18Z",
            url="https://github.com/orchard/infra/security/code-scanning/35",
        ),
    )
    (dismissed,) = read.not_open
    assert (dismissed.status, dismissed.severity, dismissed.kind) == ("dismissed: won't fix", Severity.HIGH, Kind.OTHER)


def test_an_old_webhook_has_its_place_in_the_instances(export: Reader) -> None:
    (finding,) = export("code_scanning_webhook.json").findings
    assert (finding.severity, finding.location) == (Severity.INFO, Location("a.js", 84, 84))


def test_a_gitlab_report_tells_code_from_secrets(export: Reader) -> None:
    code, secret = export("gitlab.json").findings
    assert (code.rule_id, code.severity, code.kind) == ("38c5", Severity.CRITICAL, Kind.MISCONFIGURATION)
    assert (code.location, code.first_seen) == (Location("infra/main.tf", 19, 21), "2026-05-01T10:00:00")
    assert (secret.rule_id, secret.kind) == ("password", Kind.SECRET)


def test_a_generic_finding_goes_by_the_rule_of_its_tool_else_by_its_title(export: Reader) -> None:
    port, library = export("defectdojo.json").findings
    assert (port.rule_id, port.location, port.first_seen) == ("T1", Location("infra/main.tf", 9, 9), "2026-01-06")
    assert (library.rule_id, library.kind) == ("CVE-2026-1", Kind.VULNERABILITY)
    assert library.resources == (CloudResource("pearlib"),)


def test_generic_csv_headers_may_have_spaces_and_days_before_months_are_no_date(export: Reader) -> None:
    read = export("defectdojo.csv")
    (finding,) = read.findings
    assert (finding.title, finding.url, finding.first_seen) == ("Open port", "https://orchard.example.com/a", None)
    assert [finding.status for finding in read.not_open] == ["inactive", "duplicate"]


@pytest.mark.parametrize(
    ("fields", "is_open"),
    [
        ({}, True),
        ({"active": True}, True),
        ({"Active": "TRUE", "FalsePositive": "FALSE"}, True),
        ({"active": False}, False),
        ({"Active": "False"}, False),
        ({"false_p": True}, False),
        ({"False Positive": "TRUE"}, False),
        ({"duplicate": "true"}, False),
        ({"is_mitigated": True}, False),
        ({"mitigated": "2026-01-01"}, False),
        ({"mitigated": None}, True),
    ],
)
def test_open_in_a_generic_finding_is_a_conjunction(fields: dict[str, object], *, is_open: bool) -> None:
    (reading,) = defectdojo.read({"title": "x", "severity": "Low", **fields})
    assert reading.is_open is is_open  # type: ignore[union-attr]


def test_a_json_schema_with_a_title_is_no_finding() -> None:
    assert not defectdojo.recognises({"title": "Policy", "type": "object"})


def test_orca_scores_become_severities_and_only_names_are_known(export: Reader) -> None:
    read = export("orca.json")
    (finding,), (dismissed,) = read.findings, read.not_open
    assert (finding.rule_id, finding.severity, finding.kind) == ("Unused role", Severity.MEDIUM, Kind.MISCONFIGURATION)
    assert finding.resources == (CloudResource("pears", None, "pears", "orchard"),)
    assert (dismissed.severity, dismissed.kind) == (Severity.CRITICAL, Kind.VULNERABILITY)


def test_an_orca_score_of_0_in_a_csv_is_information(export: Reader) -> None:
    (finding,) = export("orca.csv").findings
    assert (finding.severity, finding.resources[0].name) == (Severity.INFO, "pears")


@pytest.mark.parametrize(("status", "is_open"), [("open", True), (None, True), ("closed", False), ("snoozed", False)])
def test_an_orca_alert_is_open_by_its_status(status: str | None, *, is_open: bool) -> None:
    (reading,) = orca.read({"OrcaScore": 5, "Status": status})
    assert reading.is_open is is_open  # type: ignore[union-attr]


def test_cloudsploit_has_the_severity_in_its_status(export: Reader) -> None:
    failed, warned = export("cloudsploit.json").findings
    assert (failed.rule_id, failed.severity) == ("stackTermination", Severity.HIGH)
    assert failed.resources == (
        CloudResource("arn:aws:cloudformation:us-east-1:111122223333:stack/s/1", None, None, ACCOUNT, "us-east-1"),
    )
    assert (warned.severity, warned.resources) == (Severity.MEDIUM, ())


def test_an_unknown_cloudsploit_result_is_not_open() -> None:
    (reading,) = cloudsploit.read({"plugin": "x", "status": "UNKNOWN"})
    assert not reading.is_open  # type: ignore[union-attr]


def test_a_flagged_item_of_scout_suite_is_looked_up_by_its_path(export: Reader) -> None:
    group, gone, bucket = export("scout_suite.js").findings
    assert (group.rule_id, group.title, group.severity) == ("ec2-open-port", "Port open to all", Severity.HIGH)
    assert group.resources == (
        CloudResource("arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a", None, "web", ACCOUNT, "eu-west-1"),
    )
    assert gone.resources[0].id == "ec2.regions.eu-west-1.vpcs.vpc-1.security_groups.sg-gone"
    assert bucket.resources == (
        CloudResource("arn:aws:s3:::orchard-invoices", None, "orchard-invoices", ACCOUNT, "eu-west-1"),
    )
    assert bucket.first_seen == "2026-01-08T17:28:00+01:00"
