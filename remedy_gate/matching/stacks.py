"""Logical and physical ids out of what CloudFormation says of a stack's resources.

`DescribeStackResources`, `ListStackResources` or `DescribeStackResource`, one answer or a list of them:
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResource.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from remedy_gate.errors import CodeError

from .records import Recorded

_KEYS = ("StackResources", "StackResourceSummaries", "StackResourceDetail")
_GONE = ("DELETE_COMPLETE", "DELETE_SKIPPED")


def read_stack(document: object) -> tuple[Recorded, ...]:
    """The resources of one or several stacks. Raises `CodeError` where the document lists none."""
    answers = document if isinstance(document, list) else [document]
    lists = [answer[key] for answer in answers if isinstance(answer, dict) for key in _KEYS if key in answer]
    if not lists:
        raise CodeError(
            "It lists no stack's resources.", "Give what `aws cloudformation describe-stack-resources` prints."
        )
    return tuple(record for listed in lists for record in _records(listed))


def _records(listed: object) -> Iterator[Recorded]:
    for entry in listed if isinstance(listed, list) else [listed]:
        if not isinstance(entry, dict) or entry.get("ResourceStatus") in _GONE:
            continue
        logical, physical, type_name = (
            entry.get(key) for key in ("LogicalResourceId", "PhysicalResourceId", "ResourceType")
        )
        if isinstance(logical, str) and isinstance(type_name, str):
            yield _record(logical, type_name, physical, entry)


def _record(logical: str, type_name: str, physical: object, entry: dict[str, Any]) -> Recorded:
    """A physical id is what `Ref` gives: by type a name, an ARN or, of a queue, its URL."""
    ident = physical if isinstance(physical, str) else ""
    arn = ident if ident.startswith("arn:") else None
    names = (ident, ident.rpartition("/")[2]) if ident.startswith("https://") else (ident,)
    return Recorded(logical, type_name, arn, tuple(filter(None, names)), stack_name(entry))


def stack_name(entry: dict[str, Any]) -> str:
    """The stack's name, out of its id where only that is given."""
    name, ident = entry.get("StackName"), entry.get("StackId")
    if isinstance(name, str):
        return name
    parts = ident.split("/") if isinstance(ident, str) else []
    return parts[1] if len(parts) > 2 else ""  # noqa: PLR2004 - arn:...:stack/NAME/UUID
