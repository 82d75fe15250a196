"""Names that HCL states as plain texts, found without reading any block; what is not plain is left to a closer look.

A module of thousands of resources is searched in a few milliseconds, where reading each of them takes half a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from remedy_gate.iac.module import Block, Module

from .identity import name_attribute

_DOUBTFUL = (b"<<", b"/*")


class Literal(NamedTuple):
    """A block and the name that it states."""

    block: Block
    text: str


class Doubt(NamedTuple):
    """A block that may have a name, which takes reading it."""

    module: Module
    block: Block


def literal_names(module: Module) -> Iterator[Literal | Doubt]:
    """Every resource of a Terraform module that has a name, or may have one."""
    by_file: dict[str, list[tuple[Block, str]]] = {}
    for block in module.blocks.values():
        if block.kind == "resource" and "#" not in block.address:
            attribute = name_attribute(block.type)
            if attribute is not None:
                by_file.setdefault(block.path, []).append((block, attribute))
    overridden = any(path.rpartition("/")[2].startswith("override.") or "_override." in path for path in module.files)
    for path, named in by_file.items():
        if path.endswith(".json") or overridden:
            yield from (Doubt(module, block) for block, _ in named)
        else:
            yield from _in_file(module, module.files[path], sorted(named, key=lambda one: one[0].span.start))


def _in_file(module: Module, text: bytes, named: list[tuple[Block, str]]) -> Iterator[Literal | Doubt]:
    attributes = {attribute for _, attribute in named}
    hits = iter(_expression(attributes).finditer(text))
    hit = next(hits, None)
    for block, attribute in named:
        while hit is not None and hit.start() < block.span.start:
            hit = next(hits, None)
        own: list[re.Match[bytes]] = []
        while hit is not None and hit.start() < block.span.end:
            if hit[1].decode() in {attribute, f"{attribute}_prefix"}:
                own.append(hit)
            hit = next(hits, None)
        found = _read(block, text, own)
        if found is None:
            continue
        yield Doubt(module, block) if found == "" else Literal(block, found)


def _read(block: Block, text: bytes, hits: list[re.Match[bytes]]) -> str | None:
    """The name of a block; the empty text where it takes reading the block, None where it has none."""
    outermost: list[re.Match[bytes]] = []
    for hit in hits:
        before = text[block.span.start : hit.start(1)]
        opened = before.count(b"{")
        if any(mark in before for mark in _DOUBTFUL) or (opened > 1 and (b"#" in before or b"//" in before)):
            return ""
        if opened - before.count(b"}") == 1:
            outermost.append(hit)
    if not outermost:
        return None
    plain = outermost[0][2]
    if len(outermost) > 1 or plain is None or outermost[0][1].endswith(b"_prefix"):
        return ""
    return plain.decode("utf-8", "replace")


def _expression(attributes: set[str]) -> re.Pattern[bytes]:
    """An attribute at the beginning of a line or of a block, and its value if that is a text and nothing more."""
    names = "|".join(sorted(f"{name}{suffix}" for name in attributes for suffix in ("", "_prefix")))
    return re.compile(rf'(?:^|[{{\n])[ \t]*({names})[ \t]*=[ \t]*(?:"([^"\\$%\n]+)"[ \t]*(?=[\r\n#}}]|//))?'.encode())
