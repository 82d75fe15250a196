"""What the owner of a resource does before it is made anew, and which changes in place are felt."""

from __future__ import annotations

from collections.abc import Mapping

from remedy_gate.iac.values import Path

KEEPING_DATA = (
    (
        ("db_instance", "rds", "docdb", "neptune", "RDS", "DocDB", "Neptune"),
        "restore it from an encrypted copy of a snapshot",
    ),
    (("ebs_volume", "EC2::Volume"), "copy a snapshot with encryption and make the volume of it"),
    (("efs", "EFS", "fsx", "FSx"), "copy the files to the new file system (DataSync) and mount that"),
    (("dynamodb", "DynamoDB"), "back the table up and restore it"),
    (("elasticache", "ElastiCache", "memorydb", "MemoryDB"), "make a backup and seed the new cluster with it"),
    (("redshift", "Redshift"), "take a snapshot and restore it"),
    (
        ("opensearch", "elasticsearch", "OpenSearch", "Elasticsearch"),
        "take a manual snapshot and restore it in the new domain",
    ),
    (
        ("kinesis", "Kinesis", "sqs", "SQS", "sns", "SNS", "msk", "MSK"),
        "drain it, and let its clients follow to the new one",
    ),
    (("s3_bucket", "S3::Bucket", "ecr", "ECR"), "copy its contents to the new one first"),
)
OTHERWISE = "bring the new one up beside it and move over (blue/green)"

RESTARTS: Mapping[str, tuple[str, ...]] = {
    "aws_instance": ("ebs_optimized", "instance_type", "user_data"),
    "AWS::EC2::Instance": ("EbsOptimized", "InstanceType", "UserData"),
    "aws_db_instance": ("ca_cert_identifier", "instance_class", "multi_az", "parameter_group_name"),
    "AWS::RDS::DBInstance": ("CACertificateIdentifier", "DBInstanceClass", "DBParameterGroupName"),
    "aws_mq_broker": ("configuration", "logs", "auto_minor_version_upgrade"),
    "AWS::AmazonMQ::Broker": ("Configuration", "Logs"),
    "aws_opensearch_domain": (
        "domain_endpoint_options",
        "encrypt_at_rest",
        "node_to_node_encryption",
        "log_publishing_options",
    ),
    "aws_elasticsearch_domain": ("domain_endpoint_options", "encrypt_at_rest", "node_to_node_encryption"),
    "AWS::OpenSearchService::Domain": ("EncryptionAtRestOptions", "NodeToNodeEncryptionOptions"),
    "aws_ecs_service": ("platform_version", "network_configuration", "task_definition"),
    "aws_eks_cluster": ("vpc_config",),
}
"""Arguments whose change stops and starts a resource, or rolls it over, without making it anew."""


def before_replacing(type_name: str) -> str:
    """What to do first, as an imperative."""
    return next((words for marks, words in KEEPING_DATA if any(mark in type_name for mark in marks)), OTHERWISE)


def restarts(type_name: str, path: Path) -> bool:
    """Whether a change in place is known to interrupt the service."""
    name = path[1] if path[0] == "Properties" and len(path) > 1 else path[0]
    return name in RESTARTS.get(type_name, ())
