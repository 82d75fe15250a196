"""Rule ids as they travel, and the controls that they stand for."""

from __future__ import annotations

import pytest

from remedy_gate.catalogue.lookup import Catalogue

VERSIONING = "s3-versioning"
PUBLIC = "s3-public-access-block"


@pytest.mark.parametrize(
    ("tool", "rule", "control"),
    [
        ("checkov", "CKV_AWS_21", VERSIONING),
        ("Checkov", "ckv_aws_21", VERSIONING),
        ("trivy", "AWS-0086", PUBLIC),
        ("trivy", "AVD-AWS-0086", PUBLIC),
        ("tfsec", "AVD-AWS-0086", PUBLIC),
        ("tfsec", "aws-s3-enable-versioning", VERSIONING),
        ("trivy", "aws-s3-enable-versioning", VERSIONING),
        ("prowler", "s3_bucket_object_versioning", VERSIONING),
        ("security-hub", "prowler-s3_bucket_object_versioning", VERSIONING),
        ("security-hub", "S3.14", VERSIONING),
        ("security-hub", "security-control/S3.14", VERSIONING),
        ("security-hub", "aws-foundational-security-best-practices/v/1.0.0/S3.14", VERSIONING),
        ("ocsf:some-product", "S3.14", VERSIONING),
        ("code-scanning", "CKV_AWS_21", VERSIONING),
        ("code-scanning", "AVD-AWS-0086", PUBLIC),
        ("sarif:some-wrapper", "CKV2_AWS_6", PUBLIC),
        ("sarif:aqua-security-trivy", "AVD-AWS-0086", PUBLIC),
        ("gitlab-sast", "a227ec01-f97a-4084-91a4-47b350c1db54", VERSIONING),
        ("defectdojo", "S3_BUCKET_VERSIONING_ENABLED", VERSIONING),
        ("aws-config", "s3-bucket-versioning-enabled", VERSIONING),
        ("aws-config", "securityhub-s3-bucket-versioning-enabled-1a2b3c4d", VERSIONING),
        ("aws-config", "s3-bucket-versioning-enabled-conformance-pack-ab12cd34e", VERSIONING),
    ],
)
def test_an_id_leads_to_its_control_whoever_tells_it(tool: str, rule: str, control: str) -> None:
    assert control in Catalogue().for_rule(tool, rule)


@pytest.mark.parametrize(
    ("tool", "rule"),
    [
        ("sarif:flake8", "W31"),
        ("sarif:flake8", "F14"),
        ("code-scanning", "js/unused-local-variable"),
        ("code-scanning", "CKV_AWS_999999"),
        ("wiz", "wc-id-1"),
        ("aws-config", "my-own-rule"),
        ("security-hub", "2.1.5"),
        ("checkov", ""),
    ],
)
def test_an_id_that_any_tool_may_have_or_nobody_knows_leads_nowhere(tool: str, rule: str) -> None:
    assert Catalogue().for_rule(tool, rule) == ()


def test_a_short_id_is_its_own_tools() -> None:
    assert Catalogue().for_rule("cfn-nag", "W41") == ("s3-encryption-kms",)
