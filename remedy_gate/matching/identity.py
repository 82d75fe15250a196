"""What a cloud resource's id means in code: the types that it may be of, and the names that it may bear there.

Forms of ARNs: the AWS Service Authorization Reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from remedy_gate.domain.finding import CloudResource

from .identity_table import Form, bare, kind_end, table

ARN_PARTS = 6
GLOBAL_SERVICES = frozenset(
    ("iam", "cloudfront", "route53", "globalaccelerator", "organizations", "waf", "shield", "networkmanager", "account")
)
LOWERED = frozenset(("rds", "redshift", "elasticache", "dms", "memorydb", "es", "docdb", "neptune"))
"""Services that keep names in lower case, however they were written."""

_QUEUE = r"https://sqs\.([\w-]+)\.amazonaws\.com(?:\.cn)?/(\d{12})/([\w.-]+)"


class Identified(NamedTuple):
    """What an id says. `types` are of CloudFormation and Terraform; `ident` is what tells one of them from another.

    No `names`: AWS made the id up, so that the code cannot hold it. `account` and `region` are None where nothing
    tells, and `region` also where the service has none.
    """

    types: frozenset[str]
    names: tuple[str, ...]
    account: str | None
    region: str | None
    service: str = ""
    ident: str = ""


def identify(resource: CloudResource) -> Identified | None:
    """What a finding's resource may be in code, by its ARN, URL or native id and its type; None where nobody knows."""
    ident = resource.id
    parts = ident.split(":", ARN_PARTS - 1)
    if parts[0] == "arn" and len(parts) == ARN_PARTS:
        return _by_arn(parts, resource)
    region = region_of(resource.region)
    if queue := ident.startswith("https://") and re.fullmatch(_QUEUE, ident):
        types = table().by_cloud_type["awssqsqueue"]
        return Identified(types, (queue[3],), resource.account or queue[2], region or queue[1], "sqs", ident)
    made_up = _by_prefix(ident)
    types = made_up or types_of(resource.type)
    return Identified(types, () if made_up else (ident,), resource.account, region, "", ident) if types else None


@lru_cache(maxsize=1_024)
def types_of(cloud_type: str | None) -> frozenset[str]:
    """The types in code that a cloud type means, in any notation: `AWS::S3::Bucket`, `AwsS3Bucket`, `AWS_EC2_VPC`."""
    if not cloud_type:
        return frozenset()
    return table().by_cloud_type.get(bare(cloud_type), frozenset())


def name_attribute(type_name: str) -> str | None:
    """The attribute or property that holds the name of a resource of this type, None where there is none."""
    return table().attributes.get(type_name)


def region_of(text: str | None) -> str | None:
    """A region; None for what stands for all of them."""
    return text if text and text not in {"global", "aws-global", "unknown", "multi-region"} else None


def _by_arn(parts: list[str], resource: CloudResource) -> Identified | None:
    _, _, service, region, account, rest = parts
    if account == "aws":  # a policy that AWS manages
        return None
    kinds = table().forms.get(service)
    form = _form(kinds, rest) if kinds is not None else None
    if form is None:
        return None
    types, name, made_up = form
    names = () if made_up else _names(service, name) if service in _OF_THEIR_OWN else (name,)
    if names is None:
        return None
    if resource.type:
        types = types_of(resource.type) & types or types
    where = None if service in GLOBAL_SERVICES else region_of(region or resource.region)
    return Identified(types, names, account or resource.account, where, service, name)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _form(kinds: Mapping[str, tuple[Form, ...]], rest: str) -> tuple[frozenset[str], str, bool] | None:
    """An ARN's types, the name in it, and whether AWS made that up. But for a few services a kind stands before it."""
    cut = kind_end(rest)
    if cut > 0:
        for form in kinds.get(rest[:cut], ()):
            if form.pattern is None:
                return form.types, rest[cut + 1 :], form.made_up
            if found := _compiled(form.pattern).fullmatch(rest):
                return form.types, found[1], form.made_up
    alone = kinds.get("")
    return (alone[0].types, rest, alone[0].made_up) if alone else None


_OF_THEIR_OWN = frozenset(
    (
        *("s3", "sns", "sqs", "codecommit", "codepipeline", "logs", "iam", "events", "lambda", "batch", "states"),
        *("kms", "ssm", "secretsmanager"),
    )
)
"""Services whose ARNs hold more, or less, than the name."""


def _names(service: str, name: str) -> tuple[str, ...] | None:
    """The names that the code may hold for what stands in the ARN; None where the ARN is of something within it."""
    match service:
        case "s3":
            return (name.split("/", 1)[0],)
        case "sns" | "sqs" | "codecommit" | "codepipeline":
            return None if ":" in name else (name,)
        case "logs":
            group = name.removesuffix(":*")
            return None if ":" in group else (group,)
        case "iam" | "events":
            return (name.rpartition("/")[2],)
        case "lambda" | "batch" | "states":
            return (name.split(":", 1)[0],)
        case "kms":
            return (f"alias/{name}",)
        case "ssm":
            return (f"/{name}", name)
        case "secretsmanager" if len(name) > 7 and name[-7] == "-":  # noqa: PLR2004 - a hyphen and six random characters
            return (name, name[:-7])
        case _:
            return (name,)


_PREFIXES = {
    "i": "awsec2instance",
    "sg": "awsec2securitygroup",
    "vpc": "awsec2vpc",
    "subnet": "awsec2subnet",
    "vol": "awsec2volume",
    "acl": "awsec2networkacl",
    "eni": "awsec2networkinterface",
    "igw": "awsec2internetgateway",
    "nat": "awsec2natgateway",
    "rtb": "awsec2routetable",
    "eipalloc": "awsec2eip",
    "lt": "awsec2launchtemplate",
    "vpce": "awsec2vpcendpoint",
    "tgw": "awsec2transitgateway",
    "fs": "awsefsfilesystem",
}


def _by_prefix(ident: str) -> frozenset[str]:
    prefix, dash, tail = ident.partition("-")
    known = dash and prefix in _PREFIXES and re.fullmatch(r"[0-9a-f]{8}(?:[0-9a-f]{9})?", tail)
    return table().by_cloud_type[_PREFIXES[prefix]] if known else frozenset()
