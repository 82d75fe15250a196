"""Symbolic addresses out of the notations in which scanners write them."""

from __future__ import annotations

import re
from typing import Final

# `aws_s3_bucket[logs].acl`, `resource.aws_s3_bucket[logs]`, `input.resource...`, `module[db]`, `data.aws_x[y]`.
_TERRAFORM_KEY: Final = (
    r"(?:input\.)?(?:resource\.)?(?P<data>data\.)?(?P<type>[a-z][a-z0-9_]*)"
    r"\[(?:\"|\{\{)?(?P<label>[\w$.-]+)(?:\"|\}\})?\]"
)
_TERRAFORM_ADDRESS: Final = (
    r"(?:module\.[\w-]+(?:\[[^\]]*\])?[.:])*(?:data\.)?[a-z][a-z0-9]*_\w+\.[A-Za-z_][\w-]*(?:\[[^\]]*\])?$"
)
_CLOUDFORMATION_KEY: Final = r"(?:input\.|document\.)?Resources(?:\.|\[|/)(?:\{\{)?(?P<id>[A-Za-z0-9]+)"


def address_in_key(key: str) -> str | None:
    """The address in a scanner's search key: `aws_s3_bucket.logs`, or the logical id of a CloudFormation resource."""
    if found := re.match(_CLOUDFORMATION_KEY, key):
        return found["id"]
    if found := re.match(_TERRAFORM_KEY, key):
        return f"{found['data'] or ''}{found['type']}.{found['label']}"
    return None


def is_address(text: str) -> bool:
    """Whether the text is the address of a Terraform resource or data source, modules and instance keys included."""
    return re.match(_TERRAFORM_ADDRESS, text) is not None


def address_in_quotes(text: str) -> str | None:
    """The first address that a sentence names in single quotes: `Resource 'module.a:aws_x.y[0]' defines ...`."""
    for quoted in re.findall(r"'([^'\n]{3,500})'", text):
        if is_address(quoted):
            return str(quoted).replace(":", ".")
    return None


def logical_id_in_message(message: str) -> str | None:
    """The resource that a clause of cfn-guard speaks of: `[Path=/Resources/Logs/Properties[L:4,C:6] Value=...]`."""
    found = re.search(r"/Resources/(?P<id>[A-Za-z0-9]+)", message)
    return found["id"] if found else None


def logical_id(resource: str) -> str:
    """`LogsBucket` out of Checkov's `AWS::S3::Bucket.LogsBucket`; any other address as it is."""
    head, dot, tail = resource.partition(".")
    return tail if dot and "::" in head and tail else resource
