"""What a prompt is made of, as plain texts: blocks, what they come to, and what their type allows."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import NamedTuple, assert_never

from remedy_gate.domain.finding import Finding
from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.schema import Argument
from remedy_gate.iac.values import Absent, Fields, Items, Known, OneOf, Reference, Unknown, Value

MOST_BLOCK = 16_000
MOST_NEIGHBOUR = 6_000
MOST_NEIGHBOURS = 12
MOST_ARGUMENTS = 160
DEEPEST_SCHEMA = 3
MOST_TEXT = 6_000


class Neighbour(NamedTuple):
    """A block that the matched one refers to, or that refers to it."""

    relation: str
    block: Block


def code_of(module: Module, block: Block) -> str | None:
    """The block's own text; None where it is not UTF-8."""
    try:
        return module.files[block.path][block.span.start : block.span.end].decode()
    except UnicodeDecodeError:
        return None


def neighbours(module: Module, address: str) -> tuple[Neighbour, ...]:
    """The blocks that this one names and those that name it, in that order, those left out that are too large."""
    named = [
        Neighbour("referenced", module.blocks[a]) for a in sorted(module.references(address)) if a in module.blocks
    ]
    short = address if module.language == "terraform" else address.rpartition(".")[2]
    mentioned = _mentions(module, short)
    naming = [
        Neighbour("referencing", block)
        for other, block in (module.blocks.items() if mentioned else ())
        if other != address and _is_within(mentioned.get(block.path, []), block) and address in module.references(other)
    ]
    found: dict[str, Neighbour] = {}
    for neighbour in (*named, *naming):
        span = neighbour.block.span
        if neighbour.block.address != address and span.end - span.start <= MOST_NEIGHBOUR:
            found.setdefault(neighbour.block.address, neighbour)
    return tuple(found.values())[:MOST_NEIGHBOURS]


def _mentions(module: Module, name: str) -> dict[str, list[tuple[int, int]]]:
    """Where a name stands in the files of a module, from the first to the last; files without it are left out."""
    needle = re.escape(name.encode("utf-8", "surrogateescape"))
    places = {path: [found.span() for found in re.finditer(needle, text)] for path, text in module.files.items()}
    return {path: spans for path, spans in places.items() if spans}


def _is_within(spans: list[tuple[int, int]], block: Block) -> bool:
    """Whether one of the places lies in the block."""
    first = bisect_left(spans, (block.span.start, 0))
    return first < len(spans) and spans[first][1] <= block.span.end


def finding_text(finding: Finding) -> str:
    """The finding as normalised. Its URL, dates and accounts are no help to a repair, and stay here."""
    resource = finding.resources[0] if finding.resources else None
    lines = [
        f"title: {finding.title}",
        f"reported by {', '.join(finding.sources or (finding.source,))} as {finding.rule_id}",
        f"severity {finding.severity}",
    ]
    if resource is not None and resource.type:
        lines.append(f"cloud type {resource.type}")
    return "\n".join(lines)[:MOST_TEXT]


def values_text(body: Fields) -> str:
    """The resolved body as JSON, with unknowns and references in words."""
    return json.dumps(_plain(body), indent=1, ensure_ascii=False, default=str)[:MOST_TEXT]


def _plain(value: Value) -> object:
    match value:
        case Known(scalar):
            return scalar
        case Items(items, complete):
            return [*map(_plain, items), *(() if complete else ("(there may be more)",))]
        case Fields(entries, complete):
            body = {key: _plain(item) for key, item in entries}
            return body if complete else {**body, "(there may be more)": None}
        case Reference(address, attribute, behind):
            come_to = "" if isinstance(behind, Unknown | Absent) else f" = {json.dumps(_plain(behind), default=str)}"
            return f"-> {'.'.join((address, *attribute))}{come_to}"
        case OneOf(options):
            return {"(one of)": [_plain(option) for option in options]}
        case Unknown(reason):
            return f"(unknown: {reason})"
        case Absent():
            return None
        case _:
            assert_never(value)


def schema_text(arguments: Mapping[str, Argument] | None) -> str:
    """The arguments of a type, a line each, nested ones indented; the empty text where nobody knows them."""
    if arguments is None:
        return ""
    lines = list(_arguments(arguments, 0))
    more = f"\n(and {len(lines) - MOST_ARGUMENTS} more)" if len(lines) > MOST_ARGUMENTS else ""
    return "\n".join(lines[:MOST_ARGUMENTS]) + more


def _arguments(arguments: Mapping[str, Argument], depth: int) -> Iterator[str]:
    for name, argument in arguments.items():
        if argument.readable:
            continue
        said = argument.type + (f" of {argument.item}" if argument.item else "")
        said += ", required" if argument.required else ""
        said += ", a change replaces the resource" if argument.replaces else ""
        yield f"{'  ' * depth}{name} ({said})"
        if argument.arguments and depth + 1 < DEEPEST_SCHEMA:
            yield from _arguments(argument.arguments, depth + 1)
