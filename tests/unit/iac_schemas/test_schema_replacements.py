"""What the tables say of forced replacement in Terraform, against what is known and against terraform itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from remedy_gate.iac.schema import Argument
from remedy_gate.iac.schemas import load

TABLES = load()
PLUGINS = os.environ.get("REMEDY_GATE_TEST_PLUGINS", "")


def replaces(type_name: str, path: str) -> bool | None:
    body: Mapping[str, Argument] | None = TABLES.arguments(type_name)
    argument: Argument | None = None
    for name in path.split("."):
        assert body is not None
        argument = body[name]
        body = argument.arguments
    assert argument is not None
    return argument.replaces


# The provider's documentation says "forces a new resource" of those with True, and how the others may depend.
KNOWN: tuple[tuple[str, str, bool | None], ...] = (
    ("aws_security_group", "description", True),
    ("aws_security_group", "name", True),
    ("aws_security_group", "vpc_id", True),
    ("aws_security_group", "revoke_rules_on_delete", False),
    ("aws_security_group", "ingress.cidr_blocks", False),
    ("aws_s3_bucket", "bucket", True),
    ("aws_s3_bucket", "force_destroy", False),
    ("aws_s3_bucket", "tags", False),
    ("aws_db_instance", "storage_encrypted", True),
    ("aws_db_instance", "kms_key_id", True),
    ("aws_db_instance", "deletion_protection", False),
    ("aws_db_instance", "publicly_accessible", False),
    ("aws_db_instance", "backup_retention_period", False),
    ("aws_rds_cluster", "storage_encrypted", True),
    ("aws_rds_cluster", "storage_type", None),
    ("aws_opensearch_domain", "node_to_node_encryption.enabled", None),
    ("aws_elasticsearch_domain", "encrypt_at_rest.enabled", None),
    ("aws_msk_cluster", "encryption_info.encryption_in_transit.in_cluster", True),
    ("aws_kinesis_firehose_delivery_stream", "server_side_encryption.enabled", False),
    ("aws_ebs_volume", "encrypted", True),
    ("aws_ebs_volume", "size", False),
    ("aws_efs_file_system", "encrypted", True),
    ("aws_instance", "root_block_device.encrypted", True),
    ("aws_instance", "metadata_options.http_tokens", False),
    ("aws_instance", "user_data", None),
    ("aws_kms_key", "enable_key_rotation", False),
    ("aws_sqs_queue", "kms_master_key_id", False),
    ("aws_sqs_queue", "name", True),
    ("aws_cloudwatch_log_group", "kms_key_id", False),
    ("aws_ecr_repository", "encryption_configuration.kms_key", True),
    ("aws_ecr_repository", "image_tag_mutability", False),
    ("aws_lb", "drop_invalid_header_fields", False),
    ("aws_lb", "internal", True),
    ("aws_dynamodb_table", "deletion_protection_enabled", False),
    ("aws_elasticache_replication_group", "at_rest_encryption_enabled", True),
    ("aws_elasticache_replication_group", "transit_encryption_enabled", None),
    ("aws_iam_role", "name", True),
    ("aws_iam_role", "assume_role_policy", False),
)


@pytest.mark.parametrize(("type_name", "path", "expected"), KNOWN)
def test_terraform_says_what_replaces(type_name: str, path: str, expected: bool | None) -> None:
    assert replaces(type_name, path) is expected


def test_what_only_the_newer_provider_has_is_unknown() -> None:
    assert replaces("aws_codebuild_project", "auto_retry_limit") is None
    assert replaces("aws_s3_bucket_versioning", "region") is None


def test_data_sources_replace_nothing() -> None:
    sources = [name for name in TABLES.names("terraform") if name.startswith("data.")]
    assert {argument.replaces for name in sources for argument in (TABLES.arguments(name) or {}).values()} == {None}


class Change:
    """One resource in a state and in the code, which differ in one argument."""

    def __init__(self, type_name: str, argument: str, before: object, after: object, **others: object) -> None:
        self.type_name, self.argument = type_name, argument
        self.before = {**others, argument: before, "id": "i"}
        self.after = {**others, argument: after}
        self.name = f"{type_name}_{argument}"


CHANGES = (
    Change("aws_security_group", "description", "a", "b"),
    Change("aws_security_group", "revoke_rules_on_delete", False, True, description="a"),
    Change("aws_s3_bucket", "bucket", "a-bucket", "b-bucket"),
    Change("aws_s3_bucket", "force_destroy", False, True, bucket="a-bucket"),
    Change("aws_ebs_volume", "encrypted", False, True, availability_zone="us-east-1a", size=8),
    Change("aws_ebs_volume", "size", 8, 9, availability_zone="us-east-1a"),
    Change("aws_efs_file_system", "encrypted", False, True),
    Change("aws_kms_key", "enable_key_rotation", False, True),
    Change("aws_kms_key", "multi_region", False, True),
    Change("aws_sqs_queue", "kms_master_key_id", None, "alias/aws/sqs", name="a"),
    Change("aws_sqs_queue", "name", "a", "b"),
    Change("aws_cloudwatch_log_group", "retention_in_days", 1, 365, name="a"),
    Change("aws_cloudwatch_log_group", "name", "a", "b"),
    Change("aws_ecr_repository", "image_tag_mutability", "MUTABLE", "IMMUTABLE", name="a"),
)
CONFIGURATION = """\
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
"""


@pytest.mark.terraform
@pytest.mark.skipif(not PLUGINS or shutil.which("terraform") is None, reason="needs REMEDY_GATE_TEST_PLUGINS")
def test_a_plan_replaces_for_what_the_table_says(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(CONFIGURATION, encoding="utf-8")
    code: dict[str, dict[str, object]] = {}
    for change in CHANGES:
        code.setdefault(change.type_name, {})[change.name] = change.after
    (tmp_path / "all.tf.json").write_text(json.dumps({"resource": code}), encoding="utf-8")
    (tmp_path / "terraform.tfstate").write_text(json.dumps(_state()), encoding="utf-8")
    _terraform(tmp_path, "init", f"-plugin-dir={PLUGINS}")
    _terraform(tmp_path, "plan", "-refresh=false", "-out=plan")
    planned = json.loads(_terraform(tmp_path, "show", "-json", "plan"))["resource_changes"]
    paths = {each["address"]: each["change"].get("replace_paths", []) for each in planned}
    said = {change.name: replaces(change.type_name, change.argument) for change in CHANGES}
    assert said == {change.name: [change.argument] in paths[f"{change.type_name}.{change.name}"] for change in CHANGES}


def _state() -> dict[str, object]:
    versions = {"aws_security_group": 1}
    return {
        "version": 4,
        "terraform_version": "1.9.0",
        "serial": 1,
        "lineage": "00000000-0000-0000-0000-000000000000",
        "outputs": {},
        "resources": [
            {
                "mode": "managed",
                "type": change.type_name,
                "name": change.name,
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [{"schema_version": versions.get(change.type_name, 0), "attributes": change.before}],
            }
            for change in CHANGES
        ],
    }


def _terraform(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "TF_CLI_CONFIG_FILE"}
    done = subprocess.run(
        ["terraform", f"-chdir={folder}", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
