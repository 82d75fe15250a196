"""The four operations on Terraform code, each checked by reading the changed file again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from remedy_gate.errors import PatchError
from remedy_gate.iac.line_ends import MIXED, are_mixed
from remedy_gate.iac.module import CannotEdit
from remedy_gate.iac.operations import AddItem, AddResource, RemoveValue, SetValue

from .changes import added_item, added_resource, removed_value, set_value
from .editing_check import Edit, broken_by
from .json_editing import json_splices
from .layout import Splice, spliced
from .module import TerraformModule
from .realigning import realigned_document

if TYPE_CHECKING:
    from remedy_gate.iac.module import Module
    from remedy_gate.iac.operations import Operation
    from remedy_gate.iac.schema import Schemas

    from .document import Declared, Document

ReadFile = Callable[[str, bytes], "Document"]


def edited(
    module: Module, operation: Operation, schemas: Schemas | None, read_file: ReadFile
) -> TerraformModule | CannotEdit:
    """The module after one operation, or the reason why that would not be safe."""
    if not isinstance(module, TerraformModule):
        return CannotEdit("this module is not Terraform code")
    address = operation.after if isinstance(operation, AddResource) else operation.address
    declared = module.declared.get(address)
    if declared is None:
        return CannotEdit(f"{address} is declared nowhere in this module")
    if address in module.repeated:
        return CannotEdit(module.repeated[address].message)
    try:
        return _edited(module, operation, declared, schemas, read_file)
    except PatchError as refusal:
        return CannotEdit(str(refusal))
    except RecursionError:
        return CannotEdit("the value is nested too deep to be written")


def _edited(
    module: TerraformModule, operation: Operation, declared: Declared, schemas: Schemas | None, read_file: ReadFile
) -> TerraformModule | CannotEdit:
    document = module.documents[declared.block.path]
    if are_mixed(document.text):
        return CannotEdit(MIXED)
    if declared.node is None:
        splices = json_splices(module, declared, operation, schemas)
        changed = read_file(document.path, spliced(document.text, splices))
    else:
        splices = _splices(module, operation, declared, schemas)
        changed = realigned_document(document, declared, splices, read_file)
    reason = broken_by(Edit(document, changed, declared, operation))
    if reason:
        return CannotEdit(reason)
    return TerraformModule({**module.documents, document.path: changed}, module.arguments)


def _splices(
    module: TerraformModule, operation: Operation, declared: Declared, schemas: Schemas | None
) -> list[Splice]:
    match operation:
        case SetValue():
            return set_value(module, declared, operation, schemas)
        case RemoveValue():
            return removed_value(module, declared, operation, schemas)
        case AddItem():
            return added_item(module, declared, operation, schemas)
        case AddResource():
            return added_resource(module, declared, operation, schemas)
        case _:
            assert_never(operation)
