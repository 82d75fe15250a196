"""Making what a path names and is not there yet: keys, arguments, nested blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.errors import PatchError
from remedy_gate.iac.operations import Data, Table

from .layout import Splice, margin_of
from .locating import BlocksPlace, BodyPlace, Missing, has_dynamic, located
from .placing import entry_margin, is_inline, new_argument, new_block, new_element
from .writing import argument_name, blocks_in, written_block, written_data, written_key

if TYPE_CHECKING:
    import tree_sitter

    from remedy_gate.iac.values import Path

    from .work import Work


def created(place: Missing, value: Data, work: Work) -> list[Splice]:
    """Write a value where nothing stands yet, with the maps and blocks on the way to it."""
    if isinstance(place.parent, BodyPlace):
        return _created_in_body(place.parent, place.rest, value, work)
    step, rest = place.rest[0], place.rest[1:]
    if isinstance(step, int):
        raise PatchError(f"the list has no item {step}")
    inline = is_inline(place.parent, work.text)
    written = value_in(place.parent, wrapped(rest, value), work, inline=inline)
    pair = f"{written_key(step)} {_sign(place.parent)} {written}"
    return new_element(place.parent, pair, work.text, work.layout)


def _sign(collection: tree_sitter.Node) -> str:
    """`=` or `:`, as the pairs have it that are there."""
    pairs = [child for child in collection.children if child.type == "object_elem"]
    return ":" if pairs and any(child.type == ":" for child in pairs[-1].children) else "="


def value_in(collection: tree_sitter.Node, value: Data, work: Work, *, inline: bool) -> str:
    """A value as it is written inside an object or list."""
    elements = [child for child in collection.children if child.type in {"object_elem", "expression"}]
    if elements:
        margin = margin_of(work.text, elements[-1].start_byte)
    else:
        margin = margin_of(work.text, collection.start_byte) + work.layout.step
    return written_data(value, margin, work.layout, inline=inline)


def wrapped(rest: Path, value: Data) -> Data:
    """The value inside the maps that the rest of a path names."""
    for step in reversed(rest):
        if isinstance(step, int):
            raise PatchError(f"there is no list yet, so no item {step}")
        value = Table(((step, value),))
    return value


def _created_in_body(parent: BodyPlace, rest: Path, value: Data, work: Work) -> list[Splice]:
    name, inner = str(rest[0]), rest[1:]
    numbered = bool(inner) and isinstance(inner[0], int)
    if numbered:
        _check_next(parent, name, inner[0], work)
        inner = inner[1:]
    data = wrapped(inner, value)
    blocks = blocks_in(name, data, parent.shape)
    if blocks is None:
        if numbered:
            raise PatchError(f"there is no list `{name}` yet, so no item in it")
        margin = entry_margin(parent.block, work.text, work.layout)
        entry = f"{argument_name(name)} = {written_data(data, margin, work.layout)}"
        return new_argument(parent.block, entry, work.text, work.layout)
    return new_blocks(parent, name, blocks, work)


def _check_next(parent: BodyPlace, name: str, number: int | str, work: Work) -> None:
    place = located(parent, (name,), work.text)
    there = len(place.blocks) if isinstance(place, BlocksPlace) else 0
    if number != there:
        raise PatchError(f"there are {there} `{name}` blocks, so number {number} is not the next")


def new_blocks(parent: BodyPlace, name: str, blocks: tuple[Table, ...], work: Work) -> list[Splice]:
    """Write nested blocks behind those of their name, else behind everything in the body."""
    if not blocks:
        raise PatchError(f"`{name}` is a nested block; no blocks means that nothing is to be written")
    margin = entry_margin(parent.block, work.text, work.layout)
    shape = parent.shape.inside(name)
    texts = [written_block(argument_name(name), block, shape, margin, work.layout) for block in blocks]
    joined = (work.layout.line_end * 2 + margin).join(texts)
    place = None if has_dynamic(parent.block, name, work.text) else located(parent, (name,), work.text)
    after = place.blocks[-1] if isinstance(place, BlocksPlace) else None
    return new_block(parent.block, joined, work.text, work.layout, after)
