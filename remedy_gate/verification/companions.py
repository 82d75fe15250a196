"""What may change along with what a control names: the key of an encryption, the role of a monitoring."""

from __future__ import annotations

from remedy_gate.catalogue.reach import Reach
from remedy_gate.iac.values import Path

from .supporting import RULES_OF_GROUPS

TOGETHER: tuple[frozenset[str], ...] = (
    frozenset(
        (
            *(
                "encrypted",
                "storage_encrypted",
                "at_rest_encryption_enabled",
                "sqs_managed_sse_enabled",
                "encryption_type",
            ),
            *("kms_key_id", "kms_key_arn", "kms_key", "kms_master_key_id", "kms_data_key_reuse_period_seconds"),
            *("Encrypted", "StorageEncrypted", "AtRestEncryptionEnabled", "SqsManagedSseEnabled", "EncryptionType"),
            *("KmsKeyId", "KMSKeyId", "KmsKeyArn", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"),
        )
    ),
    frozenset(
        ("performance_insights_enabled", "performance_insights_kms_key_id", "performance_insights_retention_period")
    ),
    frozenset(("EnablePerformanceInsights", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod")),
    frozenset(("monitoring_interval", "monitoring_role_arn")),
    frozenset(("MonitoringInterval", "MonitoringRoleArn")),
    frozenset(("cloud_watch_logs_group_arn", "cloud_watch_logs_role_arn")),
    frozenset(("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")),
    frozenset(("is_multi_region_trail", "include_global_service_events")),
    frozenset(("IsMultiRegionTrail", "IncludeGlobalServiceEvents")),
)
"""Attributes of one resource that people set together. Whether each is set well is for the other checks to say."""

OF_A_RULE: tuple[frozenset[str], ...] = (
    frozenset(
        (
            *("cidr_blocks", "ipv6_cidr_blocks", "source_security_group_id", "prefix_list_ids", "self"),
            *("cidr_ipv4", "cidr_ipv6", "referenced_security_group_id", "prefix_list_id", "description"),
            *("from_port", "to_port", "protocol", "ip_protocol"),
        )
    ),
    frozenset(
        (
            *("CidrIp", "CidrIpv6", "SourceSecurityGroupId", "SourcePrefixListId", "DestinationSecurityGroupId"),
            *("DestinationPrefixListId", "Description", "FromPort", "ToPort", "IpProtocol"),
        )
    ),
)
"""The same for a rule of a security group that is a resource of its own."""


def goes_with(path: Path, reach: Reach, type_name: str) -> bool:
    """Whether a changed path of a resource is a companion of something that the control names."""
    name = path[1] if path[0] == "Properties" and len(path) > 1 else path[0]
    groups = (*TOGETHER, *OF_A_RULE) if type_name in RULES_OF_GROUPS else TOGETHER
    return any(name in group and any(len(names) == 1 and names[0] in group for names in reach.own) for group in groups)
