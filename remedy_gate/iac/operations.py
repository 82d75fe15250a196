"""The edits that a remedy is made of, the same for every language. They name things, never bytes or lines."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from .values import Path, Scalar


class Ref(NamedTuple):
    """A reference to write: to a block of the module, as the language writes it.

    `Ref("aws_kms_key.main", "arn")` is `aws_kms_key.main.arn`; `Ref("Key", "Arn")` is `!GetAtt Key.Arn`, and without an
    attribute `!Ref Key`. In JSON and in long style the long form is written.
    """

    address: str
    attribute: str = ""


class Raw(NamedTuple):
    """An expression to write as it stands, in the syntax of the language (`data.aws_caller_identity.current.id`)."""

    text: str


class Table(NamedTuple):
    """A map, an object, or the body of a nested block: which of them, the schema of the resource type says."""

    entries: tuple[tuple[str, Data], ...]


Data: TypeAlias = "Scalar | Ref | Raw | Table | tuple[Data, ...]"
"""What can be written. A tuple is a list or, where the schema has blocks of that name, the blocks."""


class SetValue(NamedTuple):
    """Make the value at `path` be `value`, whatever stands there now; nested blocks and maps on the way are made.

    Numbers in the path pick an existing nested block or item. A name applied to several blocks is refused.
    """

    address: str
    path: Path
    value: Data


class RemoveValue(NamedTuple):
    """Take the attribute, nested block, key or item at `path` away, with the comments that belong to it alone."""

    address: str
    path: Path


class AddItem(NamedTuple):
    """Add an item at the end of the list at `path`, or one more nested block of that name. The list may be absent."""

    address: str
    path: Path
    value: Data


class AddResource(NamedTuple):
    """Add a resource behind the block at `after`, in the same file, one blank line between.

    For CloudFormation the body is the whole resource without `Type`: `Properties`, `DeletionPolicy`, ... For Terraform
    the type of a data source begins with `data.`. `note` is what people are told of it: what it costs, what it needs.
    """

    after: str
    type: str
    name: str
    body: Table
    note: str = ""

    @property
    def address(self) -> str:
        """What the language calls the new block."""
        return self.name if "::" in self.type else f"{self.type}.{self.name}"


Operation: TypeAlias = "SetValue | RemoveValue | AddItem | AddResource"
