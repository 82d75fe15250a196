"""The four operations on `.tf.json` files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from remedy_gate.errors import PatchError
from remedy_gate.iac.operations import AddItem, AddResource, Data, Operation, Raw, Ref, RemoveValue, SetValue, Table
from remedy_gate.iac.values import Path, path_text

from .checked_data import checked
from .creating import wrapped
from .json_layout import inserted, is_inline, json_layout, new_margin, without
from .json_syntax import JsonArray, JsonObject, JsonScalar, JsonValue
from .json_writing import BARE, escaped, json_data, json_key
from .layout import Layout, Splice, margin_of
from .shapes import Shape, kind_and_type, shape_of
from .writing import written_reference

if TYPE_CHECKING:
    from remedy_gate.iac.schema import Schemas

    from .document import Declared
    from .module import TerraformModule


Edit: TypeAlias = "SetValue | RemoveValue | AddItem"


class _Spot(NamedTuple):
    """Where a path leads: the object or list, the step in it, what is there, and the rest where nothing is.

    `block` is the name of the nested block that this is, empty for an argument; `picked`: a number picked it.
    """

    container: JsonObject | JsonArray
    step: str | int
    value: JsonValue | None
    rest: Path
    shape: Shape
    block: str = ""
    picked: bool = False


class _File(NamedTuple):
    """The text that is edited, and its layout."""

    text: bytes
    layout: Layout


def json_splices(
    module: TerraformModule, declared: Declared, operation: Operation, schemas: Schemas | None
) -> list[Splice]:
    """The splices of an operation on a block that is written in JSON."""
    document = module.documents[declared.block.path]
    file = _File(document.text, json_layout(document.text))
    if isinstance(operation, AddResource):
        assert document.root is not None
        if operation.address in module.blocks:
            raise PatchError(f"{operation.address} exists already")
        checked(operation.body, module)
        return _added_resource(document.root, operation, file)
    if not isinstance(operation, RemoveValue):
        checked(operation.value, module)
    path = operation.path
    if declared.block.kind == "local":
        if path[:1] != ("value",):
            raise PatchError("a local has nothing but its `value`")
        path = (declared.block.name, *path[1:])
    spot = _spot(declared.json, path, shape_of(declared.block.kind, declared.block.type, schemas))
    return _spot_splices(spot, operation, file, bare=any(step in BARE for step in operation.path))


def splices_in_text(root: JsonValue, path: Path, operation: Edit, text: bytes) -> list[Splice]:
    """The splices of an operation on JSON that is a text in other code; `path` is what is left of the operation's."""
    if not isinstance(operation, RemoveValue):
        operation = operation._replace(value=_in_quotes(operation.value))
    spot = _spot(root, path, Shape(None, only_values=True))
    return _spot_splices(spot, operation, _File(text, json_layout(text)), bare=True)


def _in_quotes(data: Data) -> Data:
    """Data with every text and expression as it stands between quotes within the text of a heredoc."""
    match data:
        case Raw(text):
            inner = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else f"${{{text}}}"
            if any(mark in inner for mark in '"\\\n'):
                raise PatchError("the expression cannot stand in a text")
            return Raw(inner)
        case Ref():
            return Raw(f"${{{written_reference(data)}}}")
        case Table():
            return Table(tuple((key, _in_quotes(item)) for key, item in data.entries))
        case tuple():
            return tuple(_in_quotes(item) for item in data)
        case str():
            return escaped(data)
        case _:
            return data


def _spot_splices(spot: _Spot, operation: Edit, file: _File, *, bare: bool) -> list[Splice]:
    match operation:
        case SetValue():
            return _set(spot, operation.value, file, bare=bare)
        case AddItem():
            return _added(spot, operation, file, bare=bare)
        case RemoveValue():
            if spot.value is None:
                raise PatchError(f"there is no {path_text(operation.path)}")
            return without(spot.container, spot.value)


def _spot(root: JsonValue | None, path: Path, shape: Shape) -> _Spot:
    value = root
    spot: _Spot | None = None
    for position, step in enumerate(path):
        before = path_text(path[:position])
        if isinstance(step, str):
            container = _object_in(value, before)
            _no_dynamic(container, step)
            value = next((member.value for member in container.members if member.key == step), None)
            block = step if shape.is_block(step) else ""
            spot = _Spot(container, step, value, path[position + 1 :], shape, block)
            shape = shape.inside(step)
        elif isinstance(value, JsonArray):
            found = value.items[step] if step < len(value.items) else None
            block = spot.block if spot is not None else ""
            spot = _Spot(value, step, found, path[position + 1 :], shape, block, picked=True)
            value = found
        elif spot is None or step or isinstance(value, JsonScalar):
            raise PatchError(f"{before} is no list")
        else:
            spot = spot._replace(picked=True)
        if value is None:
            break
    if spot is None:
        raise PatchError("a path must name something in the block")
    return spot


