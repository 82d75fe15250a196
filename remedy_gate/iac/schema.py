"""What a resource type allows: its arguments, their types and nesting, and which of them force a replacement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Argument(NamedTuple):
    """One argument of a resource type.

    `type`: string, number, bool, list, set, map, object or any; or `block`, a nested block (Terraform).
    `item` is the type of the items of a list, set or map of scalars, where known.
    `arguments` are those of a nested block or object; None where there are none or nobody knows them.
    `replaces`: whether a change of it forces a replacement; None where nobody knows.
    `since`, `until`: the first and last provider versions known to have it, empty where there is no bound.
    `single`: a nested block that may stand only once.
    `readable`: an attribute that is only computed: it may be referred to and never set.
    """

    name: str
    type: str
    required: bool = False
    item: str = ""
    arguments: Mapping[str, Argument] | None = None
    replaces: bool | None = None
    since: str = ""
    until: str = ""
    single: bool = False
    readable: bool = False


class Schemas(Protocol):
    """Tables of resource types. Looking one up reads that type alone."""

    def arguments(self, type_name: str) -> Mapping[str, Argument] | None:
        """The arguments of `aws_s3_bucket`, `data.aws_ami` or `AWS::S3::Bucket` (its Properties), else None."""
