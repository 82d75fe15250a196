"""The seam to a language of infrastructure code: what a module is, whichever language it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol, TypeAlias

from remedy_gate.domain.source import LineRange

from .operations import Operation
from .values import Fields


class Span(NamedTuple):
    """Bytes `start` to `end` of a file, `end` not included."""

    start: int
    end: int


class Block(NamedTuple):
    """One top-level thing of a module.

    `kind` for Terraform: resource, data, module, variable, local, output, provider, terraform, moved, import, ...;
    for CloudFormation: resource, parameter, mapping, condition, output, rule, transform, globals, metadata.
    `address`: `aws_s3_bucket.logs`, `data.aws_ami.x`, `module.m`, `var.x`, `local.x`; the logical id for a
    CloudFormation resource, else `Parameters.X`, `Conditions.X`, ...
    `type` is the resource type (`aws_s3_bucket`, `AWS::S3::Bucket`), else the empty text.
    `span` covers the block without the comments before it; `lines` the same in lines.
    """

    address: str
    kind: str
    type: str
    name: str
    path: str
    span: Span
    lines: LineRange


class SourceError(NamedTuple):
    """Why a file cannot be read as code: line and column 1-based, in characters."""

    path: str
    line: int
    column: int
    message: str


class CannotEdit(NamedTuple):
    """An edit that would not be safe, and why."""

    reason: str


class Module(Protocol):
    """The unit in which names mean something: the files of one Terraform directory, or one template.

    Reading is lazy: nothing is resolved before it is asked for. A file with an error has no blocks, costs the others
    nothing, and is named in `errors`.
    """

    @property
    def language(self) -> str:
        """`terraform` or `cloudformation`."""

    @property
    def files(self) -> Mapping[str, bytes]:
        """Every file of the module by its path, byte for byte."""

    @property
    def errors(self) -> tuple[SourceError, ...]:
        """What could not be read."""

    @property
    def repeated(self) -> Mapping[str, SourceError]:
        """The blocks of which nothing says which one counts, by address: Terraform allows one of a name.

        They stay among the blocks as they are written, but nothing in them is worked out, and none may be edited.
        """

    @property
    def blocks(self) -> Mapping[str, Block]:
        """The top-level blocks by address, in the order of the files and within them."""

    def __hash__(self) -> int:
        """A module never changes: it may be the key of what was worked out from it."""

    def resolved(self, address: str) -> Fields:
        """The body of a block with every value worked out as far as the code goes.

        For CloudFormation the body is the whole resource: `Type`, `Properties`, `DeletionPolicy`, ...
        """

    def written(self, address: str) -> Fields:
        """The body as it stands: literals are known, every other expression is `Unknown` with its own source text."""

    def references(self, address: str) -> frozenset[str]:
        """The addresses of this module that the block's expressions name, wherever in the block."""


class IacLanguage(Protocol):
    """A language of infrastructure code."""

    @property
    def name(self) -> str:
        """`terraform` or `cloudformation`."""

    def claims(self, path: str, text: bytes) -> bool:
        """Whether this file is written in the language: by its name for Terraform, by its content for templates."""

    def module_of(self, path: str, neighbours: tuple[str, ...]) -> tuple[str, ...]:
        """The paths that make up the module of `path`, out of the paths in its directory (`path` among them)."""

    def read(self, files: Mapping[str, bytes]) -> Module:
        """The module that these files make. Never raises on bad text: see `Module.errors`."""

    def edit(self, module: Module, operation: Operation) -> Module | CannotEdit:
        """The module after one edit. Every byte that the operation does not name stays as it is."""


Languages: TypeAlias = tuple[IacLanguage, ...]
