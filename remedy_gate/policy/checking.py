"""Hold a file's values against their shapes. The first that does not fit is named, with its place and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn, assert_never

from remedy_gate.errors import SettingsError
from remedy_gate.iac.values import Scalar

from .shapes import Count, Entries, Items, Name, NameOr, Names, Paths, Plain, Shape, Table, Text, Texts, TrueOr, Truth


class Given:
    """A table that was checked: every value has the shape that its key asks for, or is not there."""

    __slots__ = ("_values", "where")

    def __init__(self, values: Mapping[str, object], where: str) -> None:
        self._values = values
        self.where = where

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, default: str = "") -> str:
        """A text or a name."""
        value = self._values.get(key, default)
        return value if isinstance(value, str) else default

    def texts(self, key: str) -> tuple[str, ...]:
        """Texts or names; none where the key is not there."""
        return tuple(item for item in _listed(self._values.get(key, ())) if isinstance(item, str))

    def truth(self, key: str) -> bool | None:
        """True, false, or None where the key is not there."""
        value = self._values.get(key)
        return value if isinstance(value, bool) else None

    def count(self, key: str) -> int | None:
        """A whole number, or None where the key is not there."""
        value = self._values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def plain(self) -> dict[str, Scalar]:
        """Every key with its value, for a mapping of free names to plain values."""
        return {key: value for key, value in self._values.items() if isinstance(value, str | int | float | bool)}

    def table(self, key: str) -> Given:
        """A table, or a mapping of free names; empty where the key is not there."""
        value = self._values.get(key, {})
        return Given(value if isinstance(value, dict) else {}, f"{self.where}: {key}")

    def tables(self, key: str) -> tuple[Given, ...]:
        """The tables of a list, each with its place."""
        noun = key.removesuffix("s")
        items = [item for item in _listed(self._values.get(key, [])) if isinstance(item, dict)]
        return tuple(Given(item, f"{self.where}: {noun} {number}") for number, item in enumerate(items, 1))

    def entries(self) -> tuple[tuple[str, Given], ...]:
        """The tables of a mapping of free names."""
        return tuple((key, self.table(key)) for key in self._values)

    def all_texts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every key with its texts, for a mapping of free names to texts."""
        return tuple((key, self.texts(key)) for key in self._values)


def checked(value: object, shape: Table, where: str) -> Given:
    """The table that a parsed file holds. Raises `SettingsError` where anything in it is not allowed."""
    _check(value, shape, where)
    assert isinstance(value, dict)
    return Given(value, where)


def refuse(where: str, what: str, hint: str = "") -> NoReturn:
    """Say that a file is not allowed: the place, what is wrong there, and the way out as a sentence."""
    raise SettingsError(f"{where}: {what}.", hint)


def nearest(given: str, known: tuple[str, ...], otherwise: str) -> str:
    """The hint that names what was likely meant."""
    from difflib import get_close_matches

    near = get_close_matches(given, known, n=1)
    return f"Did you mean `{near[0]}`?" if near else otherwise


def _check(value: object, shape: Shape, where: str) -> None:
    match shape:
        case Table():
            _check_table(value, shape, where)
        case Items(noun, of):
            if not isinstance(value, list):
                refuse(where, "it has to be a list")
            above = where.rpartition(": ")[0]
            for number, item in enumerate(value, 1):
                _check(item, of, f"{above}: {noun} {number}")
        case Entries(of):
            for key, item in _mapping(value, where).items():
                _check(item, of, f"{where}: {key}")
        case TrueOr(table):
            if not isinstance(value, bool):
                _check(value, table, where)
        case NameOr(noun, known, table):
            _check(value, table if isinstance(value, dict) else Name(noun, known), where)
        case _:
            _check_single(value, shape, where)


def _check_single(
    value: object, shape: Text | Texts | Name | Names | Truth | Count | Plain | Paths, where: str
) -> None:
    match shape:
        case Text() if not isinstance(value, str) or not value.strip():
            refuse(where, "it has to be a text")
        case Texts():
            _texts(value, where)
        case Paths():
            _check(value, Entries(Text()) if isinstance(value, dict) else Texts(), where)
        case Name(noun, known):
            _known(value, noun, known, where)
        case Names(noun, known):
            for name in _texts(value, where):
                _known(name, noun, known, where)
        case Count():
            _check_count(value, shape, where)
        case Truth() if not isinstance(value, bool):
            refuse(where, "it has to be true or false")
        case Plain() if not isinstance(value, str | int | float | bool):
            refuse(where, "it has to be a text, a number or a truth value")
        case Text() | Truth() | Plain():
            return
        case _:
            assert_never(shape)


def _check_count(value: object, shape: Count, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not shape.least <= value <= shape.most:
        only = shape.least == shape.most
        refuse(
            where, f"it has to be {f'{shape.most}' if only else f'a whole number from {shape.least} to {shape.most}'}"
        )


def _known(name: object, noun: str, known: tuple[str, ...], where: str) -> None:
    if name not in known:
        refuse(
            where, f"there is no {noun} {name!r}", nearest(str(name), known, f"It has to be one of {', '.join(known)}.")
        )


def _check_table(value: object, shape: Table, where: str) -> None:
    known = tuple(shape.fields)
    given = _mapping(value, where)
    for key, item in given.items():
        if key not in shape.fields:
            refuse(where, f"unknown key `{key}`", nearest(key, known, f"Known keys: {', '.join(known)}."))
        _check(item, shape.fields[key], f"{where}: {key}")
    for key in shape.required:
        if key not in given:
            about = shape.fields[key].about
            refuse(where, f"`{key}` is missing", about if about.endswith(".") else "")


def _mapping(value: object, where: str) -> dict[str, object]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        refuse(where, "it has to be a mapping of names to values")
    return value


def _texts(value: object, where: str) -> tuple[object, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        refuse(where, "it has to be a text or a list of texts")
    return tuple(items)


def _listed(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)
