"""Terraform behind the seam: what it claims, what makes up a module, reading, editing."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import basename
from typing import TYPE_CHECKING

from remedy_gate.iac.arguments import NO_ARGUMENTS, Arguments

from .document import Document, read_hcl
from .module import TerraformModule
from .variable_files import is_variable_file

if TYPE_CHECKING:
    from remedy_gate.iac.module import CannotEdit, Module
    from remedy_gate.iac.operations import Operation
    from remedy_gate.iac.schema import Schemas

_CODE = (".tf", ".tofu", ".tf.json", ".tofu.json")


class Terraform:
    """The language of `.tf`, `.tofu` and `.tf.json` files. The schemas tell nested blocks from maps when editing."""

    __slots__ = ("_arguments", "_kept", "_schemas")
    name = "terraform"

    def __init__(self, schemas: Schemas | None = None, arguments: Arguments = NO_ARGUMENTS) -> None:
        """`arguments`: what those who call a module give its variables."""
        self._schemas = schemas
        self._arguments = arguments
        self._kept: dict[str, Document] = {}

    def claims(self, path: str, text: bytes) -> bool:  # noqa: ARG002 - the name alone tells
        """Whether the file's name says that it is Terraform code."""
        return path.endswith(_CODE) and not basename(path).startswith(".")

    def module_of(self, path: str, neighbours: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG002 - one directory, one module
        """Every code file of the directory, and the variable files that Terraform reads by itself."""
        return tuple(one for one in neighbours if self.claims(one, b"") or is_variable_file(one))

    def read(self, files: Mapping[str, bytes]) -> TerraformModule:
        """The module that these files make."""
        return TerraformModule({path: self._read_file(path, text) for path, text in files.items()}, self._arguments)

    def edit(self, module: Module, operation: Operation) -> Module | CannotEdit:
        """The module after one edit; only the file that it changes is read again."""
        from .editing import edited

        return edited(module, operation, self._schemas, self._read_file)

    def _read_file(self, path: str, text: bytes) -> Document:
        """The file as code. Its first contents are kept: a patch changes one file of a module, and its module has many."""
        kept = self._kept.get(path)
        if kept is not None and kept.text == text:
            return kept
        document = self._read_anew(path, text, kept)
        self._kept.setdefault(path, document)
        return document

    def _read_anew(self, path: str, text: bytes, like: Document | None) -> Document:
        if path.endswith(".json"):
            from .json_document import read_json

            return read_json(path, text, self._schemas)
        return read_hcl(path, text, like)
