"""What an ARN or a cloud resource type means in code: which resource types, and which attribute holds the name.

ARN formats: the AWS Service Authorization Reference, "Resource types defined by" each service.
"""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.iac.values import Path


class Identity(NamedTuple):
    """One kind of cloud resource. `arn` is `service:resource type`, as `s3:` or `rds:db`."""

    arn: str
    cloudformation: str
    terraform: tuple[str, ...]


IDENTITIES = (
    Identity("s3:", "AWS::S3::Bucket", ("aws_s3_bucket",)),
    Identity("rds:db", "AWS::RDS::DBInstance", ("aws_db_instance", "aws_rds_cluster_instance")),
    Identity("rds:cluster", "AWS::RDS::DBCluster", ("aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster")),
    Identity("dynamodb:table", "AWS::DynamoDB::Table", ("aws_dynamodb_table",)),
    Identity("lambda:function", "AWS::Lambda::Function", ("aws_lambda_function",)),
    Identity("sns:", "AWS::SNS::Topic", ("aws_sns_topic",)),
    Identity("sqs:", "AWS::SQS::Queue", ("aws_sqs_queue",)),
    Identity("ecr:repository", "AWS::ECR::Repository", ("aws_ecr_repository",)),
    Identity("ecs:cluster", "AWS::ECS::Cluster", ("aws_ecs_cluster",)),
    Identity("eks:cluster", "AWS::EKS::Cluster", ("aws_eks_cluster",)),
    Identity("iam:role", "AWS::IAM::Role", ("aws_iam_role",)),
    Identity("iam:policy", "AWS::IAM::ManagedPolicy", ("aws_iam_policy",)),
    Identity("iam:user", "AWS::IAM::User", ("aws_iam_user",)),
    Identity("iam:group", "AWS::IAM::Group", ("aws_iam_group",)),
    Identity("kms:alias", "AWS::KMS::Alias", ("aws_kms_alias",)),
    Identity("cloudtrail:trail", "AWS::CloudTrail::Trail", ("aws_cloudtrail",)),
    Identity("logs:log-group", "AWS::Logs::LogGroup", ("aws_cloudwatch_log_group",)),
    Identity("es:domain", "AWS::OpenSearchService::Domain", ("aws_opensearch_domain", "aws_elasticsearch_domain")),
    Identity(
        "elasticloadbalancing:loadbalancer",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        ("aws_lb", "aws_alb", "aws_elb"),
    ),
    Identity("kinesis:stream", "AWS::Kinesis::Stream", ("aws_kinesis_stream",)),
    Identity("redshift:cluster", "AWS::Redshift::Cluster", ("aws_redshift_cluster",)),
    Identity("secretsmanager:secret", "AWS::SecretsManager::Secret", ("aws_secretsmanager_secret",)),
    Identity(
        "elasticache:replicationgroup", "AWS::ElastiCache::ReplicationGroup", ("aws_elasticache_replication_group",)
    ),
    Identity("kafka:cluster", "AWS::MSK::Cluster", ("aws_msk_cluster",)),
    Identity("codebuild:project", "AWS::CodeBuild::Project", ("aws_codebuild_project",)),
    Identity("states:stateMachine", "AWS::StepFunctions::StateMachine", ("aws_sfn_state_machine",)),
    Identity("glue:job", "AWS::Glue::Job", ("aws_glue_job",)),
    Identity("athena:workgroup", "AWS::Athena::WorkGroup", ("aws_athena_workgroup",)),
    Identity("backup:backup-vault", "AWS::Backup::BackupVault", ("aws_backup_vault",)),
    Identity("dms:rep", "AWS::DMS::ReplicationInstance", ("aws_dms_replication_instance",)),
)

NAME_ATTRIBUTES = (
    "bucket",
    "name",
    "identifier",
    "cluster_identifier",
    "function_name",
    "domain_name",
    "cluster_name",
    "replication_group_id",
)
NAME_PROPERTIES = (
    "BucketName",
    "DBInstanceIdentifier",
    "DBClusterIdentifier",
    "TableName",
    "FunctionName",
    "TopicName",
    "QueueName",
    "RepositoryName",
    "ClusterName",
    "ClusterIdentifier",
    "RoleName",
    "UserName",
    "GroupName",
    "ManagedPolicyName",
    "TrailName",
    "LogGroupName",
    "DomainName",
    "AliasName",
    "StateMachineName",
    "ReplicationGroupId",
    "BackupVaultName",
    "Name",
)


class Identified(NamedTuple):
    """What an id says: the name in the code, and the types that may bear it (empty: nobody knows)."""

    name: str
    types: tuple[str, ...]


def name_attributes(type_name: str) -> tuple[Path, ...]:
    """Where a resource of this type may say its own name. A child of a bucket is not the bucket."""
    if "::" in type_name:
        return tuple(("Properties", name) for name in NAME_PROPERTIES)
    if type_name.startswith("aws_s3_bucket_"):
        return ()
    return tuple((name,) for name in NAME_ATTRIBUTES)


def identify(cloud_id: str, cloud_type: str | None) -> Identified | None:
    """What a finding's resource id says, by its ARN or else by its type (`AWS::S3::Bucket`, `AwsS3Bucket`)."""
    parts = cloud_id.split(":", 5)
    if parts[0] == "arn" and len(parts) == 6:  # noqa: PLR2004 - arn:partition:service:region:account:resource
        return _by_arn(parts[2], parts[5])
    identity = next((known for known in IDENTITIES if cloud_type and _same_type(known, cloud_type)), None)
    return Identified(cloud_id, (identity.cloudformation, *identity.terraform)) if identity else None


def _by_arn(service: str, rest: str) -> Identified | None:
    separator = "/" if "/" in rest.split(":", 1)[0] else ":"
    kind, _, name = rest.partition(separator)
    for identity in IDENTITIES:
        its_service, _, its_kind = identity.arn.partition(":")
        if its_service != service:
            continue
        types = (identity.cloudformation, *identity.terraform)
        if not its_kind:
            return Identified(rest.split("/", 1)[0], types)
        if its_kind == kind and name:
            return Identified(_bare(service, name), types)
    return None


def _bare(service: str, name: str) -> str:
    """The name without what the service adds to it in ARNs."""
    match service:
        case "logs":
            return name.removesuffix(":*")
        case "elasticloadbalancing":
            return name.split("/")[1] if name.startswith(("app/", "net/", "gwy/")) else name
        case "iam":
            return name.rpartition("/")[2]
        case "lambda":
            return name.split(":", 1)[0]
        case "secretsmanager" if len(name) > 7 and name[-7] == "-":  # noqa: PLR2004 - a hyphen and six random characters
            return name[:-7]
        case "kms":
            return f"alias/{name}"
        case "kafka" | "es":
            return name.split("/", 1)[0]
        case _:
            return name


def _same_type(identity: Identity, cloud_type: str) -> bool:
    return cloud_type.replace("::", "").lower() == identity.cloudformation.replace("::", "").lower()
