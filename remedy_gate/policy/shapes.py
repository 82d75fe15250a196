"""The shapes that a file's values may have: one description, read by the checker and by the JSON Schema alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias


class Text(NamedTuple):
    """One text that is not empty."""

    about: str = ""


class Texts(NamedTuple):
    """A text, or a list of texts."""

    about: str = ""


class Name(NamedTuple):
    """One of the known names. `noun` is what they are called in an error."""

    noun: str
    known: tuple[str, ...]
    about: str = ""


class Names(NamedTuple):
    """One of the known names, or a list of them."""

    noun: str
    known: tuple[str, ...]
    about: str = ""


class Truth(NamedTuple):
    """True or false."""

    about: str = ""


class Count(NamedTuple):
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int = 36_500
    about: str = ""


class Plain(NamedTuple):
    """A text, a number or a truth value."""

    about: str = ""


class Entries(NamedTuple):
    """A mapping of free names to values of one shape."""

    of: Shape
    about: str = ""


class Items(NamedTuple):
    """A list. `noun` is what one item is called in an error, where it is numbered from 1."""

    noun: str
    of: Shape
    about: str = ""


class Table(NamedTuple):
    """A mapping whose keys are all known. `required` have to be there."""

    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    about: str = ""


class TrueOr(NamedTuple):
    """True or false, or a table that says more."""

    table: Table
    about: str = ""


class NameOr(NamedTuple):
    """One of the known names, or a table that says more."""

    noun: str
    known: tuple[str, ...]
    table: Table
    about: str = ""


class Paths(NamedTuple):
    """A path, a list of paths, or a mapping from paths to what each file speaks for."""

    about: str = ""


Shape: TypeAlias = (
    Text | Texts | Name | Names | Truth | Count | Plain | Entries | Items | Table | TrueOr | NameOr | Paths
)
