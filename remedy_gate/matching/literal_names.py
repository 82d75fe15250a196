"""Names that HCL states as plain texts, or with plain names of values in them, found without reading any block.

A module of thousands of resources is searched in a few milliseconds, where reading each of them takes half a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from remedy_gate.iac.module import Block, Module

from .identity import name_attribute

Stated: TypeAlias = "tuple[Block, str]"
"""A block and the name that it states, in which `${var.x}` and `${local.x}` may stand. The empty text: the block may
have a name, which takes reading it."""


class _Wanted(NamedTuple):
    """How an attribute is looked for. `first`: before any nested block, comment or text that spans lines."""

    first: re.Pattern[bytes]
    anywhere: re.Pattern[bytes]
    prefix: bytes


def literal_names(module: Module) -> Iterator[Stated]:
    """Every resource of a Terraform module that has a name, or may have one."""
    files = module.files
    overridden = any(path.rpartition("/")[2].startswith("override.") or "_override." in path for path in files)
    unread = frozenset(path for path in files if overridden or path.endswith(".json"))
    for block in module.blocks.values():
        address, kind, type_name, _, path, span, _ = block
        wanted = _wanted_in(type_name) if kind == "resource" else None
        if wanted is None or "#" in address:
            continue
        if path in unread:
            yield block, ""
            continue
        text, (start, end) = files[path], span
        found = wanted.first.match(text, start, end)
        if found is not None and text.find(wanted.prefix, found.end(), end) < 0:
            yield block, str(found[1], "utf-8", "replace")
        elif (name := _read(start, text, list(wanted.anywhere.finditer(text, start, end)))) is not None:
            yield block, name


def _read(start: int, text: bytes, hits: list[re.Match[bytes]]) -> str | None:
    """The name of the block at `start`, of all in it that may be the name; the empty text where it takes reading the block."""
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


@lru_cache(maxsize=1_024)
def _wanted_in(type_name: str) -> _Wanted | None:
    """How the name of a resource of this type is looked for; None where it has none."""
    attribute = name_attribute(type_name)
    return _wanted(attribute) if attribute is not None else None


@lru_cache(maxsize=256)
def _wanted(attribute: str) -> _Wanted:
    """An attribute at the beginning of a line or of a block, and its value if that is plain text and nothing more."""
    value = r'"((?:[^"\\$%\n]|\$\{(?:var|local)\.\w+\})+)"[ \t]*(?=[\r\n#}]|//)'
    first = rf"[^{{\n]*\{{(?:[^{{}}<#/]*?\n)?[ \t]*{attribute}[ \t]*=[ \t]*{value}"
    anywhere = rf"[{{\n][ \t]*({attribute}(?:_prefix)?)[ \t]*=[ \t]*(?:{value})?"
    return _Wanted(re.compile(first.encode()), re.compile(anywhere.encode()), f"{attribute}_prefix".encode())
