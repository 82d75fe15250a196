"""Values that point at something: whether it is there, is of the right kind, and is not the resource itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from remedy_gate.iac.module import Module
from remedy_gate.iac.schema import Schemas
from remedy_gate.iac.values import Fields, Items, Known, OneOf, Path, Reference, Unknown, Value, path_text, settled

from .objections import Objection
from .spelling import is_misspelt
from .standing import Standing
from .symbolic import symbols
from .targets import ARN, CALLED, NAMES_AN_ARN, OF_AWS, Kind, kind_named
from .vocabulary import Vocabulary

NOTHING = frozenset(
    (
        *(
            "",
            "-",
            "none",
            "no",
            "off",
            "nil",
            "null",
            "n/a",
            "na",
            "false",
            "disabled",
            "undefined",
            "empty",
            "unknown",
        ),
        *("todo", "tbd", "fixme", "xxx", "placeholder", "changeme", "change-me", "change_me", "dummy", "test", "foo"),
        *("0", "-1"),
    )
)
"""Texts that stand where a value belongs and mean that there is none. A control may know one of them as right."""
MAY_BE_EMPTY = r"(?i)(prefix|suffix|description|comment|delimiter|value|query|path|body|policy|OriginAccessIdentity)$"
SELF = ("a bucket",)
"""Kinds of things that a resource cannot be for itself."""


class Ground(NamedTuple):
    """Where a value stands, and what may be taken for known: the code before, the owner's parameters, the control.

    `was_empty`: the block had an empty text before, so that one in it now need not be new.
    """

    module: Module
    address: str
    subject: str
    known: Standing
    schemas: Schemas
    words: Vocabulary
    was_empty: bool = False


def objections(ground: Ground, path: Path, value: Value) -> Iterator[Objection]:
    """What is wrong with a value, or with those in it."""
    match value:
        case Reference():
            yield from _of_reference(ground, path, value)
        case Known(value=None):
            return
        case Known(scalar):
            yield from _of_text(ground, path, str(scalar).lower() if isinstance(scalar, bool) else str(scalar))
        case Unknown(reason) if _is_nowhere(reason):
            yield Objection(certain=True, why=f"{_where(ground, path)}: {reason}")
        case Items():
            for index, item in enumerate(value.items):
                yield from objections(ground, (*path, index), item)
        case Fields():
            for name, item in value.entries:
                yield from objections(ground, (*path, name), item)
        case OneOf():
            for option in value.options:
                yield from objections(ground, path, option)
        case _:
            return


def _of_reference(ground: Ground, path: Path, value: Reference) -> Iterator[Objection]:
    where, target = _where(ground, path), ".".join((value.address, *value.attribute))
    block = ground.module.blocks.get(value.address)
    if block is None:
        yield Objection(certain=True, why=f"{where} refers to {value.address}, which is declared nowhere")
        return
    if block.kind not in ("resource", "data"):
        return
    if value.attribute and not _has_attribute(ground, block.kind, block.type, value.attribute[0]):
        yield Objection(certain=True, why=f"{where} refers to {target}, and a {block.type} has no such attribute")
    if settled(symbols(ground.module).body(value.address).get("count")) == Known(0):
        yield Objection(certain=True, why=f"{where} refers to {value.address}, which has no instance")
    kind = _kind_of(path)
    if kind is None:
        return
    if kind.types and block.type not in kind.types:
        yield Objection(certain=True, why=f"{where} has to be {kind.what}, and {target} is none")
    if value.address == ground.subject and kind.what in SELF:
        yield Objection(certain=True, why=f"{where} is the resource itself")


def _of_text(ground: Ground, path: Path, text: str) -> Iterator[Objection]:
    kind, where, name = _kind_of(path), _where(ground, path), _name(path)
    if ground.words.knows(name, text) and (kind is None or kind.what not in SELF):
        return
    if not text.strip() and name not in ground.words.tested:
        if not re.search(MAY_BE_EMPTY, name) and not ground.was_empty:
            yield Objection(certain=False, why=f"{where} is {text!r}, which says nothing")
    elif name in ground.words.tested and text.strip().lower() in NOTHING and _is_text(ground, path):
        yield Objection(certain=not text.strip(), why=f"{where} is {text!r}, which says nothing")
    elif name in ground.words.tested and is_misspelt(name, text):
        yield Objection(certain=False, why=f"{where} is {text!r}, which the service is not known to take")
    elif kind is not None and not re.match(kind.text, text) and not re.match(OF_AWS, text):
        yield Objection(certain=True, why=f"{where} has to be {kind.what}, and {text!r} cannot be one")
    elif kind is not None and kind.what in SELF and text in _own_names(ground):
        yield Objection(certain=True, why=f"{where} is the resource itself")
    elif (
        _points(ground, path, text)
        and not re.match(OF_AWS, text)
        and text not in ground.known
        and not _is_named(ground, text, kind)
    ):
        yield Objection(
            certain=False,
            why=f"{where} is {text!r}, and the code does not show that there is such a thing: a reviewer has to look",
        )


def _points(ground: Ground, path: Path, text: str) -> bool:
    """Whether a text names something outside of its block: by its own form, or by what the attribute is for."""
    kind, name = _kind_of(path), _name(path)
    of_kind = kind is not None and (bool(kind.types) or kind.what in CALLED)
    return of_kind or name in ground.words.pointing or bool(re.search(NAMES_AN_ARN, name)) or bool(re.match(ARN, text))


def _is_text(ground: Ground, path: Path) -> bool:
    """Whether the schema wants a text there: for a number 0 says something."""
    block = ground.module.blocks[ground.address]
    known = ground.schemas.arguments(f"data.{block.type}" if block.kind == "data" else block.type)
    argument = None
    for step in path[1:] if path[:1] == ("Properties",) else path:
        if isinstance(step, str):
            argument = known.get(step) if known is not None else None
            known = argument.arguments if argument is not None else None
    return argument is not None and argument.type in ("string", "any")


def _is_named(ground: Ground, text: str, kind: Kind | None) -> bool:
    """Whether a resource of the module bears the name."""
    types = kind.types if kind is not None else ()
    return any(
        text in _names(ground.module, address)
        for address, block in ground.module.blocks.items()
        if block.kind == "resource" and (not types or block.type in types)
    )


def _own_names(ground: Ground) -> set[str]:
    return _names(ground.module, ground.subject) if ground.subject in ground.module.blocks else set()


def _names(module: Module, address: str) -> set[str]:
    body = module.resolved(address)
    inner = settled(body.get("Properties"))
    bodies = (body, inner) if isinstance(inner, Fields) else (body,)
    values = (
        settled(value)
        for one in bodies
        for name, value in one.entries
        if name.lower().replace("_", "").endswith(("bucket", "name", "identifier"))
    )
    return {value.value for value in values if isinstance(value, Known) and isinstance(value.value, str)}


def _has_attribute(ground: Ground, kind: str, type_name: str, attribute: str) -> bool:
    known = ground.schemas.arguments(f"data.{type_name}" if kind == "data" else type_name)
    return known is None or attribute in known or attribute in ("id", "Id", "Outputs")


def _name(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _kind_of(path: Path) -> Kind | None:
    return kind_named(_name(path))


def _is_nowhere(reason: str) -> bool:
    return (
        "is declared nowhere" in reason or "is not declared in this template" in reason or "no name of this" in reason
    )


def _where(ground: Ground, path: Path) -> str:
    return f"{ground.address}: {path_text(tuple(step for step in path if step != 'Properties'))}"
