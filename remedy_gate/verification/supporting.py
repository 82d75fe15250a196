"""What a repair may create along with it: keys, log buckets, roles, what is attached to them, harmless data sources."""

from __future__ import annotations

from collections.abc import Mapping

from remedy_gate.iac.values import Path

SUPPORTING = frozenset(
    (
        *("aws_kms_key", "aws_kms_alias", "aws_kms_replica_key", "aws_s3_bucket", "aws_cloudwatch_log_group"),
        *("aws_iam_role", "aws_iam_instance_profile", "aws_sns_topic", "aws_sqs_queue", "aws_security_group"),
        *("AWS::KMS::Key", "AWS::KMS::Alias", "AWS::S3::Bucket", "AWS::Logs::LogGroup", "AWS::IAM::Role"),
        *("AWS::IAM::InstanceProfile", "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::EC2::SecurityGroup"),
        *("aws_api_gateway_client_certificate", "AWS::ApiGateway::ClientCertificate"),
        *("aws_cloudwatch_log_resource_policy", "AWS::Logs::ResourcePolicy"),
        *("aws_wafv2_web_acl", "AWS::WAFv2::WebACL", "aws_backup_plan", "aws_backup_vault"),
        *("aws_cloudfront_origin_access_control", "AWS::CloudFront::OriginAccessControl"),
    )
)
"""Resources that a repair may point at. Whether it does, and at what, is checked; alone none of them is in scope."""

AWAITED = frozenset(("aws_cloudwatch_log_resource_policy", "AWS::Logs::ResourcePolicy"))
"""Resources that nothing refers to: another one waits for them, since it cannot be made before."""

ATTACHED: Mapping[str, Path] = {
    "aws_kms_alias": ("target_key_id",),
    "aws_kms_key_policy": ("key_id",),
    "aws_s3_bucket_public_access_block": ("bucket",),
    "aws_s3_bucket_ownership_controls": ("bucket",),
    "aws_s3_bucket_acl": ("bucket",),
    "aws_s3_bucket_versioning": ("bucket",),
    "aws_s3_bucket_server_side_encryption_configuration": ("bucket",),
    "aws_s3_bucket_lifecycle_configuration": ("bucket",),
    "aws_s3_bucket_policy": ("bucket",),
    "aws_iam_role_policy": ("role",),
    "aws_iam_role_policy_attachment": ("role",),
    "aws_sns_topic_policy": ("arn",),
    "aws_sqs_queue_policy": ("queue_url",),
    "aws_vpc_security_group_ingress_rule": ("security_group_id",),
    "aws_vpc_security_group_egress_rule": ("security_group_id",),
    "aws_security_group_rule": ("security_group_id",),
    "AWS::KMS::Alias": ("Properties", "TargetKeyId"),
    "AWS::S3::BucketPolicy": ("Properties", "Bucket"),
    "AWS::IAM::Policy": ("Properties", "Roles"),
    "AWS::IAM::RolePolicy": ("Properties", "RoleName"),
    "AWS::SNS::TopicPolicy": ("Properties", "Topics"),
    "AWS::SQS::QueuePolicy": ("Properties", "Queues"),
    "AWS::EC2::SecurityGroupIngress": ("Properties", "GroupId"),
    "AWS::EC2::SecurityGroupEgress": ("Properties", "GroupId"),
}
"""Resources that belong to another one, and where they say to which. They may come along with one that is new."""

RULES_OF_ACLS = frozenset(("aws_network_acl_rule",))
"""Rules of a network ACL that stand alone, into several of which one may be split."""

ACLS = RULES_OF_ACLS | {"aws_network_acl", "aws_default_network_acl", "AWS::EC2::NetworkAclEntry"}

RULES_OF_GROUPS = frozenset(
    (
        "aws_vpc_security_group_ingress_rule",
        "aws_vpc_security_group_egress_rule",
        "aws_security_group_rule",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SecurityGroupEgress",
    )
)
"""Rules that may take the place of those inside the group itself."""

GROUPS = frozenset(("aws_security_group", "aws_default_security_group", "AWS::EC2::SecurityGroup"))

READING = frozenset(
    (
        *("aws_iam_policy_document", "aws_caller_identity", "aws_region", "aws_partition", "aws_canonical_user_id"),
        *("aws_kms_key", "aws_kms_alias", "aws_s3_bucket", "aws_cloudwatch_log_group", "aws_sns_topic", "aws_iam_role"),
        *("aws_elb_service_account", "aws_redshift_service_account", "aws_cloudtrail_service_account"),
        *("aws_vpc", "aws_subnet", "aws_security_group", "aws_prefix_list", "aws_ec2_managed_prefix_list"),
        *("aws_iam_policy", "aws_acm_certificate", "aws_default_tags", "aws_organizations_organization"),
    )
)
"""Data sources that only look things up in the account, and fail where those are not there."""
