"""The inside of a block: arguments and nested blocks in the order in which they are written."""

from __future__ import annotations

from typing import TypeAlias

from remedy_gate.iac.values import Value

from .syntax import Expression


class Argument:
    """`name = expression`. The expression is read when it is first asked for."""

    __slots__ = ("_expression", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._expression: Expression | None = None

    @property
    def expression(self) -> Expression:
        """What is written behind the `=`."""
        if self._expression is None:
            self._expression = self._read()
        return self._expression

    def written(self) -> Value:
        """The value as it stands: literals are known, anything else is unknown with its own text."""
        raise NotImplementedError

    def _read(self) -> Expression:
        raise NotImplementedError


class Nested:
    """A nested block. `dynamic "ingress"` has the type `dynamic` and one label."""

    __slots__ = ("_body", "labels", "type")

    def __init__(self, type_name: str, labels: tuple[str, ...]) -> None:
        self.type = type_name
        self.labels = labels
        self._body: Body | None = None

    @property
    def body(self) -> Body:
        """What stands between the braces."""
        if self._body is None:
            self._body = self._read()
        return self._body

    def _read(self) -> Body:
        raise NotImplementedError


Entry: TypeAlias = "Argument | Nested"


class Body:
    """The arguments and nested blocks of a block."""

    __slots__ = ("arguments", "entries")

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self.arguments = {entry.name: entry for entry in entries if isinstance(entry, Argument)}

    def nested(self, name: str) -> tuple[Nested, ...]:
        """The nested blocks of one type, `dynamic` ones not among them."""
        return tuple(entry for entry in self.entries if isinstance(entry, Nested) and entry.type == name)
