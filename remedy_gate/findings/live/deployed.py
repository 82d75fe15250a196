"""What is deployed, as S3 keeps it of Terraform and CloudFormation tells it of stacks: read where a policy names it.

An answer is handed on whole and never kept: a state holds secrets, and only addresses and ids of it are of use.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any, Final

from remedy_gate.errors import FindingsError, SettingsError

from .aws import client, explained
from .service import Patience

OBJECT: Final = "s3://"
STACK: Final = "cloudformation://"
MOST_BYTES: Final = 64 << 20
DESCRIBED: Final = 100
"""Resources of a stack that DescribeStackResources tells at most, without a word on whether there are more."""


def document_at(address: str, patience: Patience) -> object:
    """The state or plan of an object in S3, or the resources of `cloudformation://REGION/STACK`.

    :raises FindingsError: it cannot be read; the text of it is not told.
    :raises SettingsError: the address names nothing.
    """
    if address.startswith(STACK):
        region, _, name = address.removeprefix(STACK).partition("/")
        if not region or not name:
            raise SettingsError(f"{address} names no stack.", "Name cloudformation://eu-west-1/STACK.")
        return _stack(region, name, patience)
    bucket, _, key = address.removeprefix(OBJECT).partition("/")
    if not bucket or not key or key.endswith("/"):
        raise SettingsError(f"{address} names no object.", "Name s3://bucket/key.")
    return _parsed(_object(bucket, key, patience))


def _object(bucket: str, key: str, patience: Patience) -> bytes:
    with closing(client("s3", "", patience)) as s3, explained("s3:GetObject"):
        text: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise FindingsError(f"it is larger than {MOST_BYTES >> 20} MB.")
    return text


def _parsed(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise FindingsError("it is not JSON.") from None  # the error carries the text along


def _stack(region: str, name: str, patience: Patience) -> dict[str, object]:
    with closing(client("cloudformation", region, patience)) as service:
        with explained("cloudformation:DescribeStackResources"):
            found = service.describe_stack_resources(StackName=name).get("StackResources") or []
        if len(found) >= DESCRIBED:
            found = _listed(service, name, patience)
    return {"StackResources": [{"StackName": name, **entry} for entry in found]}


def _listed(service: Any, name: str, patience: Patience) -> list[dict[str, Any]]:  # noqa: ANN401 - see `client`
    found: list[dict[str, Any]] = []
    with explained("cloudformation:ListStackResources"):
        for page in service.get_paginator("list_stack_resources").paginate(StackName=name):
            patience.left()
            found += page.get("StackResourceSummaries") or []
    return found
