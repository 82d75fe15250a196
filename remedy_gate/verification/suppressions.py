"""The marks by which people tell scanners to look away."""

from __future__ import annotations

import re

MARKS = re.compile(
    rb"checkov:skip|bridgecrew:skip|tfsec:ignore|trivy:ignore|kics-scan|snyk:ignore|terrascan:skip|ts:skip|nosec|nosemgrep"
    rb"|cfn_nag|cfn-lint|cfn-guard|SuppressedRules|rules_to_suppress|regula:ignore|prowler:ignore|wiz-scan|wiz:ignore",
    re.IGNORECASE,
)


def new_suppression(before: bytes, after: bytes) -> str:
    """The first mark that stands more often after than before; the empty text where there is none."""
    old, new = _counts(before), _counts(after)
    return next((mark for mark, count in new.items() if count > old.get(mark, 0)), "")


def _counts(text: bytes) -> dict[str, int]:
    counts: dict[str, int] = {}
    for found in MARKS.finditer(text):
        mark = found.group().decode("ascii").lower()
        counts[mark] = counts.get(mark, 0) + 1
    return counts
