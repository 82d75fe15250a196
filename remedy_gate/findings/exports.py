"""An export file as a source of findings."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from remedy_gate.domain.seams import Gathered, Sources
from remedy_gate.errors import FindingsError

if TYPE_CHECKING:
    from .reading import Export

STANDARD_INPUT = "-"


class ExportFindings:
    """The seam `FindingSource`, over one file of any supported format, or standard input."""

    def __init__(self, path: str) -> None:
        """Read this file when asked."""
        self._path = path

    @property
    def name(self) -> str:
        """The file as it was named."""
        return "standard input" if self._path == STANDARD_INPUT else self._path

    def gather(self, sources: Sources) -> Gathered:  # noqa: ARG002 - an export does not look at the code
        """The open findings of the file; the others are counted."""
        export = open_export(self._path)
        closed = len(export.not_open)
        left_out = ((f"not open in {self.name}", closed),) if closed else ()
        return Gathered(export.findings, export.problems, left_out, export.notes)


def open_export(path: str) -> Export:
    """Everything in the file at `path`, or on standard input for `-`.

    :raises FindingsError: it cannot be opened, or holds no findings of a known format.
    """
    from .reading import read_export

    if path == STANDARD_INPUT:
        return read_export("standard input", sys.stdin.buffer)
    try:
        with open(path, "rb") as file:
            return read_export(path, file)
    except OSError as error:
        raise FindingsError(f"{path}: {error.strerror or error}.", "Name a file that can be read, or `-`.") from error
