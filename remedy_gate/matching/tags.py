"""The tags that code gives a resource, and the blocks that bear a mark of a tool in them."""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.reading import Place
from remedy_gate.iac.values import Fields, Items, Known, Value, settled

MARKS = ("yor_trace", "git_file")
"""Tags that yor and its like write into code: https://github.com/bridgecrewio/yor."""


def tags_of(place: Place) -> dict[str, str]:
    """The tags of a block, as far as they are known."""
    body = place.module.resolved(place.block.address)
    if place.module.language == "terraform":
        return _entries(body.get("tags"))
    properties = body.get("Properties")
    if not isinstance(properties, Fields):
        return {}
    listed = [value for name, value in properties.entries if name.endswith("Tags")]
    return {key: text for value in listed for key, text in _entries(value).items()}


def marked_places(modules: Iterator[Module]) -> Iterator[tuple[Place, dict[str, str]]]:
    """The resources whose text has a mark, with all their tags."""
    for module in modules:
        for path, text in module.files.items():
            if any(mark.encode() in text for mark in MARKS):
                yield from ((place, tags_of(place)) for place in _marked_in(module, path))


def _marked_in(module: Module, path: str) -> Iterator[Place]:
    text = module.files[path]
    for block in module.blocks.values():
        if block.path == path and block.kind == "resource" and _is_marked(text, block):
            yield Place(module, block)


def _is_marked(text: bytes, block: Block) -> bool:
    part = text[block.span.start : block.span.end]
    return any(mark.encode() in part for mark in MARKS)


def _entries(value: Value) -> dict[str, str]:
    """Tags as a map, or as a list of keys and values."""
    value = settled(value)
    if isinstance(value, Fields):
        return {key: str(one.value) for key, one in _known(value)}
    found: dict[str, str] = {}
    for item in value.items if isinstance(value, Items) else ():
        pair = dict(_known(item)) if isinstance(item, Fields) else {}
        if "Key" in pair and "Value" in pair:
            found[str(pair["Key"].value)] = str(pair["Value"].value)
    return found


def _known(fields: Fields) -> list[tuple[str, Known]]:
    settled_entries = ((key, settled(inner)) for key, inner in fields.entries)
    return [(key, one) for key, one in settled_entries if isinstance(one, Known) and one.value is not None]
