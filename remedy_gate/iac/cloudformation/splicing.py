"""Replacements of stretches of text, and what an edit consists of."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.iac.values import Path

from .shapes import Shape


class Splice(NamedTuple):
    """The characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


class Plan(NamedTuple):
    """The splices that make an edit, and what it does: at `path` stands `shape` afterwards, or nothing."""

    splices: tuple[Splice, ...]
    path: Path
    shape: Shape | None


def spliced(text: str, splices: tuple[Splice, ...]) -> str:
    """The text after all replacements; they do not overlap."""
    pieces: list[str] = []
    at = 0
    for splice in sorted(splices):
        assert splice.start >= at, "splices overlap"
        pieces += (text[at : splice.start], splice.text)
        at = splice.end
    return "".join([*pieces, text[at:]])
