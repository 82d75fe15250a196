"""The splices of each operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.errors import PatchError
from remedy_gate.iac.operations import AddItem, AddResource, Data, Raw, Ref, RemoveValue, SetValue, Table
from remedy_gate.iac.values import path_text

from .checked_data import checked
from .creating import created, new_blocks, value_in
from .json_editing import splices_in_text
from .layout import Layout, Splice, margin_of
from .locating import (
    ArgumentPlace,
    BlocksPlace,
    BodyPlace,
    ElementPlace,
    Missing,
    TextPlace,
    WrittenAsArgument,
    has_dynamic,
    literal_in,
)
from .misplaced import as_block
from .placing import is_inline, is_one_line, new_element, new_top_block
from .removing import without_element, without_entry
from .shapes import kind_and_type, shape_of
from .work import Work
from .writing import argument_name, written_block, written_data

if TYPE_CHECKING:
    import tree_sitter

    from remedy_gate.iac.schema import Schemas
    from remedy_gate.iac.values import Path

    from .document import Declared
    from .module import TerraformModule


def set_value(
    module: TerraformModule, declared: Declared, operation: SetValue, schemas: Schemas | None
) -> list[Splice]:
    """Make the value at the path be the given one."""
    checked(operation.value, module)
    work = Work(module, declared, schemas)
    try:
        place = work.place(operation.path)
    except WrittenAsArgument as found:
        return as_block(found, operation.value, work)
    match place:
        case ArgumentPlace():
            return _replaced(place.attribute.children[-1], operation.value, work)
        case ElementPlace():
            return _replaced(place.value, operation.value, work)
        case BlocksPlace():
            return _replaced_blocks(place, operation.value, work)
        case Missing():
            return created(place, operation.value, work)
        case TextPlace():
            return _in_text(place, operation)


def _in_text(place: TextPlace, operation: SetValue | RemoveValue | AddItem) -> list[Splice]:
    inside = splices_in_text(place.root, place.rest, operation, place.text)
    return [Splice(splice.start + place.start, splice.end + place.start, splice.text) for splice in inside]


def _replaced(expression: tree_sitter.Node, value: Data, work: Work) -> list[Splice]:
    margin = margin_of(work.text, expression.start_byte)
    on_one_line = b"\n" not in work.text[expression.start_byte : expression.end_byte]
    inline = on_one_line and _in_inline(expression, work.text)
    return [
        Splice(
            expression.start_byte,
            expression.end_byte,
            written_data(value, margin, work.layout, inline=inline),
        )
    ]


def _in_inline(expression: tree_sitter.Node, text: bytes) -> bool:
    """Whether an expression is part of an object, list or block that stands on one line."""
    above = expression.parent
    while above is not None and above.type not in {"object", "tuple", "block"}:
        above = above.parent
    if above is None:
        return False
    return is_one_line(above, text) if above.type == "block" else b"\n" not in text[above.start_byte : above.end_byte]


def _replaced_blocks(place: BlocksPlace, value: Data, work: Work) -> list[Splice]:
    if isinstance(value, Table):
        place.only()
    elif place.one is not None:
        raise PatchError(f"one `{place.name}` block cannot be replaced by several")
    shape = place.body.shape
    tables = (value,) if isinstance(value, Table) else value if isinstance(value, tuple) else ()
    if not tables or not all(isinstance(table, Table) for table in tables) or isinstance(value, Raw | Ref):
        raise PatchError(f"`{place.name}` is a nested block, and this is the value of an argument")
    blocks = place.blocks if place.one is None else (place.one,)
    margin = margin_of(work.text, blocks[0].start_byte)
    inner = shape.inside(place.name)
    texts = [written_block(place.name, one, inner, margin, work.layout) for one in tables if isinstance(one, Table)]
    last = min(len(blocks), len(texts)) - 1
    texts[last:] = [(work.layout.line_end * 2 + margin).join(texts[last:])]
    splices = [Splice(block.start_byte, block.end_byte, text) for block, text in zip(blocks, texts, strict=False)]
    for block in blocks[last + 1 :]:
        splices.extend(without_entry(place.body.block, block, work.text))
    return splices


def removed_value(
    module: TerraformModule, declared: Declared, operation: RemoveValue, schemas: Schemas | None
) -> list[Splice]:
    """Take what the path names away."""
    work = Work(module, declared, schemas)
    place = work.place(operation.path)
    match place:
        case ArgumentPlace():
            if work.block.kind == "local":
                raise PatchError("a local cannot be without its value")
            return without_entry(place.body.block, place.attribute, work.text)
        case BlocksPlace():
            return without_entry(place.body.block, place.only(), work.text)
        case ElementPlace():
            return without_element(place.container, place.element, work.text)
        case Missing():
            raise PatchError(f"there is no {path_text(operation.path)}")
        case TextPlace():
            return _in_text(place, operation)


def added_item(
    module: TerraformModule, declared: Declared, operation: AddItem, schemas: Schemas | None
) -> list[Splice]:
    """Add to a list, or one more nested block."""
    checked(operation.value, module)
    work = Work(module, declared, schemas)
    last = operation.path[-1] if operation.path else None
    if isinstance(last, str):
        body = _body_at(work, operation.path[:-1])
        if body is not None and has_dynamic(body.block, last, work.text) and isinstance(operation.value, Table):
            return new_blocks(body, last, (operation.value,), work)
    place = work.place(operation.path)
    match place:
        case ArgumentPlace():
            return _appended(place.attribute.children[-1], operation, work)
        case ElementPlace():
            return _appended(place.value, operation, work)
        case BlocksPlace():
            if not isinstance(operation.value, Table) or place.one is not None:
                raise PatchError(f"`{place.name}` is a nested block, and only such a block can be added to it")
            return new_blocks(place.body, place.name, (operation.value,), work)
        case Missing():
            return created(place, _first_item(place, operation.value), work)
        case TextPlace():
            return _in_text(place, operation)


def _body_at(work: Work, path: Path) -> BodyPlace | None:
    if not path:
        return work.body
    place = work.place(path)
    if isinstance(place, BlocksPlace) and (place.one is not None or len(place.blocks) == 1):
        return BodyPlace(place.one or place.blocks[0], place.body.shape.inside(place.name))
    return None


def _first_item(place: Missing, value: Data) -> Data:
    """The value that stands for a list of one item: a block stands for itself."""
    if isinstance(place.parent, BodyPlace) and isinstance(value, Table):
        shape = place.parent.shape
        for step in place.rest[:-1]:
            shape = shape.inside(str(step))
        if shape.is_block(str(place.rest[-1])) is not False:
            return value
    return (value,)


def _appended(expression: tree_sitter.Node, operation: AddItem, work: Work) -> list[Splice]:
    collection = literal_in(expression)
    if collection is None or collection.type != "tuple":
        raise PatchError(f"{path_text(operation.path)} is not written out as a list")
    inline = is_inline(collection, work.text)
    return new_element(collection, value_in(collection, operation.value, work, inline=inline), work.text, work.layout)


def added_resource(
    module: TerraformModule, declared: Declared, operation: AddResource, schemas: Schemas | None
) -> list[Splice]:
    """Add a resource, or a data source, behind another block."""
    if operation.address in module.blocks:
        raise PatchError(f"{operation.address} exists already")
    checked(operation.body, module)
    if declared.block.kind == "local":
        raise PatchError("a resource cannot stand among locals")
    work = Work(module, declared, schemas)
    kind, type_name = kind_and_type(operation.type)
    shape = shape_of(kind, type_name, schemas)
    header = f'{kind} "{argument_name(type_name)}" "{argument_name(operation.name)}"'
    entry = written_block(header, operation.body, shape, "", Layout(work.layout.line_end, work.layout.step))
    assert declared.node is not None
    return new_top_block(declared.node, entry, work.text, work.layout)
