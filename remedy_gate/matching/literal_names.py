"""Names that HCL states as plain texts, or with plain names of values in them, found without reading any block.

A module of thousands of resources is searched in a few milliseconds, where reading each of them takes half a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import TypeAlias

from remedy_gate.iac.module import Block, Module

from .identity import name_attribute

Stated: TypeAlias = "tuple[Block, str]"
"""A block and the name that it states, in which `${var.x}` and `${local.x}` may stand. The empty text: the block may
have a name, which takes reading it."""

_START = attrgetter("span.start")


def literal_names(module: Module) -> Iterator[Stated]:
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
            yield from ((block, "") for block in named)
        elif named:
            text = files[path]
            for block, hits in _hits(text, sorted(named, key=_START), attributes):
                name = _read(block.span.start, text, hits)
                if name is not None:
                    yield block, name


def _hits(
    text: bytes, blocks: list[Block], attributes: Mapping[str, str]
) -> Iterator[tuple[Block, list[re.Match[bytes]]]]:
    """Each block with what may be its name, wherever in it."""
    wanted = {kind: (name.encode(), f"{name}_prefix".encode()) for kind, name in attributes.items()}
    starts = list(map(_START, blocks))
    last, number, own = len(blocks) - 1, -1, list[re.Match[bytes]]()
    start, end, names = -1, -1, (b"", b"")
    for hit in _expression(set(attributes.values())).finditer(text):
        here, there = hit.span()
        if number < last and starts[number + 1] <= here:
            if own:
                yield blocks[number], own
                own = []
            while number < last and starts[number + 1] <= here:
                number += 1
            (start, end), names = blocks[number].span, wanted[blocks[number].type]
        if start <= here and there <= end and hit[1] in names:
            own.append(hit)
    if own:
        yield blocks[number], own


def _read(start: int, text: bytes, hits: list[re.Match[bytes]]) -> str | None:
    """The name of the block at `start`; the empty text where it takes reading the block, None where it has none."""
    outermost: list[re.Match[bytes]] = []
    for hit in hits:
        before = text[start : hit.start()]
        if b"\n" not in before and b"/*" not in before:  # nothing has been opened yet
            outermost.append(hit)
            continue
        opened = before.count(b"{")
        if b"<<" in before or b"/*" in before:
            return ""
        if opened > 1 and (b"#" in before or b"//" in before):
            return ""
        if opened - before.count(b"}") == 1:
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
