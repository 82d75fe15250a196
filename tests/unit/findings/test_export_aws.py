"""Findings of AWS's own services, field by field."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from remedy_gate.domain.finding import CloudResource, Finding, Kind, Severity
from remedy_gate.findings.formats import security_hub
from remedy_gate.findings.reading import Export

Reader = Callable[[str], Export]
ACCOUNT = "111122223333"
BUCKET = CloudResource(
    id="arn:aws:s3:::orchard-invoices",
    type="AwsS3Bucket",
    name="orchard-invoices",
    account=ACCOUNT,
    region="eu-west-1",
    tags=(("team", "fruit"),),
)


def test_a_security_hub_finding_has_every_field(export: Reader) -> None:
    assert export("security_hub.json").findings[0] == Finding(
        source="security-hub",
        rule_id="S3.8",
        title="S3 buckets should block public access",
        severity=Severity.HIGH,
        kind=Kind.MISCONFIGURATION,
        status="ACTIVE/NEW/FAILED",
        resources=(BUCKET,),
        first_seen="2026-03-01T08:00:00.000Z",
        url="https://docs.example.com/S3.8",
    )


def test_a_passed_security_hub_finding_is_not_open_whatever_its_severity(export: Reader) -> None:
    (passed,) = export("security_hub.json").not_open
    assert (passed.rule_id, passed.severity, passed.status) == ("2.9", Severity.HIGH, "ACTIVE/NEW/PASSED")
    assert passed.resources[0].account == ACCOUNT
    assert passed.resources[0].id == "AWS::::Account:111122223333"


def test_guardduty_in_security_hub_is_a_threat_without_compliance(export: Reader) -> None:
    threat = export("security_hub.json").findings[1]
    assert (threat.kind, threat.severity, threat.status) == (Kind.THREAT, Severity.MEDIUM, "ACTIVE/NEW")
    assert threat.resources[0].tags == (("Name", "web"),)
    assert threat.resources[0].region == "eu-west-1"


@pytest.mark.parametrize(
    ("record_state", "workflow", "compliance", "is_open"),
    [
        ("ACTIVE", "NEW", "FAILED", True),
        ("ACTIVE", "NOTIFIED", "WARNING", True),
        ("ACTIVE", None, None, True),
        (None, None, None, True),
        ("ARCHIVED", "NEW", "FAILED", False),
        ("ACTIVE", "SUPPRESSED", "FAILED", False),
        ("ACTIVE", "RESOLVED", "FAILED", False),
        ("ACTIVE", "NEW", "NOT_AVAILABLE", False),
        ("ACTIVE", "NEW", "INFOED", False),
    ],
)
def test_open_in_security_hub_is_a_conjunction(
    record_state: str | None, workflow: str | None, compliance: str | None, *, is_open: bool
) -> None:
    record = {"RecordState": record_state, "Workflow": {"Status": workflow}, "Compliance": {"Status": compliance}}
    (reading,) = security_hub.read(record)
    assert reading.is_open is is_open  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["Software and Configuration Checks/Vulnerabilities/CVE"], Kind.VULNERABILITY),
        (["Software and Configuration Checks/AWS Security Best Practices/Network Reachability"], Kind.MISCONFIGURATION),
        (["Effects/Data Exposure/External Access Granted"], Kind.MISCONFIGURATION),
        (["Effects/Denial of Service"], Kind.THREAT),
        (["Sensitive Data Identifications/PII"], Kind.OTHER),
        ("not a list", Kind.MISCONFIGURATION),
    ],
)
def test_the_kind_of_a_security_hub_finding_comes_from_its_type(types: object, kind: Kind) -> None:
    (reading,) = security_hub.read({"Types": types})
    assert reading.finding.kind is kind  # type: ignore[union-attr]


def test_a_number_where_text_belongs_is_read_as_text() -> None:
    record = {"AwsAccountId": 1122223333, "Title": 7, "Resources": [{"Id": "vpc-1"}], "Severity": {"Label": 3}}
    (reading,) = security_hub.read(record)
    finding = reading.finding  # type: ignore[union-attr]
    assert (finding.title, finding.severity, finding.resources[0].account) == ("7", Severity.UNKNOWN, "001122223333")


def test_security_hub_v2_has_the_arn_as_id_and_the_native_id_as_name(export: Reader) -> None:
    read = export("security_hub_v2.json")
    assert read.findings == (
        Finding(
            source="security-hub",
            rule_id="SQS.1",
            title="Queues should be encrypted at rest",
            severity=Severity.MEDIUM,
            status="Fail/New",
            resources=(
                CloudResource(
                    id="arn:aws:sqs:eu-west-1:111122223333:pears",
                    type="AWS::SQS::Queue",
                    name="https://sqs.eu-west-1.amazonaws.com/111122223333/pears",
                    account=ACCOUNT,
                    region="eu-west-1",
                    tags=(("team", "fruit"),),
                ),
            ),
            first_seen="2025-09-19T09:17:17.473Z",
            url="https://docs.example.com/SQS.1",
        ),
    )
    assert [finding.status for finding in read.not_open] == ["Fail/Suppressed"]


def test_an_ocsf_vulnerability_of_another_product_names_that_product(export: Reader) -> None:
    (finding,) = export("ocsf.json").findings
    assert (finding.source, finding.rule_id, finding.kind) == (
        "ocsf:orchard-scan",
        "Vulnerabilities/CVE",
        Kind.VULNERABILITY,
    )
    assert (finding.severity, finding.first_seen) == (Severity.HIGH, "2025-09-19T09:17:17Z")
    assert finding.resources[0].id == "arn:aws:ecr:eu-west-1:111122223333:repository/pears"


def test_config_knows_no_severity_and_only_an_aggregate_knows_the_account(export: Reader) -> None:
    (finding,) = export("aws_config.json").findings
    assert (finding.source, finding.rule_id, finding.severity) == ("aws-config", "restricted-ssh", Severity.UNKNOWN)
    assert finding.resources == (CloudResource("sg-0a", "AWS::EC2::SecurityGroup", None, ACCOUNT, "eu-west-1"),)
    assert finding.first_seen == "2025-11-20T00:53:31.500Z"


def test_an_untriaged_inspector_finding_has_unknown_severity(export: Reader) -> None:
    read = export("inspector.json")
    (finding,), (suppressed,) = read.findings, read.not_open
    assert (finding.rule_id, finding.severity, finding.kind) == ("CVE-2026-1", Severity.UNKNOWN, Kind.VULNERABILITY)
    assert finding.resources == (
        CloudResource("i-0a", "AWS_EC2_INSTANCE", None, ACCOUNT, "eu-west-1", (("Name", "web"),)),
    )
    assert (suppressed.rule_id, suppressed.kind, suppressed.status) == (
        "NETWORK_REACHABILITY",
        Kind.MISCONFIGURATION,
        "SUPPRESSED",
    )


def test_access_analyzer_has_a_title_made_from_what_it_says(export: Reader) -> None:
    read = export("access_analyzer.json")
    (finding,), (archived,) = read.findings, read.not_open
    assert (finding.rule_id, finding.title) == ("unknown", "External access: AWS::IAM::Role")
    assert finding.resources == (
        CloudResource("arn:aws:iam::111122223333:role/pears", "AWS::IAM::Role", None, ACCOUNT, None),
    )
    assert (archived.rule_id, archived.title) == ("UnusedIAMRole", "Unused IAMRole: AWS::IAM::Role")
