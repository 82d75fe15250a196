"""Findings of Wiz in its five shapes."""

from __future__ import annotations

from collections.abc import Callable

from remedy_gate.domain.finding import CloudResource, Finding, Kind, Location, Severity
from remedy_gate.findings.formats import wiz_webhook
from remedy_gate.findings.reading import Export

Reader = Callable[[str], Export]
ACCOUNT = "111122223333"
BUCKET = CloudResource(
    "arn:aws:s3:::orchard-invoices", "bucket", "orchard-invoices", ACCOUNT, "eu-west-1", (("team", "fruit"),)
)


def test_an_issue_has_every_field(export: Reader) -> None:
    assert export("wiz_issues.json").findings[0] == Finding(
        source="wiz",
        rule_id="wc-id-1",
        title="Publicly readable bucket",
        severity=Severity.CRITICAL,
        status="OPEN",
        resources=(BUCKET,),
        first_seen="2026-08-02T10:15:30.120331Z",
        due="2026-08-16T10:15:30Z",
    )


def test_an_event_is_a_threat_and_newer_tenants_list_its_rules(export: Reader) -> None:
    event = export("wiz_issues.json").findings[1]
    assert (event.rule_id, event.kind, event.status) == ("cer-9", Kind.THREAT, "IN_PROGRESS")


def test_a_rejected_issue_is_not_open(export: Reader) -> None:
    assert [finding.status for finding in export("wiz_issues.json").not_open] == ["REJECTED"]


def test_pages_that_are_not_in_the_file_are_noted(export: Reader) -> None:
    assert [note.message for note in export("wiz_issues.json").notes] == ["more pages follow that are not in this file"]


def test_the_older_shape_has_a_control_and_an_entity(export: Reader) -> None:
    (finding,) = export("wiz_issues_older.json").findings
    assert (finding.rule_id, finding.severity) == ("wc-id-2", Severity.MEDIUM)
    assert finding.resources == (
        CloudResource("arn:aws:ec2:us-east-1:111122223333:volume/vol-0f", "VOLUME", "vol-0f", ACCOUNT, "us-east-1"),
    )


def test_a_configuration_finding_is_known_by_its_short_id_else_by_its_id(export: Reader) -> None:
    read = export("wiz_configuration.json")
    assert [finding.rule_id for finding in read.findings] == ["S3-023", "5a3e"]
    assert read.findings[0].resources == (BUCKET,)
    assert read.findings[0].first_seen == "2026-07-07T16:43:34Z"


def test_a_passed_configuration_finding_is_not_open_although_it_says_high(export: Reader) -> None:
    (passed,) = export("wiz_configuration.json").not_open
    assert (passed.severity, passed.status) == (Severity.HIGH, "PASS/RESOLVED")


def test_the_default_webhook_has_the_arn_as_the_resource_id(export: Reader) -> None:
    (finding,) = export("wiz_webhook.json").findings
    assert (finding.rule_id, finding.severity, finding.first_seen) == ("wc-id-3", Severity.HIGH, "2026-09-20T07:01:02Z")
    assert finding.resources == (
        CloudResource("arn:aws:sqs:eu-west-1:111122223333:pears", "queue", "pears", ACCOUNT, "eu-west-1"),
    )


def test_a_webhook_of_a_user_template_keeps_its_control_and_entity_in_the_issue() -> None:
    body = {
        "trigger": {"type": "REOPENED"},
        "issue": {
            "status": "OPEN",
            "severity": "LOW",
            "control": {"id": "wc-9", "name": "No tags"},
            "entitySnapshot": {"providerId": "arn:aws:s3:::orchard-site", "nativeType": "bucket"},
        },
    }
    assert wiz_webhook.recognises(body)
    (reading,) = wiz_webhook.read(body)
    assert reading.is_open  # type: ignore[union-attr]
    assert reading.finding.rule_id == "wc-9"  # type: ignore[union-attr]
    assert reading.finding.resources[0].id == "arn:aws:s3:::orchard-site"  # type: ignore[union-attr]


def test_a_csv_row_may_have_cells_of_many_lines_and_tags_as_json(export: Reader) -> None:
    read = export("wiz.csv")
    assert read.findings == (
        Finding(
            source="wiz",
            rule_id="wc-id-1",
            title="Publicly readable bucket",
            severity=Severity.CRITICAL,
            status="OPEN",
            resources=(BUCKET,),
            first_seen="2026-08-02T10:15:30Z",
            due="2026-08-16T10:15:30Z",
            url="https://wiz.example.com/i-1",
        ),
    )
    assert [finding.status for finding in read.not_open] == ["IGNORED"]


def test_the_scan_of_code_has_an_address_for_every_match_and_hides_its_secrets(export: Reader) -> None:
    first, second, secret = export("wiz_cli.json").findings
    assert first == Finding(
        source="wiz-cli",
        rule_id="0b9c",
        title="Bucket without versioning",
        severity=Severity.MEDIUM,
        location=Location("infra/s3.tf", 3, 3, "aws_s3_bucket.invoices"),
        first_seen="2026-11-20T12:17:35Z",
        url="https://wiz.example.com/s-1",
    )
    assert second.location == Location("infra/s3.tf", 19, 19, "aws_s3_bucket.site")
    assert (secret.kind, secret.title) == (Kind.SECRET, "Secret in code: PASSWORD")
