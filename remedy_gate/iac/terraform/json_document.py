"""One file of Terraform's JSON form: the same outline as in HCL, bodies read with the help of the schema."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.domain.source import LineRange
from remedy_gate.iac.module import Block, Span

from .addresses import labels_of, naming_of
from .body import Argument, Body, Entry, Nested
from .document import Declared, Document, source_error
from .json_expressions import expression_of_json, written_json
from .json_syntax import JsonArray, JsonMember, JsonObject, JsonScalar, JsonValue, parse_json
from .json_writing import BARE
from .parser import Mistake
from .shapes import Shape, shape_of

if TYPE_CHECKING:
    from remedy_gate.iac.schema import Schemas
    from remedy_gate.iac.values import Value

    from .syntax import Expression

_BARE_IN = {"variable": frozenset(("type",)), "moved": frozenset(("from", "to")), "import": frozenset(("to",))}
_LABELLED = frozenset(("dynamic", "provisioner"))


class _Found(NamedTuple):
    """A body, the labels on the way to it, and where its last key stands."""

    labels: tuple[str, ...]
    start: int
    value: JsonValue


def read_json(path: str, text: bytes, schemas: Schemas | None = None) -> Document:
    """A `.tf.json` or `.tfvars.json` file. With an error it declares nothing."""
    root = parse_json(text)
    mistake = root if isinstance(root, Mistake) else None
    if not isinstance(root, Mistake) and not isinstance(root, JsonObject):
        mistake = Mistake(root.start, "a file must be one JSON object")
    if mistake is not None:
        return Document(path, text, errors=(source_error(path, text, mistake),))
    assert isinstance(root, JsonObject)
    if path.endswith(".tfvars.json"):
        return Document(path, text, root=root)
    places = _Places(text)
    declared = [one for member in root.members for one in _declared_in(member, path, places, schemas)]
    return Document(path, text, tuple(declared), root=root)


def top_arguments_of_json(document: Document) -> dict[str, Argument]:
    """The arguments of a `.tfvars.json` file."""
    if document.root is None:
        return {}
    return {member.key: JsonArgument(member, bare=False) for member in document.root.members}


def _declared_in(member: JsonMember, path: str, places: _Places, schemas: Schemas | None) -> Iterator[Declared]:
    kind = member.key
    if kind == "//":
        return
    for found in _bodies(member, labels_of(kind)):
        if kind == "locals":
            if isinstance(found.value, JsonObject):
                yield from (_local(one, found.value, path, places) for one in found.value.members if one.key != "//")
            continue
        naming = naming_of(kind, found.labels, _alias(found.value) if kind == "provider" else "")
        block = Block(naming.address, kind, naming.type, naming.name, path, *places.of(found.start, found.value.end))
        yield Declared(block, partial(_body, found.value, kind, naming.type, schemas), json=found.value)


def _bodies(member: JsonMember, levels: int) -> Iterator[_Found]:
    """The bodies below a key, so many labels deep. At every level there may be a list of objects."""
    waiting = [_Found((), member.start, member.value)]  # the next one comes last: a file may hold very many
    while waiting:
        found = waiting.pop()
        if isinstance(found.value, JsonArray):
            waiting += [_Found(found.labels, item.start, item) for item in reversed(found.value.items)]
        elif len(found.labels) == levels:
            yield found
        elif isinstance(found.value, JsonObject):
            inner = (one for one in reversed(found.value.members) if one.key != "//")
            waiting += [_Found((*found.labels, one.key), one.start, one.value) for one in inner]


class _Places:
    """The lines of a text: where each ends is found once, as a file may hold very many blocks."""

    def __init__(self, text: bytes) -> None:
        self._ends = [found.start() for found in re.finditer(b"\n", text)]

    def of(self, start: int, end: int) -> tuple[Span, LineRange]:
        """The span from `start` to `end`, and its lines."""
        return Span(start, end), LineRange(bisect_left(self._ends, start) + 1, bisect_left(self._ends, end) + 1)


def _local(member: JsonMember, holder: JsonObject, path: str, places: _Places) -> Declared:
    block = Block(f"local.{member.key}", "local", "", member.key, path, *places.of(member.start, member.value.end))
    return Declared(block, lambda: Body((JsonArgument(member._replace(key="value"), bare=False),)), json=holder)


def _alias(value: JsonValue) -> str:
    if isinstance(value, JsonObject):
        for member in value.members:
            if member.key == "alias" and isinstance(member.value, JsonScalar):
                return str(member.value.value)
    return ""


def _body(value: JsonValue, kind: str, type_name: str, schemas: Schemas | None) -> Body:
    return _inner(value, shape_of(kind, type_name, schemas), _BARE_IN.get(kind, frozenset()))


def _inner(value: JsonValue, shape: Shape, bare: frozenset[str] = frozenset()) -> Body:
    if not isinstance(value, JsonObject):
        return Body(())
    entries: list[Entry] = []
    for member in value.members:
        if member.key == "//":
            continue
        if shape.is_block(member.key) or member.key == "dynamic":
            entries.extend(_nested(member, shape))
        else:
            entries.append(JsonArgument(member, bare=member.key in BARE or member.key in bare))
    return Body(tuple(entries))


def _nested(member: JsonMember, shape: Shape) -> Iterator[Nested]:
    for found in _bodies(member, 1 if member.key in _LABELLED else 0):
        inside = shape.inside(member.key)
        if member.key == "dynamic":
            inside = Shape({}, content=shape.inside(found.labels[0]))
        yield JsonNested(member.key, found, inside)


class JsonArgument(Argument):
    """An argument with the JSON that its value is. `bare`: texts in it are expressions."""

    __slots__ = ("_bare", "_value")

    def __init__(self, member: JsonMember, *, bare: bool) -> None:
        super().__init__(member.key)
        self._value = member.value
        self._bare = bare

    def written(self) -> Value:
        """The value as it stands."""
        return written_json(self._value)

    def _read(self) -> Expression:
        return expression_of_json(self._value, bare=self._bare)


class JsonNested(Nested):
    """A nested block with the JSON that its body is."""

    __slots__ = ("_shape", "_value")

    def __init__(self, type_name: str, found: _Found, shape: Shape) -> None:
        super().__init__(type_name, found.labels)
        self._value = found.value
        self._shape = shape

    def _read(self) -> Body:
        return _inner(self._value, self._shape)
