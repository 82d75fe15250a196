"""cfn-guard, with rules that the policy names: it writes SARIF, and speaks of what fails only.

Options and output: https://github.com/aws-cloudformation/cloudformation-guard/tree/main/guard (3.1 and later).
"""

from __future__ import annotations

from .sarif import read as read_sarif
from .scanner import FOLDER, Said, Scan, Scanner

_COPY = "remedy-gate-"


def scanner(rules: str) -> Scanner:
    """cfn-guard with the rules in a file or folder."""
    structured = ("--structured", "--output-format", "sarif", "--show-summary", "none")
    return Scanner("cfn-guard", "cfn-guard", ("validate", "--rules", rules, "--data", FOLDER, *structured), read)


def read(output: bytes) -> Scan | None:
    """Its SARIF, which names files by their whole path."""
    scan = read_sarif(output)
    return None if scan is None else scan._replace(failed=frozenset(map(_below_the_copy, scan.failed)))


def _below_the_copy(said: Said) -> Said:
    inside = said.path.rpartition(_COPY)[2].partition("/")[2] if _COPY in said.path else said.path
    return said._replace(path=inside)
