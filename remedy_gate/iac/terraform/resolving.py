"""Bodies worked out: arguments to values, nested and dynamic blocks to lists of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from remedy_gate.iac.values import ABSENT, Fields, Items, Known, OneOf, Reference, Unknown, Value

from .body import Argument, Body, Nested
from .instances import ONE, bounds_of, over_instances
from .loops import pairs_of
from .outcomes import plain
from .references import address_of, text_of_traversal
from .syntax import Expression, ObjectOf, Traversal, TupleOf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .evaluation import Bound, Evaluator
    from .names import ModuleNames

_AS_WRITTEN = frozenset(("ignore_changes", "provider", "providers"))
_ADDRESSES = frozenset(("moved", "import", "removed"))
_MAX_DEPTH = 12


TOO_LONG = Unknown("this takes too long to work out")


class Resolver:
    """Works out the bodies of one module's blocks."""

    __slots__ = ("_bounds", "_evaluator", "_names")

    def __init__(self, names: ModuleNames, evaluator: Evaluator) -> None:
        self._names = names
        self._evaluator = evaluator
        self._bounds: dict[str, tuple[Bound, ...]] = {}

    def block(self, address: str) -> Fields:
        """The whole body of a block."""
        body = self._names.body(address)
        return self._fields(body, self._bounds_of(address, body), self._names.kind(address))

    def entry(self, address: str, name: str) -> Value | None:
        """One argument or the nested blocks of one name; None where nothing of that name is written."""
        body = self._names.body(address)
        bounds = self._bounds_of(address, body)
        kind = self._names.kind(address)
        if kind == "data" and address.startswith("data.aws_iam_policy_document.") and name in {"json", "minified_json"}:
            from .policy_documents import policy_document

            return policy_document(self._fields(body, bounds, kind))
        if name in body.arguments:
            return self._argument(body.arguments[name], bounds, kind)
        found = [entry for entry in body.entries if isinstance(entry, Nested) and _name(entry) == name]
        return self._nested(found, bounds) if found else None

    def _bounds_of(self, address: str, body: Body) -> tuple[Bound, ...]:
        if "for_each" not in body.arguments and "count" not in body.arguments:
            return ONE
        found = self._bounds.get(address)
        if found is None:
            found = bounds_of(body, self._evaluator)
            if not self._evaluator.exhausted:
                self._bounds[address] = found
        return found

    def _fields(self, body: Body, bounds: Sequence[Bound], kind: str = "", depth: int = 0) -> Fields:
        entries: dict[str, Value] = {}
        nested: dict[str, list[Nested]] = {}
        for entry in body.entries:
            if isinstance(entry, Argument):
                self._evaluator.start()
                value = plain(self._argument(entry, bounds, kind))
                entries[entry.name] = TOO_LONG if self._evaluator.exhausted else value
            else:
                name = _name(entry)
                nested.setdefault(name, []).append(entry)
                entries.setdefault(name, ABSENT)
        for name, blocks in nested.items():
            entries[name] = self._nested(blocks, bounds, depth)
        return Fields(tuple(entries.items()))

    def _argument(self, argument: Argument, bounds: Sequence[Bound], kind: str) -> Value:
        expression = argument.expression
        if argument.name in _AS_WRITTEN or kind in _ADDRESSES:
            return self._as_written(expression)
        if kind == "variable" and argument.name == "type":
            return argument.written()
        return over_instances(expression, bounds, self._evaluator)

    def _as_written(self, expression: Expression) -> Value:
        """Names that Terraform takes as names: providers, attributes to ignore, addresses."""
        match expression:
            case Traversal():
                address = address_of(expression)
                for declared in (address, f"provider.{address}"):
                    if self._names.is_declared(declared):
                        return Reference(declared, (), Known(text_of_traversal(expression)))
                return Known(text_of_traversal(expression))
            case TupleOf():
                return Items(tuple(self._as_written(item) for item in expression.items))
            case ObjectOf():
                pairs = ((self._evaluator.value(key, {}), self._as_written(item)) for key, item in expression.items)
                return Fields(tuple((str(key.value), item) for key, item in pairs if isinstance(key, Known)))
            case _:
                return self._evaluator.value(expression, {})

    def _nested(self, blocks: Sequence[Nested], bounds: Sequence[Bound], depth: int = 0) -> Value:
        if depth > _MAX_DEPTH:
            return Unknown("blocks are nested too deep to be worked out")
        items: list[Value] = []
        complete = True
        for block in blocks:
            if block.type == "dynamic" and block.labels:
                made = self._dynamic(block, bounds, depth)
                items.extend(made.items)
                complete = complete and made.complete
            else:
                items.append(self._fields(block.body, bounds, depth=depth + 1))
        return Items(tuple(items), complete)

    def _dynamic(self, block: Nested, bounds: Sequence[Bound], depth: int) -> Items:
        """The blocks that a dynamic block makes, if what it goes over is known in full."""
        over, content = block.body.arguments.get("for_each"), block.body.nested("content")
        if over is None or not content:
            return Items((), complete=False)
        collection = over_instances(over.expression, bounds, self._evaluator)
        pairs = None if isinstance(collection, OneOf) else pairs_of(collection, self._evaluator)
        if pairs is None or isinstance(pairs, Unknown) or not pairs[1]:
            return Items((), complete=False)
        iterator = block.body.arguments.get("iterator")
        named = iterator.expression if iterator is not None else None
        name = named.root if isinstance(named, Traversal) else block.labels[0]
        items: list[Value] = []
        for key, value in pairs[0]:
            element = Fields((("key", key), ("value", value)))
            inner = tuple({**bound, name: element} for bound in bounds)
            items.append(self._fields(content[0].body, inner, depth=depth + 1))
        return Items(tuple(items))


def _name(block: Nested) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