def _object_in(value: JsonValue | None, where: str) -> JsonObject:
    if isinstance(value, JsonArray) and len(value.items) == 1:
        value = value.items[0]
    if isinstance(value, JsonArray):
        raise PatchError(f"{where} is a list of {len(value.items)}; the path must say which item")
    if not isinstance(value, JsonObject):
        raise PatchError(f"{where} is not written out as an object")
    return value


def _no_dynamic(container: JsonObject, name: str) -> None:
    values = {member.key: member.value for member in container.members}
    dynamic = values.get("dynamic")
    if name not in values and isinstance(dynamic, JsonObject) and any(one.key == name for one in dynamic.members):
        raise PatchError(f"`{name}` is made by a dynamic block")


def _set(spot: _Spot, value: Data, file: _File, *, bare: bool) -> list[Splice]:
    data = value if spot.value is not None else wrapped(spot.rest, value)
    if spot.block and not _is_body(data, one=spot.picked):
        raise PatchError(f"`{spot.block}` is a nested block, and this is the value of an argument")
    inline = is_inline(spot.container, file.text)
    if spot.value is not None:
        margin = margin_of(file.text, spot.value.start)
        text = json_data(data, margin, file.layout, inline=inline, bare=bare)
        return [Splice(spot.value.start, spot.value.end, text)]
    margin = new_margin(spot.container, file.text, file.layout)
    text = json_data(data, margin, file.layout, inline=inline, bare=bare)
    if isinstance(spot.step, str):
        return inserted(spot.container, f"{json_key(spot.step)}: {text}", *file)
    if not spot.block or not isinstance(spot.container, JsonArray) or spot.step != len(spot.container.items):
        raise PatchError(f"the list has no item {spot.step}")
    return inserted(spot.container, text, *file)


def _is_body(data: Data, *, one: bool) -> bool:
    """Whether a value can be a nested block, or several where not just `one` is meant."""
    if isinstance(data, Table):
        return True
    return not one and isinstance(data, tuple) and bool(data) and all(isinstance(item, Table) for item in data)


def _added(spot: _Spot, operation: AddItem, file: _File, *, bare: bool) -> list[Splice]:
    value = spot.value
    if value is None:
        is_block = isinstance(spot.step, str) and spot.shape.is_block(str(spot.rest[-1]) if spot.rest else spot.step)
        return _set(spot, operation.value if is_block else (operation.value,), file, bare=bare)
    if isinstance(value, JsonArray) and not (spot.block and not isinstance(operation.value, Table)):
        inline = is_inline(value, file.text)
        margin = new_margin(value, file.text, file.layout)
        return inserted(value, json_data(operation.value, margin, file.layout, inline=inline, bare=bare), *file)
    if spot.block and not spot.picked and isinstance(value, JsonObject) and isinstance(operation.value, Table):
        margin = margin_of(file.text, value.start)
        text = json_data(operation.value, margin, file.layout, inline=is_inline(value, file.text))
        return [Splice(value.start, value.start, "["), Splice(value.end, value.end, f", {text}]")]
    raise PatchError(f"{path_text(operation.path)} is not written out as a list")


def _added_resource(root: JsonObject, operation: AddResource, file: _File) -> list[Splice]:
    """Put the resource under its type, and the type under `resource` or `data`, wherever these are there already."""
    steps, body = (*kind_and_type(operation.type), operation.name), operation.body
    container: JsonObject | JsonArray = root
    for position, step in enumerate(steps):
        inner = (
            next((m.value for m in container.members if m.key == step), None)
            if isinstance(container, JsonObject)
            else None
        )
        if isinstance(inner, JsonObject) and position < len(steps) - 1:
            container = inner
            continue
        rest: Path = steps[position:]
        if isinstance(inner, JsonArray):
            container, rest = inner, steps[position + 1 :]
        break
    inline = is_inline(container, file.text)
    margin = new_margin(container, file.text, file.layout)
    if isinstance(container, JsonArray):
        return inserted(container, json_data(wrapped(rest, body), margin, file.layout, inline=inline), *file)
    text = f"{json_key(str(rest[0]))}: {json_data(wrapped(rest[1:], body), margin, file.layout, inline=inline)}"
    return inserted(container, text, *file)
