"""What an operation wants written, looked through before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.errors import PatchError
from remedy_gate.iac.operations import Data, Raw, Ref, Table

from .document import top_items
from .parser import Mistake, parse
from .strict import first_mistake

if TYPE_CHECKING:
    from .module import TerraformModule


def checked(data: Data, module: TerraformModule) -> None:
    """Raise `PatchError` where an expression does not stand for itself, or a reference points at one of many."""
    waiting: list[Data] = [data]
    while waiting:
        one = waiting.pop()
        match one:
            case Raw():
                _check_expression(one.text)
            case Ref():
                _check_reference(one, module)
            case Table():
                waiting.extend(item for _, item in one.entries)
            case tuple():
                waiting.extend(one)


def _check_expression(expression: str) -> None:
    text = b"_ = " + expression.encode("utf-8", "surrogateescape") + b"\n"
    tree = parse(text)
    if not isinstance(tree, Mistake) and first_mistake(tree, text) is None:
        items = top_items(tree)
        alone = len(items) == 1 and items[0].type == "attribute" and items[0].end_byte == len(text) - 1
        if alone and expression.strip():
            return
    raise PatchError(f"`{expression[:60]}` is not one expression")


def _check_reference(reference: Ref, module: TerraformModule) -> None:
    declared = module.declared.get(reference.address)
    if declared is None or declared.block.kind not in {"resource", "data", "module"}:
        return
    if {"count", "for_each"} & declared.read().arguments.keys():
        raise PatchError(f"{reference.address} has several instances, and a plain reference names none of them")
