"""An export file as a source of findings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from remedy_gate.domain.seams import Gathered, Sources
from remedy_gate.errors import FindingsError

if TYPE_CHECKING:
    from remedy_gate.domain.finding import Finding

    from .reading import ExportReader

STANDARD_INPUT = "-"


class ExportFindings:
    """The seam `FindingSource`, over one file of any supported format, or standard input."""

    def __init__(self, path: str) -> None:
        """Read this file when asked."""
        self.path = path

    @property
    def name(self) -> str:
        """The file as it was named."""
        return "standard input" if self.path == STANDARD_INPUT else self.path

    def gather(self, sources: Sources) -> Gathered:  # noqa: ARG002 - an export does not look at the code
        """The open findings of the file; the others are counted."""
        findings: list[Finding] = []
        closed = 0
        with open_export(self.path) as export:
            for finding, is_open in export:
                if is_open:
                    findings.append(finding)
                else:
                    closed += 1
        left_out = ((f"not open in {self.name}", closed),) if closed else ()
        return Gathered(tuple(findings), export.problems, left_out, export.notes)


@contextmanager
def open_export(path: str) -> Iterator[ExportReader]:
    """A reader of the file at `path`, or of standard input for `-`, to go through once.

    :raises FindingsError: it cannot be opened, or holds no findings of a known format.
    """
    from .reading import ExportReader

    if path == STANDARD_INPUT:
        yield ExportReader("standard input", sys.stdin.buffer)
        return
    try:
        file = open(path, "rb")  # noqa: SIM115 - what goes wrong later is not about opening it
    except OSError as error:
        raise FindingsError(f"{path}: {error.strerror or error}.", "Name a file that can be read, or `-`.") from error
    with file:
        yield ExportReader(path, file)
