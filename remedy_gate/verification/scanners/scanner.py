"""The seam of a scanner, and what one says of a copy of the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

OUTPUT = "{output}"
FOLDER = "{folder}"
"""In the arguments of a scanner: the file that it is to write to, and the folder that it is to scan."""


class Said(NamedTuple):
    """One result: the rule, the file below the folder, and the address or the lines that it names."""

    rule: str
    path: str
    address: str = ""
    line: int = 0


class Scan(NamedTuple):
    """Everything that one run said. `passed` is None for a scanner that only speaks of what fails.

    `version` is the scanner's own, empty where it does not say.
    """

    failed: frozenset[Said]
    passed: frozenset[Said] | None = None
    skipped: frozenset[Said] = frozenset()
    version: str = ""


Reading: TypeAlias = Callable[[bytes], "Scan | None"]
"""What the output means; None where it is not what the scanner should have written."""


class Scanner(NamedTuple):
    """How a scanner is called: its name in findings and aliases, its program, its arguments, the reading of its output."""

    name: str
    program: str
    arguments: tuple[str, ...]
    read: Reading
