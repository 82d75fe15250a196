"""Data as text: lines of block style, or brackets on one line or over several."""

from __future__ import annotations

from collections.abc import Iterable
from json import dumps

from remedy_gate.iac.operations import Data, Raw, Ref, Table

from .expressions import long_form
from .habits import Habits
from .quoting import can_be_plain, json_string, quoted


class Writer:
    """Writes data in the habits of one file.

    `json`: every text is in double quotes. `strings`: so is every key, and every text within brackets.
    """

    def __init__(self, habits: Habits, *, json: bool, strings: bool) -> None:
        self.habits = habits
        self.json = json
        self.strings = json or strings

    def entry(self, name: str, data: Data, column: int) -> list[str]:
        """The lines of a key and its value in block style."""
        first, lines = self.value(data, column)
        return [f"{' ' * column}{self.key(name)}:{first}", *lines]

    def item(self, data: Data, column: int, gap: int = 1) -> list[str]:
        """The lines of a list's item in block style, its dash at `column` and `gap` spaces behind it."""
        data = self._in_form(data)
        dash = f"{' ' * column}-{' ' * gap}"
        if is_group(data):
            lines = self.block(data, column + 1 + gap)
            return [dash + lines[0].lstrip(" "), *lines[1:]]
        first, lines = self.value(data, column)
        return [dash + first.lstrip(" "), *lines]

    def value(self, data: Data, column: int) -> tuple[str, list[str]]:
        """What stands behind the colon of a key at `column`, and the lines below it."""
        data = self._in_form(data)
        if is_group(data):
            by = self.habits.unit if isinstance(data, Table) else self.habits.list_offset
            return "", self.block(data, column + by)
        if isinstance(data, str) and "\n" in data and self.habits.literals and _fits_literal(data):
            return _literal(data, column + self.habits.unit)
        return " " + self.inline(data, flow=False), []

    def block(self, data: Data, column: int) -> list[str]:
        """The lines of a mapping or a list that is not empty, in block style."""
        match self._in_form(data):
            case Table(entries):
                return [line for name, value in entries for line in self.entry(name, value, column)]
            case tuple(items):
                return [line for item in items for line in self.item(item, column)]
        raise AssertionError("only what is_group is written as a block")

    def inline(self, data: Data, *, flow: bool = True) -> str:
        """The value on one line."""
        match self._in_form(data):
            case Raw(text):
                return text.strip()
            case Ref(address, attribute):
                address = address.removeprefix("Parameters.")
                return f"!GetAtt {address}.{attribute}" if attribute else f"!Ref {address}"
            case Table(entries):
                inner = (self.key(name, flow=True) + self.habits.colon + self.inline(item) for name, item in entries)
                return self._in_brackets("{}", inner)
            case tuple(items):
                return self._in_brackets("[]", (self.inline(item) for item in items))
            case str(text):
                return self._text(text, flow=flow)
            case other:
                return dumps(other, allow_nan=False)

    def spread(self, data: Data, indent: str) -> str:
        """The value in brackets over several lines, the closing one behind `indent`."""
        deeper = indent + self.habits.level
        data = self._in_form(data)
        if not is_group(data) or (_is_call(data) and not self.habits.tall):
            return self.inline(data)
        match data:
            case Table(entries):
                ends = "{}"
                inner = [
                    self.key(name, flow=True) + self.habits.colon + self.spread(item, deeper) for name, item in entries
                ]
            case tuple(items):
                ends = "[]"
                inner = [self.spread(item, deeper) for item in items]
        newline = self.habits.newline
        body = f",{newline}".join(deeper + line for line in inner)
        return f"{ends[0]}{newline}{body}{newline}{indent}{ends[1]}"

    def key(self, name: str, *, flow: bool = False) -> str:
        """A key."""
        if self.strings:
            return json_string(name)
        return name if can_be_plain(name, flow=flow) else quoted(name, self.habits.quote)

    def _in_brackets(self, ends: str, members: Iterable[str]) -> str:
        inner = self.habits.comma.join(members)
        padding = self.habits.padding if inner else ""
        return f"{ends[0]}{padding}{inner}{padding}{ends[1]}"

    def _text(self, text: str, *, flow: bool) -> str:
        if flow and self.strings:
            return json_string(text)
        if can_be_plain(text, flow=flow) and not self.habits.always_quoted:
            return text
        return quoted(text, self.habits.quote)

    def _in_form(self, data: Data) -> Data:
        """Data in the form of this file: where calls are written long, a short one is taken apart."""
        match data:
            case Ref() if self.habits.long:
                return long_form(data)
            case Raw(text) if self.json or "\n" in text.strip() or (self.habits.long and "!" in text):
                return long_form(data)
        return data


def is_group(data: Data) -> bool:
    """Whether data is a mapping or a list with something in it."""
    return bool(data.entries) if isinstance(data, Table) else type(data) is tuple and bool(data)


def _is_call(data: Data) -> bool:
    return isinstance(data, Table) and len(data.entries) == 1 and data.entries[0][0].startswith(("Ref", "Fn::"))


def _literal(text: str, column: int) -> tuple[str, list[str]]:
    lines = [" " * column + line if line else "" for line in text.removesuffix("\n").split("\n")]
    return " |" if text.endswith("\n") else " |-", lines


def _fits_literal(text: str) -> bool:
    lines = text.split("\n")
    if text.endswith("\n\n") or text.startswith((" ", "\n")) or any(line != line.rstrip() for line in lines):
        return False
    return all(line.isprintable() for line in lines)
