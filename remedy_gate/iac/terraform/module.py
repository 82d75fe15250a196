"""The files of one directory as a module: blocks by address, values on demand, references."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from remedy_gate.iac.arguments import NO_ARGUMENTS, Arguments
from remedy_gate.iac.module import Block, SourceError
from remedy_gate.iac.values import Fields, Items, Unknown, Value

from .addresses import UNIQUE
from .body import Argument, Body, Nested
from .document import Declared, Document
from .evaluation import Evaluator
from .names import Given, ModuleNames
from .overriding import is_override
from .references import references_in
from .resolving import Resolver
from .variable_files import given_values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from remedy_gate.iac.module import Module

MAX_LINE = 4_096
_UNREADABLE = "this is nested too deep to be worked out"


class TerraformModule:
    """The code of one Terraform directory."""

    language = "terraform"

    def __init__(self, documents: Mapping[str, Document], arguments: Arguments = NO_ARGUMENTS) -> None:
        self.documents = documents
        self.arguments = arguments
        self.files: Mapping[str, bytes] = MappingProxyType({path: one.text for path, one in documents.items()})
        addressed = _addressed(documents.values())
        self.declared = addressed.declared
        self._overriding = addressed.overriding
        self.errors = tuple(error for document in documents.values() for error in document.errors)
        self.repeated: Mapping[str, SourceError] = MappingProxyType(addressed.repeated)
        self.blocks: Mapping[str, Block] = MappingProxyType({name: one.block for name, one in self.declared.items()})
        self._resolver: Resolver | None = None
        self._resolved: dict[str, Fields] = {}
        self._references: dict[str, frozenset[str]] = {}

    def resolved(self, address: str) -> Fields:
        """The body of a block with every value worked out. A local has one entry, `value`."""
        found = self._resolved.get(address)
        if found is None:
            body = self.declared[address].read
            try:
                twice = self.repeated.get(address)
                found = _doubtful(body(), twice.message) if twice else self._resolving().block(address)
            except RecursionError:
                found = Fields((), complete=False)
            self._resolved[address] = found
        return found

    def written(self, address: str) -> Fields:
        """The body as it stands: literals are known, every other expression is unknown with its own source text."""
        return _written(self.declared[address].read())

    def references(self, address: str) -> frozenset[str]:
        """The addresses of this module that the block's expressions name."""
        found = self._references.get(address)
        if found is None:
            found = references_in(self.declared[address].read(), self.declared) - {address}
            self._references[address] = found
        return found

    def given(self) -> Given:
        """What the variables are given."""
        return Given(given_values(self.documents), lambda name: self.arguments.given(self, name))

    def beside(self, modules: Iterable[Module]) -> TerraformModule:
        """This module where those that call it are as they are here."""
        return TerraformModule(self.documents, self.arguments.among(modules))

    def _resolving(self) -> Resolver:
        if self._resolver is None:
            names = ModuleNames(self.declared, self.given(), self._overriding, self.repeated)
            evaluator = Evaluator(names)
            self._resolver = Resolver(names, evaluator)
            names.evaluator, names.resolver = evaluator, self._resolver
        return self._resolver


class Addressed(NamedTuple):
    """Blocks by an address of their own: a second block of one address has `#2` behind it."""

    declared: dict[str, Declared]
    overriding: dict[str, list[Declared]]
    repeated: dict[str, SourceError]


def _addressed(documents: Iterable[Document]) -> Addressed:
    """Blocks of override files come last, as they speak of blocks that others declare."""
    found = Addressed({}, {}, {})
    counts: dict[str, int] = {}
    for document in sorted(documents, key=lambda one: is_override(one.path)):
        for one in document.declared:
            address, count = one.block.address, counts.get(one.block.address, 0) + 1
            if count > 1:
                address = f"{one.block.address}#{count}"
            while address in found.declared:
                count += 1
                address = f"{one.block.address}#{count}"
            counts[one.block.address] = count
            found.declared[address] = one._replace(block=one.block._replace(address=address)) if count > 1 else one
            if count > 1 and one.block.kind in UNIQUE:
                _second(found.declared[address], one.block.address, document.text, found)
    return found


def _second(one: Declared, address: str, text: bytes, found: Addressed) -> None:
    """A second block of one address: an override, OpenTofu's own version of the first, or a mistake."""
    block, first = one.block, found.declared[address].block
    if is_override(block.path):
        found.overriding.setdefault(address, []).append(one)
    elif {_ending(block.path), _ending(first.path)} != {"tf", "tofu"}:
        if address not in found.repeated:
            places = f"{first.path}, line {first.lines.first}, and {block.path}, line {block.lines.first}"
            message = f"{address} is declared twice: {places}"
            found.repeated[address] = SourceError(
                block.path, block.lines.first, _column(block.span.start, text), message
            )
        found.repeated[block.address] = found.repeated[address]


def _column(start: int, text: bytes) -> int:
    """In characters, from 1. On a line that no person wrote it is that of the line: counting it for each takes too long."""
    before = text[text.rfind(b"\n", 0, start) + 1 : start]
    return 1 if len(before) > MAX_LINE else len(before.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")) + 1


def _ending(path: str) -> str:
    return path.removesuffix(".json").rpartition(".")[2]


def _doubtful(body: Body, reason: str) -> Fields:
    """The body of a block that may not be the one that counts."""
    names = dict.fromkeys(entry.name if isinstance(entry, Argument) else entry.type for entry in body.entries)
    return Fields(tuple((name, Unknown(reason)) for name in names), complete=False)


def _written(body: Body, depth: int = 0) -> Fields:
    entries: dict[str, Value] = {}
    for entry in body.entries:
        if isinstance(entry, Argument):
            entries[entry.name] = entry.written()
            continue
        before = entries.get(entry.type)
        items = before.items if isinstance(before, Items) else ()
        entries[entry.type] = Items((*items, _written_block(entry, depth)))
    return Fields(tuple(entries.items()))


def _written_block(block: Nested, depth: int) -> Value:
    if depth > 60:  # noqa: PLR2004 - far beyond any schema
        return Unknown(_UNREADABLE)
    return _written(block.body, depth + 1)
