"""A nested block that is written as an argument, `health_check = {}`. Terraform refuses it; a remedy writes it right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.errors import PatchError
from remedy_gate.iac.operations import Data, Raw, Table
from remedy_gate.iac.values import Fields, Items, Known, Unknown, Value

from .creating import wrapped
from .layout import Splice, margin_of
from .writing import argument_name, written_block
from .written import written_value

if TYPE_CHECKING:
    from .locating import WrittenAsArgument
    from .work import Work


def as_block(place: WrittenAsArgument, value: Data, work: Work) -> list[Splice]:
    """The block in place of the argument: what the argument says, and the new value at the rest of the path."""
    expression = place.attribute.children[-1]
    source = work.text[place.attribute.start_byte : place.attribute.end_byte]
    if b"#" in source or b"//" in source or b"/*" in source:
        raise PatchError(str(place))  # a comment has no place in what is written anew
    table = _with(_table(written_value(expression, work.text), place), place.rest, value)
    margin = margin_of(work.text, place.attribute.start_byte)
    text = written_block(argument_name(place.name), table, place.body.shape.inside(place.name), margin, work.layout)
    return [Splice(place.attribute.start_byte, place.attribute.end_byte, text)]


def _table(written: Value, place: WrittenAsArgument) -> Table:
    match written:
        case Items(items=()) | Known(value=None):
            return Table(())
        case Items(items=(only,)):
            return _table(only, place)
        case Fields(complete=True):
            return Table(tuple((key, _data(item)) for key, item in written.entries))
        case _:
            raise PatchError(str(place))


def _data(written: Value) -> Data:
    match written:
        case Known():
            return written.value
        case Fields(complete=True):
            return Table(tuple((key, _data(item)) for key, item in written.entries))
        case Items(complete=True):
            return tuple(map(_data, written.items))
        case Unknown():
            return Raw(written.reason)
        case _:
            raise PatchError("what the argument says cannot be written as a block")


def _with(table: Table, rest: tuple[str | int, ...], value: Data) -> Table:
    """The table with the value at the path in it; a number that stands for the only block is passed over."""
    steps = rest[1:] if rest[:1] == (0,) else rest
    if not steps:
        if isinstance(value, Table):
            return value
        raise PatchError("a nested block cannot be replaced by the value of an argument")
    name, deeper = steps[0], steps[1:]
    there = dict(table.entries).get(str(name))
    new = _with(there, deeper, value) if isinstance(there, Table) and deeper else wrapped(deeper, value)
    kept = tuple((key, new if key == name else item) for key, item in table.entries)
    return Table(kept if there is not None else (*kept, (str(name), new)))
