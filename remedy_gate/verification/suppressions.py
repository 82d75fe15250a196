"""The marks by which people tell scanners to look away."""

from __future__ import annotations

import re
from collections import Counter

MARKS = re.compile(
    rb"checkov:skip|bridgecrew:skip|tfsec:ignore|trivy:ignore|kics-scan|snyk:ignore|terrascan:skip|ts:skip|nosec|nosemgrep"
    rb"|cfn_nag|cfn-lint|cfn-guard|SuppressedRules|rules_to_suppress|regula:ignore|prowler:ignore|wiz-scan|wiz:ignore",
    re.IGNORECASE,
)


def new_suppression(before: bytes, after: bytes) -> str:
    """The first mark on a line that stands more often after than before; the empty text where there is none.

    A line that was there, mark and all, is the owner's business. One that is changed and keeps its mark is not new.
    """
    old = Counter(before.split(b"\n"))
    added, removed = Counter(after.split(b"\n")) - old, old - Counter(after.split(b"\n"))
    kept = _marks(removed)
    return next((mark for mark, count in _marks(added).items() if count > kept[mark]), "")


def _marks(lines: Counter[bytes]) -> Counter[str]:
    marks: Counter[str] = Counter()
    for line, count in lines.items():
        for found in MARKS.finditer(line):
            marks[found.group().decode("ascii").lower()] += count
    return marks
