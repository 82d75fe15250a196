"""One template as a module: read once, resolved on demand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from remedy_gate.iac.module import Block, SourceError
from remedy_gate.iac.values import Absent, Fields, Value

from .intrinsics import call
from .naming import names
from .nodes import Tree
from .resolving import Resolver
from .serverless import globals_for, overlaid
from .source import Fault, decode
from .template import Part, parse, parts, section
from .writing import written

if TYPE_CHECKING:
    from .node import Node

_ADDRESSES = {"block": ("", "Parameters."), "condition": ("Conditions.",), "mapping": ("Mappings.",)}


class Template:
    """A template. Anything but one file is no template: further files are named in `errors` and not read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = MappingProxyType(dict(files))
        self._errors: list[SourceError] = []
        self.tree: Tree | None = None
        for number, (path, data) in enumerate(files.items()):
            if number:
                self._errors.append(SourceError(path, 1, 1, "a template is a module of its own"))
                continue
            self._read(path, data)

    def _read(self, path: str, data: bytes) -> None:
        try:
            source = decode(path, data)
        except Fault as fault:
            self._errors.append(_error(path, data.decode(errors="replace"), fault))
            return
        try:
            self.tree = parse(source)
        except Fault as fault:
            self._errors.append(_error(path, source.text, fault))

    @property
    def language(self) -> str:
        """`cloudformation`."""
        return "cloudformation"

    @property
    def files(self) -> Mapping[str, bytes]:
        """The file by its path, byte for byte."""
        return self._files

    @property
    def errors(self) -> tuple[SourceError, ...]:
        """Why the template could not be read."""
        return tuple(self._errors)

    @property
    def repeated(self) -> Mapping[str, SourceError]:
        """None: a logical id that stands twice is a duplicate key, and the template is not read."""
        return MappingProxyType({})

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """The blocks with their nodes."""
        return parts(self.tree) if self.tree else {}

    @cached_property
    def blocks(self) -> Mapping[str, Block]:
        """The blocks by address."""
        return {address: part.block for address, part in self.parts.items()}

    @cached_property
    def resolver(self) -> Resolver:
        """Works values out."""
        return Resolver(self.parts)

    def resolved(self, address: str) -> Fields:
        """The whole resource, or whatever else stands there, worked out; KeyError for an address without a block."""
        part = self.parts[address]
        node = part.value.node
        if node.id != "mapping" or call(node) or part.block.kind in {"condition", "transform"}:
            return self._single(part, self.resolver.value(node))
        body = self.resolver.fields(node)
        if part.block.kind != "resource":
            return body
        base = globals_for(part.block.type, self._section("Globals"))
        if base:
            own = next((value for key, value in node.value if key.value == "Properties"), None)
            body = _with_entry(body, "Properties", overlaid(self.resolver, base, own))
        return _opened(body) if self._has_macro else body

    def written(self, address: str) -> Fields:
        """The block as it stands; KeyError for an address without a block."""
        part, tree = self.parts[address], self.tree
        assert tree, "a block has a tree"
        value = written(tree, part.value.node)
        return value if isinstance(value, Fields) else self._single(part, value)

    def references(self, address: str) -> frozenset[str]:
        """The addresses of this template that the block names; KeyError for an address without a block."""
        found = {
            prefix + name
            for kind, name in names(self.parts[address].value.node)
            for prefix in _ADDRESSES[kind]
            if prefix + name in self.parts
        }
        return frozenset(found - {address})

    @staticmethod
    def _single(part: Part, value: Value) -> Fields:
        if isinstance(value, Absent):
            return Fields(())
        return value if isinstance(value, Fields) else Fields(((part.block.name, value),))

    def _section(self, name: str) -> Node | None:
        return section(self.tree, name) if self.tree else None

    @cached_property
    def _has_macro(self) -> bool:
        """Whether a macro of the account's own may rewrite the whole template."""
        node = self._section("Transform")
        if node is None:
            return False
        listed = node.value if node.id == "sequence" else [node]
        return any(not str(item.value).startswith("AWS::") for item in listed if item.id == "scalar")


def _error(path: str, text: str, fault: Fault) -> SourceError:
    line = text.count("\n", 0, fault.index) + 1
    return SourceError(path, line, fault.index - (text.rfind("\n", 0, fault.index) + 1) + 1, fault.message)


def _with_entry(body: Fields, name: str, value: Value) -> Fields:
    others = tuple(entry for entry in body.entries if entry[0] != name)
    return Fields((*others, (name, value)), body.complete)


def _opened(body: Fields) -> Fields:
    """A macro may add to what is written, so nothing that is missing here is surely missing."""
    entries = tuple(
        (name, value._replace(complete=False) if name == "Properties" and isinstance(value, Fields) else value)
        for name, value in body.entries
    )
    return Fields(entries, complete=False)
