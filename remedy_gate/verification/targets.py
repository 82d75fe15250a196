"""What an attribute points at, told by its name: which types fit there, and which texts.

The patterns are compiled when they are first asked: most never are in one run, and together they take milliseconds.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Kind(NamedTuple):
    """What an attribute of a certain name points at: types that fit, and texts that do."""

    what: str
    name: str
    types: tuple[str, ...]
    text: str


def _kind(what: str, name: str, types: str, text: str) -> Kind:
    return Kind(what, name, tuple(types.split()), text)


ARN = r"arn:aws[a-z-]*:"
KINDS = (
    _kind(
        "a KMS key",
        r"(?i)^(?!.*(reuse|bucket_key|deletion|rotation|type|provider|spec|usage|algorithm|enabled|grant|policy)).*(kms.*key|key.*kms|kms_?arn|encryption_?key)|^(customer_)?key_(id|arn)$",
        "aws_kms_key aws_kms_alias aws_kms_replica_key aws_kms_external_key AWS::KMS::Key AWS::KMS::Alias AWS::KMS::ReplicaKey",
        rf"^({ARN}kms:[^:]+:\d{{12}}:(key|alias)/\S+|alias/\S+|(mrk-)?[0-9a-f-]{{32,36}})$",
    ),
    _kind(
        "a bucket",
        r"^(target_bucket|DestinationBucketName|s3_bucket_name|S3BucketName|log_bucket|LogBucket)$",
        "aws_s3_bucket AWS::S3::Bucket",
        rf"^({ARN}s3:::)?[a-z0-9.-]+$",
    ),
    _kind("a role", r"(?i)^\w*role_?arn$", "aws_iam_role AWS::IAM::Role", rf"^{ARN}iam::\d{{12}}:role/\S+$"),
    _kind(
        "a log group",
        r"(?i)^cloud_?watch_?log(s_log)?_?s?_?group(_arn|_name|Arn)?$",
        "aws_cloudwatch_log_group AWS::Logs::LogGroup",
        r"^\S+$",
    ),
    _kind("an account", r"(?i)^source_?account$", "", r"^\d{12}$"),
    _kind("an organisation", r"(?i)^principal_?org_?id$", "", r"^o-[a-z0-9]{10,32}$"),
    _kind(
        "an access control of CloudFront",
        r"(?i)^origin_?access_?control_?id$",
        "aws_cloudfront_origin_access_control AWS::CloudFront::OriginAccessControl",
        r"^E[A-Z0-9]{6,20}$",
    ),
    _kind("a range of addresses", r"(?i)cidr", "", r"^[0-9a-fA-F.:]+/\d{1,3}$"),
    _kind("a topic", r"(?i)^sns_?topic(_?(name|arn))?$", "aws_sns_topic AWS::SNS::Topic", r"^\S+$"),
    _kind(
        "a web ACL",
        r"(?i)^web_?acl(_?(id|arn))$",
        "aws_wafv2_web_acl aws_waf_web_acl aws_wafregional_web_acl AWS::WAFv2::WebACL AWS::WAF::WebACL",
        r"^\S+$",
    ),
)
CALLED = ("an account", "an organisation")
"""Kinds that have no resource in the code, and that a text may name all the same."""
NAMES_AN_ARN = r"(_arns?|Arns?|ARNs?)$"
OF_AWS = rf"^(alias/aws/[a-z0-9/_-]+|aws/[a-z0-9]+|{ARN}kms:[^:]*:[^:]*:alias/aws/\S+|{ARN}iam::aws:policy/\S+)$"


@lru_cache(maxsize=256)
def kind_named(name: str) -> Kind | None:
    """What an attribute of this name points at, None where its name does not say."""
    return next((kind for kind in KINDS if re.search(kind.name, name)), None)
