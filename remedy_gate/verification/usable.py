"""New resources that are of no use to the repair they are made for: a key that is off, an access control that never signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Absent, Fields, Found, Known, Path, Value, select, settled

from .objections import Objection
from .statements import policies
from .symbolic import symbols


class Needed(NamedTuple):
    """What an attribute has to say where it is written, and what is wrong otherwise."""

    path: Path
    texts: tuple[str, ...]
    wrong: str


def _properties(*needed: Needed) -> tuple[Needed, ...]:
    return tuple(one._replace(path=("Properties", *one.path)) for one in needed)


KEY = (
    Needed(("is_enabled",), ("true",), "is switched off"),
    Needed(("key_usage",), ("ENCRYPT_DECRYPT",), "is not for encryption"),
    Needed(("customer_master_key_spec",), ("SYMMETRIC_DEFAULT",), "is not of the kind with which AWS services encrypt"),
)
KEY_OF_STACK = _properties(
    Needed(("Enabled",), ("true",), "is switched off"),
    Needed(("KeyUsage",), ("ENCRYPT_DECRYPT",), "is not for encryption"),
    Needed(("KeySpec",), ("SYMMETRIC_DEFAULT",), "is not of the kind with which AWS services encrypt"),
)
SIGNING = (
    Needed(("signing_behavior",), ("always", "no-override"), "never signs"),
    Needed(("origin_access_control_origin_type",), ("s3",), "is not for buckets"),
)
SIGNING_OF_STACK = tuple(
    Needed(("Properties", "OriginAccessControlConfig", name), texts, wrong)
    for name, texts, wrong in (
        ("SigningBehavior", ("always", "no-override"), "never signs"),
        ("OriginAccessControlOriginType", ("s3",), "is not for buckets"),
    )
)
NEEDED: Mapping[str, tuple[Needed, ...]] = {
    "aws_kms_key": KEY,
    "AWS::KMS::Key": KEY_OF_STACK,
    "aws_cloudfront_origin_access_control": SIGNING,
    "AWS::CloudFront::OriginAccessControl": SIGNING_OF_STACK,
}
PROFILES: Mapping[str, Path] = {
    "aws_iam_instance_profile": ("role",),
    "AWS::IAM::InstanceProfile": ("Properties", "Roles"),
}
LIFETIMES: Mapping[str, Path] = {
    "aws_s3_bucket_lifecycle_configuration": ("rule", "expiration", "days"),
    "AWS::S3::Bucket": ("Properties", "LifecycleConfiguration", "Rules", "ExpirationInDays"),
}
ALIASES: Mapping[str, Path] = {"aws_kms_alias": ("name",), "AWS::KMS::Alias": ("Properties", "AliasName")}
OF_AWS = "alias/aws/"
LEAST_DAYS = 7
"""What is kept for less can hardly be read by anybody in time."""
OF_INSTANCES = r"^Service:ec2\."


def useless(module: Module, address: str, subject: str) -> Iterator[Objection]:
    """Why a new resource does not do what a repair makes it for."""
    body, block = module.resolved(address), module.blocks[address]
    for needed in NEEDED.get(block.type, ()):
        for value in _written(select(body, needed.path)):
            if not isinstance(value, Known) or _text(value) not in needed.texts:
                yield Objection(isinstance(value, Known), f"it is new and {needed.wrong}")
    for value in _written(select(body, LIFETIMES.get(block.type, ("\x00",)))):
        if isinstance(value, Known) and _text(value).isdecimal() and int(_text(value)) < LEAST_DAYS:
            yield Objection(certain=False, why=f"it is new and deletes what it holds after {value.value} days")
    for value in _written(select(body, ALIASES.get(block.type, ("\x00",)))):
        if isinstance(value, Known) and _text(value).startswith(OF_AWS):
            yield Objection(certain=True, why=f"it is new, and {OF_AWS} belongs to AWS")
    if block.type in PROFILES:
        yield from _of_profile(module, body, PROFILES[block.type])
    condition = module.written(address).get("Condition")
    if module.language == "cloudformation" and not isinstance(condition, Absent):
        same = subject in module.blocks and module.written(subject).get("Condition") == condition
        if not same:
            yield Objection(certain=False, why="it is new and there under a condition only")


def _of_profile(module: Module, body: Fields, path: Path) -> Iterator[Objection]:
    """A profile is of use with a role only, and with one that instances may take."""
    roles = [found.value for found in select(body, (*path, "*") if path[0] == "Properties" else path)]
    if not _written(select(body, path)):
        yield Objection(certain=True, why="it is new and has no role")
    for role in roles:
        address = getattr(role, "address", "")
        trusts = [
            statement
            for _, statements in policies(symbols(module).body(address) if address in module.blocks else Fields(()))
            for statement in statements
            if statement.principals is not None and statement.allows
        ]
        if trusts and not any(re.match(OF_INSTANCES, one) for trust in trusts for one in trust.principals or ()):
            yield Objection(certain=False, why=f"{address} does not say that instances may take it")


def _written(found: tuple[Found, ...]) -> list[Value]:
    return [
        value
        for value in (settled(one.value) for one in found)
        if value not in (Known(None), Known("")) and not isinstance(value, Absent)
    ]


def _text(value: Known) -> str:
    return str(value.value).lower() if isinstance(value.value, bool) else str(value.value)
