"""Findings of Prowler, of every age."""

from __future__ import annotations

from collections.abc import Callable

from remedy_gate.domain.finding import CloudResource, Finding, Severity
from remedy_gate.findings.reading import Export, read_export

Reader = Callable[[str], Export]
ACCOUNT = "111122223333"


def test_the_status_code_decides_in_ocsf_and_the_status_mutes(export: Reader) -> None:
    read = export("prowler_ocsf.json")
    assert read.findings == (
        Finding(
            source="prowler",
            rule_id="s3_bucket_public_access",
            title="No public buckets",
            severity=Severity.MEDIUM,
            status="FAIL",
            resources=(
                CloudResource(
                    "arn:aws:s3:::orchard-invoices",
                    "AwsS3Bucket",
                    "orchard-invoices",
                    ACCOUNT,
                    "eu-west-1",
                    (("team", "fruit"), ("env", "prod")),
                ),
            ),
            first_seen="2025-02-14T13:27:03Z",
            url="https://docs.example.com/SQS.1",
        ),
    )
    assert [(finding.rule_id, finding.status) for finding in read.not_open] == [
        ("kms_rotation", "PASS"),
        ("ec2_imdsv2", "FAIL/Suppressed"),
    ]


def test_version_3_writes_severities_in_lower_case(export: Reader) -> None:
    read = export("prowler_v3.json")
    (finding,) = read.findings
    assert (finding.rule_id, finding.severity) == ("acm_expiry", Severity.HIGH)
    assert finding.resources == (
        CloudResource(
            "arn:aws:acm:us-east-1:111122223333:certificate/ff",
            "AwsCertificateManagerCertificate",
            "api.example.com",
            ACCOUNT,
            "us-east-1",
        ),
    )
    assert [finding.status for finding in read.not_open] == ["PASS"]


def test_version_2_has_the_check_in_brackets_before_the_title(export: Reader) -> None:
    (finding,) = export("prowler_v2.ndjson").findings
    assert (finding.rule_id, finding.title) == ("check114", "Ensure hardware MFA is enabled for root")
    assert (finding.severity, finding.first_seen) == (Severity.CRITICAL, "2026-08-23T06:38:46Z")
    assert finding.resources == (CloudResource("MFA", None, None, ACCOUNT, "eu-central-1"),)


def test_version_2_as_csv_speaks_of_the_account_where_it_names_no_resource(export: Reader) -> None:
    read = export("prowler_v2.csv")
    (finding,) = read.findings
    assert (finding.rule_id, finding.url) == ("check11", "https://docs.example.com/root")
    assert finding.resources == (CloudResource(ACCOUNT, "AwsAccount", None, ACCOUNT, "us-east-1"),)
    assert [finding.status for finding in read.not_open] == ["INFO"]


def test_csv_is_separated_by_semicolons_and_a_muted_failure_is_not_open(export: Reader) -> None:
    read = export("prowler.csv")
    (finding,) = read.findings
    assert (finding.title, finding.severity) == ("No public; buckets", Severity.LOW)
    assert finding.resources[0].tags == (("team", "fruit"), ("env", "prod"))
    assert finding.first_seen == "2026-02-14T14:27:03.913874"
    assert [finding.status for finding in read.not_open] == ["FAIL/MUTED", "MANUAL"]


def test_version_3_csv_names_its_columns_otherwise() -> None:
    text = (
        "ASSESSMENT_START_TIME;CHECK_ID;CHECK_TITLE;STATUS;SEVERITY;RESOURCE_ARN;RESOURCE_ID;ACCOUNT_ID;REGION\n"
        "2026-01-02T03:04:05;s3_x;X;FAIL;high;arn:aws:s3:::orchard-site;orchard-site;111122223333;eu-west-1\n"
    )
    (finding,) = read_export("p.csv", text.encode()).findings
    assert finding.resources == (
        CloudResource("arn:aws:s3:::orchard-site", None, "orchard-site", ACCOUNT, "eu-west-1"),
    )
