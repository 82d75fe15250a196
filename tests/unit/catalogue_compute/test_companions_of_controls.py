"""Each companion, made for a resource by a control that needs it: the whole patch is proven, and Terraform's own form."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from compute_samples import CLOUDFORMATION, SCHEMAS, TERRAFORM

from remedy_gate.catalogue.compiling import companions
from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.makes import makes
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.commands.trials import FILES
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.match import Match, MatchState
from remedy_gate.domain.patch import FilePatch, NoPatch, Patch
from remedy_gate.domain.proof import Outcome
from remedy_gate.domain.source import Resource
from remedy_gate.iac.reading import Reader
from remedy_gate.remedies.catalogue import CatalogueRemedy
from remedy_gate.verification.check import Depth
from remedy_gate.verification.prover import FullProver, Ground

READER = Reader((TERRAFORM, CLOUDFORMATION))
CATALOGUE = Catalogue()


class Case(NamedTuple):
    """A control, the type of the resource, the companion, and what the patch adds, by address."""

    control: str
    type: str
    companion: str
    adds: tuple[str, ...]
    written: str = ""

    @property
    def language(self) -> str:
        return "cloudformation" if "::" in self.type else "terraform"

    @property
    def address(self) -> str:
        return "Mine" if "::" in self.type else f"{self.type}.mine"

    @property
    def code(self) -> bytes:
        if self.written:
            return self.written.encode()
        if "::" in self.type:
            return f"Resources:\n  Mine:\n    Type: {self.type}\n    Properties:\n      Description: x\n".encode()
        return f'resource "{self.type}" "mine" {{\n  name = "x"\n}}\n'.encode()


ACCOUNT, PARTITION, REGION = "data.aws_caller_identity.mine", "data.aws_partition.mine", "data.aws_region.mine"
BUCKET = (
    "aws_s3_bucket.mine_logs",
    "aws_s3_bucket_public_access_block.mine_logs",
    "aws_s3_bucket_versioning.mine_logs",
    "aws_s3_bucket_lifecycle_configuration.mine_logs",
    "aws_s3_bucket_policy.mine_logs",
    "data.aws_caller_identity.mine",
)
ROLE = ("aws_iam_role.mine_logs", "aws_iam_role_policy_attachment.mine_logs", PARTITION)
CASES = [
    Case("secret-customer-key", "aws_secretsmanager_secret", "kms_key", ("aws_kms_key.mine_encryption",)),
    Case("secret-customer-key", "AWS::SecretsManager::Secret", "kms_key", ("MineKey",)),
    Case("eks-secrets-encrypted", "aws_eks_cluster", "kms_key", ("aws_kms_key.mine_encryption",)),
    Case("eks-secrets-encrypted", "AWS::EKS::Cluster", "kms_key", ("MineKey",)),
    Case("sns-topic-customer-key", "aws_sns_topic", "message_key", ("aws_kms_key.mine_encryption",)),
    Case("sns-topic-customer-key", "AWS::SNS::Topic", "message_key", ("MineKey",)),
    Case(
        "log-group-customer-key",
        "aws_cloudwatch_log_group",
        "logs_key",
        ("aws_kms_key.mine_encryption", ACCOUNT, PARTITION, REGION),
    ),
    Case("log-group-customer-key", "AWS::Logs::LogGroup", "logs_key", ("MineKey",)),
    Case(
        "cloudtrail-customer-key",
        "aws_cloudtrail",
        "trail_key",
        ("aws_kms_key.mine_encryption", ACCOUNT, PARTITION),
    ),
    Case("cloudtrail-customer-key", "AWS::CloudTrail::Trail", "trail_key", ("MineKey",)),
    Case("api-gateway-access-logs", "aws_api_gateway_stage", "log_group", ("aws_cloudwatch_log_group.mine_logs",)),
    Case("api-gateway-access-logs", "AWS::ApiGateway::Stage", "log_group", ("MineLogs",)),
    Case("msk-logging", "aws_msk_cluster", "log_group", ("aws_cloudwatch_log_group.mine_logs",)),
    Case("client-vpn-connection-log", "AWS::EC2::ClientVpnEndpoint", "log_group", ("MineLogs",)),
    Case(
        "waf-logging",
        "aws_wafv2_web_acl",
        "waf_log_group",
        ("aws_wafv2_web_acl_logging_configuration.mine", "aws_cloudwatch_log_group.mine_waf_logs"),
    ),
    Case(
        "api-gateway-client-certificate",
        "aws_api_gateway_stage",
        "client_certificate",
        ("aws_api_gateway_client_certificate.mine_client",),
    ),
    Case("api-gateway-client-certificate", "AWS::ApiGateway::Stage", "client_certificate", ("MineCertificate",)),
    Case(
        "rds-enhanced-monitoring",
        "aws_db_instance",
        "monitoring_role",
        ("aws_iam_role.mine_monitoring", "aws_iam_role_policy_attachment.mine_monitoring", PARTITION),
    ),
    Case("rds-enhanced-monitoring", "AWS::RDS::DBInstance", "monitoring_role", ("MineMonitoringRole",)),
    Case("appsync-field-logs", "aws_appsync_graphql_api", "appsync_log_role", ROLE),
    Case("appsync-field-logs", "AWS::AppSync::GraphQLApi", "appsync_log_role", ("MineLogRole",)),
    Case("vpc-flow-logs", "aws_vpc", "log_bucket", ("aws_flow_log.mine", *BUCKET)),
    Case("vpc-flow-logs", "AWS::EC2::VPC", "log_bucket", ("MineFlowLog", "MineLogs", "MineLogsPolicy")),
    Case(
        "opensearch-logging",
        "aws_opensearch_domain",
        "search_log_group",
        ("aws_cloudwatch_log_group.mine_logs", "aws_cloudwatch_log_resource_policy.mine_logs", ACCOUNT),
    ),
    Case("opensearch-logging", "AWS::OpenSearchService::Domain", "search_log_group", ("MineLogs", "MineLogsPolicy")),
    Case("s3-access-logging", "aws_s3_bucket", "log_bucket", ("aws_s3_bucket_logging.mine", *BUCKET)),
    Case("s3-access-logging", "AWS::S3::Bucket", "log_bucket", ("MineLogs", "MineLogsPolicy")),
    Case("lb-access-logs", "aws_lb", "lb_log_bucket", BUCKET),
    Case(
        "lb-access-logs", "AWS::ElasticLoadBalancingV2::LoadBalancer", "lb_log_bucket", ("MineLogs", "MineLogsPolicy")
    ),
    Case(
        "cloudtrail-sns-topic",
        "aws_cloudtrail",
        "trail_topic",
        ("aws_sns_topic.mine_trail", "aws_sns_topic_policy.mine_trail", "aws_kms_key.mine_topic", ACCOUNT, PARTITION),
    ),
    Case(
        "cloudtrail-sns-topic",
        "AWS::CloudTrail::Trail",
        "trail_topic",
        ("MineTopic", "MineTopicPolicy", "MineTopicKey"),
    ),
    Case(
        "ec2-instance-role",
        "aws_instance",
        "instance_profile",
        ("aws_iam_instance_profile.mine_instance", "aws_iam_role.mine_instance"),
    ),
    Case(
        "ec2-instance-role",
        "AWS::EC2::Instance",
        "instance_profile",
        ("MineInstanceProfile", "MineInstanceRole"),
    ),
    Case(
        "cloudfront-signs-for-buckets",
        "aws_cloudfront_distribution",
        "origin_access_control",
        ("aws_cloudfront_origin_access_control.mine_origins",),
        'resource "aws_cloudfront_distribution" "mine" {\n  enabled = true\n\n  origin {\n    origin_id   = "b"\n'
        '    domain_name = aws_s3_bucket.b.bucket_regional_domain_name\n  }\n}\n\nresource "aws_s3_bucket" "b" {\n}\n',
    ),
    Case(
        "cloudfront-signs-for-buckets",
        "AWS::CloudFront::Distribution",
        "origin_access_control",
        ("MineOriginAccess",),
        "Resources:\n  Mine:\n    Type: AWS::CloudFront::Distribution\n    Properties:\n      DistributionConfig:\n"
        "        Origins:\n          - Id: b\n            DomainName: !GetAtt B.RegionalDomainName\n"
        "            S3OriginConfig: {}\n  B:\n    Type: AWS::S3::Bucket\n",
    ),
    Case(
        "cloudtrail-cloudwatch-logs",
        "aws_cloudtrail",
        "trail_log_role",
        (
            "aws_cloudwatch_log_group.mine_logs",
            "aws_iam_role.mine_logs",
            "aws_iam_role_policy.mine_logs",
            "data.aws_caller_identity.mine",
            "data.aws_partition.mine",
        ),
    ),
    Case("cloudtrail-cloudwatch-logs", "AWS::CloudTrail::Trail", "trail_log_role", ("MineLogs", "MineLogRole")),
    Case(
        "appsync-waf",
        "aws_appsync_graphql_api",
        "web_acl",
        ("aws_wafv2_web_acl_association.mine", "aws_wafv2_web_acl.mine_firewall"),
    ),
    Case("appsync-waf", "AWS::AppSync::GraphQLApi", "web_acl", ("MineWebACLAssociation", "MineFirewall")),
    *(
        Case(
            "efs-in-backup-plan",
            "aws_efs_file_system",
            companion,
            (
                "aws_backup_selection.mine",
                "aws_backup_plan.mine_backup",
                "aws_backup_vault.mine_backup",
                "aws_iam_role.mine_backup",
                "aws_iam_role_policy_attachment.mine_backup",
                "data.aws_partition.mine",
            ),
        )
        for companion in ("backup_plan", "backup_role")
    ),
]


def proposed(case: Case, code: bytes, **parameters: bool) -> tuple[Finding, Match, Patch | NoPatch]:
    """What the catalogue proposes where the policy asks for what is made only when told, unless it says otherwise."""
    parameters = {f"create_{case.companion}": True, **parameters}
    module = READER.module(FILES[case.language], {FILES[case.language]: code})
    assert module is not None
    block = module.blocks[case.address]
    finding = Finding("somebody", case.control, "t", control=case.control)
    match = Match(MatchState.MATCHED, Resource(block.address, block.type, block.path, block.lines), 1.0)
    remedy = CatalogueRemedy(CATALOGUE, READER, {**told(case), **parameters})
    return finding, match, remedy.propose(finding, match, {block.path: code})


def told(case: Case) -> dict[str, bool]:
    """The word of a policy without which some companions are not made."""
    return {f"create_{case.companion}": True}


def outcome(case: Case, old: str = "", new: str = "") -> Outcome:
    finding, match, patch = proposed(case, case.code)
    assert isinstance(patch, Patch)
    file = patch.files[0]
    assert old.encode() in file.after
    file = FilePatch(file.path, file.before, file.after.replace(old.encode(), new.encode()))
    ground = Ground(READER, CATALOGUE, SCHEMAS, told(case), Depth.QUICK)
    return FullProver(ground).prove(finding, match, patch._replace(files=(file,)), {file.path: file.before}).outcome


def named(case: Case) -> str:
    return f"{case.companion}-{case.type}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_what_is_made_is_proven_and_is_all_that_is_made(case: Case) -> None:
    _, _, patch = proposed(case, case.code)
    assert isinstance(patch, Patch)
    after = READER.module(patch.files[0].path, {patch.files[0].path: patch.files[0].after})
    assert after is not None
    before = READER.module(patch.files[0].path, {patch.files[0].path: case.code})
    assert before is not None
    assert after.blocks.keys() - before.blocks.keys() == set(case.adds)
    assert outcome(case) is Outcome.PROVEN


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_policy_that_forbids_it_gets_the_question(case: Case) -> None:
    _, _, patch = proposed(case, case.code, **{f"create_{case.companion}": False})
    assert isinstance(patch, NoPatch)
    assert "in .remedy-gate.yml" in patch.reason


def test_every_companion_is_made_here_in_each_of_its_languages() -> None:
    declared = {(name, language) for name, item in companions().items() for language in FILES if language in item}
    assert {(case.companion, case.language) for case in CASES} == declared


def case_of(companion: str, language: str) -> Case:
    return next(case for case in CASES if (case.companion, case.language) == (companion, language))


@pytest.mark.parametrize(
    ("companion", "language", "old", "new"),
    [
        ("log_bucket", "terraform", '{ Service = "logdelivery.elasticloadbalancing.amazonaws.com" }', '"*"'),
        ("log_bucket", "terraform", '"s3:PutObject"', '"s3:*"'),
        ("log_bucket", "cloudformation", "Service: logdelivery.elasticloadbalancing.amazonaws.com", 'AWS: "*"'),
        ("log_bucket", "terraform", "block_public_policy     = true", "block_public_policy     = false"),
        ("lb_log_bucket", "terraform", "bucket  = aws_s3_bucket.mine_logs.id", "bucket  = aws_s3_bucket.gone.id"),
        ("lb_log_bucket", "terraform", "[aws_s3_bucket_policy.mine_logs]", "[aws_s3_bucket_policy.gone]"),
        ("search_log_group", "cloudformation", '["logs:CreateLogStream", "logs:PutLogEvents"]', '"logs:*"'),
        ("search_log_group", "terraform", '["logs:CreateLogStream", "logs:PutLogEvents"]', '"logs:*"'),
        ("monitoring_role", "terraform", '{ Service = "monitoring.rds.amazonaws.com" }', '{ AWS = "*" }'),
        ("monitoring_role", "terraform", "service-role/AmazonRDSEnhancedMonitoringRole", "AdministratorAccess"),
        ("monitoring_role", "cloudformation", "Service: monitoring.rds.amazonaws.com", 'AWS: "*"'),
        ("appsync_log_role", "cloudformation", "service-role/AWSAppSyncPushToCloudWatchLogs", "AdministratorAccess"),
        ("message_key", "cloudformation", '!Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"', '"*"'),
        ("trail_key", "terraform", '{ Service = "cloudtrail.amazonaws.com" }', '{ AWS = "*" }'),
        ("log_bucket", "cloudformation", "BlockPublicPolicy: true", "BlockPublicPolicy: false"),
        ("trail_log_role", "terraform", '["logs:CreateLogStream", "logs:PutLogEvents"]', '"logs:*"'),
        ("trail_log_role", "cloudformation", "Service: cloudtrail.amazonaws.com", 'AWS: "*"'),
        ("backup_role", "terraform", "service-role/AWSBackupServiceRolePolicyForBackup", "AdministratorAccess"),
        ("web_acl", "terraform", "aws_wafv2_web_acl.mine_firewall.arn", "aws_wafv2_web_acl.gone.arn"),
    ],
)  # fmt: skip
def test_a_deceptive_twin_of_what_is_made_is_not_proven(companion: str, language: str, old: str, new: str) -> None:
    assert outcome(case_of(companion, language), old, new) is not Outcome.PROVEN


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_control_says_what_it_may_make(case: Case) -> None:
    control = CATALOGUE.control(case.control)
    assert control is not None
    words = companions()[case.companion]["words"]
    assert any(said.startswith(words) for said in makes(control).values())


def test_a_control_that_makes_nothing_says_nothing_of_it() -> None:
    control = CATALOGUE.control("rds-instance-encryption")
    assert control is not None
    assert makes(control) == {}


@pytest.mark.parametrize("case", CASES, ids=named)
def test_what_is_made_needs_no_repair_but_a_key_of_its_own_logs_of_requests_and_a_policy_in_words(case: Case) -> None:
    _, _, patch = proposed(case, case.code)
    assert isinstance(patch, Patch)
    after = READER.module(patch.files[0].path, {patch.files[0].path: patch.files[0].after})
    assert after is not None
    failing = {
        control.id
        for address in case.adds
        for control in CATALOGUE.for_type(after.blocks[address].type)
        if judge(control, Subject(after, address, {})).holds is Holds.NO
    }
    assert failing <= {"log-group-customer-key", "backup-vault-cmk", "waf-logging", "kms-key-policy-in-code"}
