"""The language: which files are templates, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping

from remedy_gate.errors import CodeError
from remedy_gate.iac.module import CannotEdit, Module
from remedy_gate.iac.operations import Operation
from remedy_gate.iac.schema import Schemas

from .claims import claims


class CloudFormation:
    """CloudFormation and SAM templates. yaml is imported with the first of them that is read."""

    name = "cloudformation"

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    def claims(self, path: str, text: bytes) -> bool:
        """Whether the file is a template, by its content; also one that is broken but plainly meant as one."""
        return claims(path, text)

    def module_of(self, path: str, neighbours: tuple[str, ...]) -> tuple[str, ...]:
        """The path alone: a template is a module of its own."""
        del neighbours
        return (path,)

    def read(self, files: Mapping[str, bytes]) -> Module:
        """The template in the file. `CodeError` only where PyYAML came without its C parser."""
        try:
            from .module import Template
        except ImportError as error:
            raise CodeError(
                f"Templates need PyYAML with its C parser: {error}.",
                "Install PyYAML from a wheel, or build it where libyaml's headers are.",
            ) from error
        return Template(files)

    def edit(self, module: Module, operation: Operation) -> Module | CannotEdit:
        """The template after one edit, or why it would not be safe."""
        from .editing import edit
        from .module import Template

        if not isinstance(module, Template):
            return CannotEdit("the module is not one of this language")
        return edit(module, operation)
