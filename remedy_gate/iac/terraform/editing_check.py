"""After an edit: the file must still be code, and every block but the edited one must be what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.iac.operations import AddResource

if TYPE_CHECKING:
    from remedy_gate.iac.operations import Operation

    from .document import Declared, Document


class Edit(NamedTuple):
    """A file before and after, and what was meant to change in it."""

    before: Document
    after: Document
    declared: Declared
    operation: Operation


def broken_by(edit: Edit) -> str:
    """What an edit broke, as a sentence; empty where it broke nothing."""
    if edit.after.errors:
        error = edit.after.errors[0]
        return f"the file could not be read after the edit (line {error.line}: {error.message})"
    before, after = list(edit.before.declared), list(edit.after.declared)
    index = next(i for i, one in enumerate(before) if one.block.span == edit.declared.block.span)
    if isinstance(edit.operation, AddResource):
        added = [one for one in after if one.block.address == edit.operation.address]
        if len(added) != 1:
            return "the edit would not add exactly the resource that it names"
        after.remove(added[0])
        index = -1
    if len(before) != len(after):
        return "the edit would add or lose a block"
    for position, (one, other) in enumerate(zip(before, after, strict=True)):
        if one.block.address.split("#")[0] != other.block.address:
            return f"the edit would rename {one.block.address}"
        if position != index and _text(one, edit.before) != _text(other, edit.after):
            return f"the edit would change {one.block.address} too"
    return ""


def _text(declared: Declared, document: Document) -> bytes:
    """The text of a block; of a local its value alone, as the columns of `locals` move together."""
    span = declared.block.span
    start = declared.node.children[-1].start_byte if declared.node and declared.block.kind == "local" else span.start
    return document.text[start : span.end]
