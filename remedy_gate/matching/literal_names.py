"""Names that HCL states as plain texts, or with plain names of values in them, found without reading any block.

A module of thousands of resources is searched in a few milliseconds, where reading each of them takes half a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from remedy_gate.iac.module import Block, Module

from .identity import name_attribute


class Literal(NamedTuple):
    """A block and the name that it states; `${var.x}` and `${local.x}` may stand in it."""

    block: Block
    text: str


class Doubt(NamedTuple):
    """A block that may have a name, which takes reading it."""

    module: Module
    block: Block


def literal_names(module: Module) -> Iterator[Literal | Doubt]:
    """Every resource of a Terraform module that has a name, or may have one."""
    by_file: dict[str, list[Block]] = {}
    for block in module.blocks.values():
        if block.kind == "resource" and "#" not in block.address:
            by_file.setdefault(block.path, []).append(block)
    files = module.files
    overridden = any(path.rpartition("/")[2].startswith("override.") or "_override." in path for path in files)
    for path, blocks in by_file.items():
        attributes = {kind: name for kind in {block.type for block in blocks} if (name := name_attribute(kind))}
        named = [block for block in blocks if block.type in attributes]
        if path.endswith(".json") or overridden:
            yield from (Doubt(module, block) for block in named)
        elif named:
            yield from _in_file(module, files[path], sorted(named, key=lambda one: one.span.start), attributes)


def _in_file(
    module: Module, text: bytes, blocks: list[Block], attributes: Mapping[str, str]
) -> Iterator[Literal | Doubt]:
    wanted = {kind: (name.encode(), f"{name}_prefix".encode()) for kind, name in attributes.items()}
    places = [(block.span.start, block.span.end, wanted[block.type]) for block in blocks]
    last, number, own = len(places) - 1, -1, list[re.Match[bytes]]()
    start, end, names = -1, -1, (b"", b"")
    for hit in _expression(set(attributes.values())).finditer(text):
        here = hit.start()
        if number < last and places[number + 1][0] <= here:
            if own:
                yield from _named(module, blocks[number], text, own)
                own = []
            while number < last and places[number + 1][0] <= here:
                number += 1
            start, end, names = places[number]
        if start <= here and hit.end() <= end and hit[1] in names:
            own.append(hit)
    if own:
        yield from _named(module, blocks[number], text, own)


def _named(module: Module, block: Block, text: bytes, hits: list[re.Match[bytes]]) -> Iterator[Literal | Doubt]:
    name = _read(block.span.start, text, hits)
    if name is not None:
        yield Literal(block, name) if name else Doubt(module, block)


def _read(start: int, text: bytes, hits: list[re.Match[bytes]]) -> str | None:
    """The name of the block at `start`; the empty text where it takes reading the block, None where it has none."""
    outermost: list[re.Match[bytes]] = []
    for hit in hits:
        here = hit.start()
        if text.find(b"\n", start, here) < 0 and text.find(b"/*", start, here) < 0:  # nothing has been opened yet
            outermost.append(hit)
            continue
        opened = text.count(b"{", start, here)
        if text.find(b"<<", start, here) >= 0 or text.find(b"/*", start, here) >= 0:
            return ""
        if opened > 1 and (text.find(b"#", start, here) >= 0 or text.find(b"//", start, here) >= 0):
            return ""
        if opened - text.count(b"}", start, here) == 1:
            outermost.append(hit)
    if not outermost:
        return None
    attribute, plain = outermost[0].groups()
    if len(outermost) > 1 or plain is None or attribute.endswith(b"_prefix"):
        return ""
    return str(plain, "utf-8", "replace")


def _expression(attributes: set[str]) -> re.Pattern[bytes]:
    """An attribute at the beginning of a line or of a block, and its value if that is plain text and nothing more."""
    names = "|".join(sorted(f"{name}{suffix}" for name in attributes for suffix in ("", "_prefix")))
    value = r'"((?:[^"\\$%\n]|\$\{(?:var|local)\.\w+\})+)"[ \t]*(?=[\r\n#}]|//)'
    return re.compile(rf"[{{\n][ \t]*({names})[ \t]*=[ \t]*(?:{value})?".encode())
