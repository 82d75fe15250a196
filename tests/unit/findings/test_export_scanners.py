"""Findings of scanners of infrastructure code."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from remedy_gate.domain.finding import Finding, Kind, Location, Severity
from remedy_gate.findings.formats import checkov, trivy
from remedy_gate.findings.reading import Export

Reader = Callable[[str], Export]


def test_checkov_gives_the_longest_path_and_the_whole_address(export: Reader) -> None:
    first, second, _, _ = export("checkov.json").findings
    assert first == Finding(
        source="checkov",
        rule_id="CKV_AWS_18",
        title="Ensure CKV_AWS_18 holds",
        severity=Severity.UNKNOWN,
        status="FAILED",
        location=Location("infra/main.tf", 7, 12, "aws_s3_bucket.invoices"),
        url="https://docs.example.com/CKV_AWS_18",
    )
    assert second.severity is Severity.HIGH
    assert second.location == Location("infra/modules/queues/main.tf", 10, 13, 'module.queues[0].aws_sqs_queue.q["a"]')


def test_a_module_from_elsewhere_is_placed_at_its_call(export: Reader) -> None:
    assert export("checkov.json").findings[2].location == Location("main.tf", 40, 44, "module.vpc.aws_vpc.this")


def test_a_template_resource_goes_by_its_logical_id_and_lines_0_0_are_none(export: Reader) -> None:
    assert export("checkov.json").findings[3].location == Location("template.yaml", None, None, "LogsBucket")


def test_an_inline_skip_is_not_open_and_says_why(export: Reader) -> None:
    (skipped,) = export("checkov.json").not_open
    assert (skipped.rule_id, skipped.status) == ("CKV_AWS_21", "SKIPPED: copies are kept elsewhere")


def test_a_file_that_checkov_could_not_parse_is_noted(export: Reader) -> None:
    assert [note.message for note in export("checkov.json").notes] == ["Checkov could not parse /broken.tf"]


@pytest.mark.parametrize(
    ("check", "path"),
    [
        ({"file_path": "/main.tf", "repo_file_path": "/infra/main.tf"}, "infra/main.tf"),
        ({"file_path": "/main.tf"}, "main.tf"),
        ({"file_path": "/main.tf", "repo_file_path": "/../infra/main.tf"}, "main.tf"),
        ({"file_path": "/main.tf", "repo_file_path": "/b/main.tf", "file_abs_path": "/b/main.tf"}, "main.tf"),
        ({"file_path": "/a/main.tf", "repo_file_path": "/other.tf"}, "a/main.tf"),
        ({"file_path": 7}, "7"),
    ],
)
def test_checkov_paths_outside_the_working_directory_fall_back_on_the_scanned_one(
    check: dict[str, object], path: str
) -> None:
    (reading,) = checkov.read({"check_id": "CKV_X", "check_result": {}, **check})
    location = reading.finding.location  # type: ignore[union-attr]
    assert location is not None
    assert location.path == path


@pytest.mark.parametrize(
    ("check_id", "kind"),
    [
        ("CKV_AWS_18", Kind.MISCONFIGURATION),
        ("CKV2_AWS_6", Kind.MISCONFIGURATION),
        ("CKV_SECRET_2", Kind.SECRET),
        ("CKV_CVE_2026_1", Kind.VULNERABILITY),
    ],
)
def test_checkov_tells_its_kinds_by_the_id(check_id: str, kind: Kind) -> None:
    (reading,) = checkov.read({"check_id": check_id, "check_result": {}, "resource": "abc", "file_path": "/a"})
    finding = reading.finding  # type: ignore[union-attr]
    assert finding.kind is kind
    assert finding.location == Location("a", address=None if kind is Kind.SECRET else "abc")


def test_trivy_gives_the_block_of_the_repository(export: Reader) -> None:
    own, outside, *_ = export("trivy.json").findings
    assert own == Finding(
        source="trivy",
        rule_id="AWS-0088",
        title="Unencrypted bucket",
        severity=Severity.HIGH,
        status="FAIL",
        location=Location("infra/main.tf", 3, 5, "aws_s3_bucket.invoices"),
        first_seen="2026-08-25T12:20:30Z",
        url="https://avd.example.com/aws-0088",
    )
    assert outside.rule_id == "AVD-AWS-0104"
    assert outside.location == Location("infra/main.tf", 20, 29, 'module.vpc.aws_security_group_rule.this["0"]')


def test_trivy_stays_with_the_block_of_a_local_module() -> None:
    cause = {
        "Resource": "module.queues",
        "StartLine": 4,
        "EndLine": 4,
        "Occurrences": [
            {"Resource": "aws_sqs_queue.this", "Filename": "modules/queues/aws/main.tf"},
            {"Resource": "module.queues", "Filename": "main.tf", "Location": {"StartLine": 1, "EndLine": 3}},
        ],
    }
    result = {"Target": "modules/queues/aws/main.tf", "Misconfigurations": [{"ID": "A", "CauseMetadata": cause}]}
    (reading,) = trivy.read({"SchemaVersion": 2, "Results": [result]})
    assert reading.finding.location == Location(  # type: ignore[union-attr]
        "modules/queues/aws/main.tf", 4, 4, "module.queues.aws_sqs_queue.this"
    )


def test_trivy_vulnerabilities_and_secrets_are_what_they_are(export: Reader) -> None:
    _, _, vulnerability, secret = export("trivy.json").findings
    assert (vulnerability.rule_id, vulnerability.kind) == ("CVE-2026-1", Kind.VULNERABILITY)
    assert (secret.title, secret.kind, secret.location) == ("Private key", Kind.SECRET, Location("key.pem", 1, 1))


def test_tfsec_has_the_address_in_its_description_and_status_0_is_failed(export: Reader) -> None:
    read = export("tfsec.json")
    assert read.findings == (
        Finding(
            source="tfsec",
            rule_id="aws-s3-encryption",
            title="Unencrypted bucket",
            severity=Severity.HIGH,
            status="failed",
            location=Location("src/infra/main.tf", 155, 155, "module.STORE.aws_s3_bucket.this[0]"),
            url="https://tfsec.example.com/s3",
        ),
    )
    assert [finding.status for finding in read.not_open] == ["passed"]


def test_kics_labels_come_from_the_search_key_not_from_the_name(export: Reader) -> None:
    first, anywhere, queue = export("kics.json").findings
    assert first == Finding(
        source="kics",
        rule_id="15ff",
        title="Bucket logging disabled",
        severity=Severity.INFO,
        location=Location("src/infra/main.tf", 4, 4, "aws_s3_bucket.invoices"),
        first_seen="2026-07-25T12:13:45Z",
        url="https://kics.example.com/15ff",
    )
    assert anywhere.location == Location("src/infra/main.tf")
    assert queue.location == Location("template.yaml", 9, 9, "Pears")


def test_snyk_lines_below_1_are_none_and_ignored_issues_are_not_open(export: Reader) -> None:
    read = export("snyk.json")
    first, second = read.findings
    assert first.location == Location("infra/main.tf", None, None, "aws_s3_bucket.invoices")
    assert second.location == Location("template.yaml", 4, 4, "Pears")
    assert [(finding.rule_id, finding.status) for finding in read.not_open] == [("SNYK-CC-TF-4", "ignored")]


def test_terrascan_files_are_relative_to_the_plan_root(export: Reader) -> None:
    read = export("terrascan.json")
    (finding,), (skipped,) = read.findings, read.not_open
    assert finding.location == Location("infra/main.tf", 14, 14, "aws_s3_bucket.invoices")
    assert finding.first_seen == "2026-05-19T13:13:06.083208+00:00"
    assert skipped.location == Location("main.tf", 2, 2, "module.store.aws_s3_bucket.this")
    assert skipped.status == "skipped: known"


def test_cfn_guard_gives_a_finding_a_clause_and_leaves_the_template_values_out(export: Reader) -> None:
    pears, plums, named = export("cfn_guard.json").findings
    assert pears == Finding(
        source="cfn-guard",
        rule_id="QUEUE_ENCRYPTED",
        title="Check was not compliant as property [KmsMasterKeyId] is missing.",
        status="FAIL",
        location=Location("templates/queue.yaml", 13, 13, "Pears"),
    )
    assert plums.title == "Violation: encrypt the queue."
    assert plums.location == Location("templates/queue.yaml", 20, 20, "Plums")
    assert (named.title, named.location) == ("Name it", Location("templates/queue.yaml"))


def test_cfn_nag_pairs_resources_with_their_lines(export: Reader) -> None:
    pears, plums, nowhere = export("cfn_nag.json").findings
    assert (pears.severity, pears.location) == (Severity.HIGH, Location("queue.yaml", 5, 5, "Pears"))
    assert plums.location == Location("queue.yaml", None, None, "Plums")
    assert (nowhere.severity, nowhere.location) == (Severity.MEDIUM, Location("queue.yaml"))


def test_cfn_lint_addresses_a_resource_by_its_id_and_a_parameter_by_its_section(export: Reader) -> None:
    error, note = export("cfn_lint.json").findings
    assert (error.rule_id, error.severity) == ("E2531", Severity.HIGH)
    assert error.location == Location("queue.yaml", 7, 8, "Pears")
    assert (note.severity, note.location) == (Severity.INFO, Location("queue.yaml", 2, 2, "Parameters.Unused"))
