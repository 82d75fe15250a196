"""Several patches, each made from the same files, as one: possible as long as no two change the same line. Pure.

What comes out is proven by nobody: each part was proven alone. It is for a caller who can have it proven.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from remedy_gate.domain.patch import FilePatch, Patch

from .edits import LineEdit, edited, line_edits, lines_of


class Clash(NamedTuple):
    """Two patches that cannot both be had, and where: `main.tf, line 3`."""

    where: str


def combined(patches: Iterable[Patch]) -> tuple[FilePatch, ...] | Clash:
    """The files with the edits of every patch, in the order of their first patch.

    Insertions at one place stand in the order of the patches; an edit that two patches share is made once.
    """
    before: dict[str, bytes] = {}
    edits: dict[str, list[LineEdit]] = {}
    for patch in patches:
        for file in patch.files:
            if before.setdefault(file.path, file.before) != file.before:
                return Clash(f"{file.path}, of which there are two versions")
            edits.setdefault(file.path, []).extend(line_edits(file))
    files: list[FilePatch] = []
    for path, content in before.items():
        ordered = sorted(dict.fromkeys(edits[path]), key=lambda edit: (edit.start, edit.end))
        for one, other in pairwise(ordered):
            if other.start < one.end:
                return Clash(f"{path}, line {other.start + 1}")
        files.append(FilePatch(path, content, edited(lines_of(content), ordered)))
    return tuple(files)
