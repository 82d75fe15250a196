"""Data as HCL: literals, lists, objects, and nested blocks where the schema says that they are blocks."""

from __future__ import annotations

import re

from remedy_gate.errors import PatchError
from remedy_gate.iac.operations import Data, Raw, Ref, Table

from .layout import Layout
from .quoting import quoted
from .shapes import Shape

_IDENTIFIER = re.compile(r"[A-Za-z_][\w-]*\Z")


def written_data(data: Data, margin: str, layout: Layout, *, inline: bool = False) -> str:
    """A value as an expression. Lists of scalars stand on one line, objects open up unless `inline`."""
    match data:
        case Raw():
            return data.text.replace("\r\n", "\n").replace("\n", layout.line_end)
        case Ref():
            return written_reference(data)
        case Table():
            return _object(data, margin, layout, inline=inline)
        case tuple():
            return _list(data, margin, layout, inline=inline)
        case str():
            return quoted(data)
        case bool():
            return "true" if data else "false"
        case None:
            return "null"
        case float():
            return _number(data)
        case _:
            return str(data)


def _number(number: float) -> str:
    if number != number or number in {float("inf"), float("-inf")}:  # noqa: PLR0124 - only NaN differs from itself
        raise PatchError("a number that is not finite cannot be written")
    return (
        str(int(number))
        if number.is_integer() and abs(number) < 2**53
        else f"{number:.17g}"
        if "e" not in repr(number)
        else repr(number)
    )


def written_reference(reference: Ref) -> str:
    """`aws_kms_key.main.arn`."""
    if "#" in reference.address:
        raise PatchError(f"{reference.address} shares its name with another block, so it cannot be referred to")
    address = reference.address.removeprefix("provider.")
    return f"{address}.{reference.attribute}" if reference.attribute else address


def written_key(name: str) -> str:
    """A key of an object: bare where it may be, else quoted."""
    return name if _IDENTIFIER.match(name) else quoted(name)


def _object(table: Table, margin: str, layout: Layout, *, inline: bool) -> str:
    if not table.entries:
        return "{}"
    deeper = margin + layout.step
    pairs = [f"{written_key(key)} = {written_data(item, deeper, layout, inline=inline)}" for key, item in table.entries]
    if inline:
        return "{ " + ", ".join(pairs) + " }"
    lines = "".join(f"{deeper}{pair}{layout.line_end}" for pair in pairs)
    return "{" + layout.line_end + lines + margin + "}"


def _list(items: tuple[Data, ...], margin: str, layout: Layout, *, inline: bool) -> str:
    if inline or not any(isinstance(item, Table) for item in items):
        return "[" + ", ".join(written_data(item, margin, layout, inline=True) for item in items) + "]"
    deeper = margin + layout.step
    lines = "".join(f"{deeper}{written_data(item, deeper, layout)},{layout.line_end}" for item in items)
    return "[" + layout.line_end + lines + margin + "]"


def written_block(header: str, table: Table, shape: Shape, margin: str, layout: Layout) -> str:
    """A block: its arguments in their order, and a blank line before each nested block that does not come first."""
    body = _body(table, shape, margin + layout.step, layout)
    if not body:
        return f"{header} {{}}" if not table.entries else f"{header} {{{layout.line_end}{margin}}}"
    return f"{header} {{{layout.line_end}{body}{margin}}}"


def _body(table: Table, shape: Shape, margin: str, layout: Layout) -> str:
    text = ""
    after_block = False
    for name, item in table.entries:
        blocks = blocks_in(name, item, shape)
        if blocks is None:
            text += layout.line_end if after_block else ""
            text += f"{margin}{argument_name(name)} = {written_data(item, margin, layout)}{layout.line_end}"
            after_block = False
            continue
        for block in blocks:
            text += layout.line_end if text else ""
            text += margin + written_block(argument_name(name), block, shape.inside(name), margin, layout)
            text += layout.line_end
            after_block = True
    return text


def argument_name(name: str) -> str:
    """The name of an argument or block, refused where HCL has no way to write it."""
    if not _IDENTIFIER.match(name):
        raise PatchError(f"`{name}` cannot be the name of an argument")
    return name


def blocks_in(name: str, item: Data, shape: Shape) -> tuple[Table, ...] | None:
    """The nested blocks that a value stands for; None where it is the value of an argument."""
    is_block = shape.is_block(name)
    tables = _tables(item)
    if is_block:
        if tables is None:
            raise PatchError(f"`{name}` is a nested block, and this is the value of an argument")
        return tables
    if is_block is None and tables:
        raise PatchError(f"the schema does not say whether `{name}` is a nested block or an argument")
    return None


def _tables(item: Data) -> tuple[Table, ...] | None:
    if isinstance(item, Table):
        return (item,)
    if isinstance(item, tuple) and not isinstance(item, Raw | Ref):
        tables = tuple(one for one in item if isinstance(one, Table))
        return tables if len(tables) == len(item) else None
    return None
