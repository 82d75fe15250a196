"""The marks by which people tell scanners to look away."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from functools import cache

from remedy_gate.iac.module import Module

TOOLS = (
    rb"checkov|bridgecrew|cortex|prisma|tfsec|trivy|kics|kics-scan|snyk|terrascan|ts|wiz|wiz-scan|wizcli|regula|fugue|prowler"
    rb"|tflint|cfn[-_]?lint|cfn[-_]?nag|cfn[-_]?guard|guard|cdk[-_]?nag|semgrep|opengrep|conftest|opa|datree|soos|mondoo"
    rb"|cloudrail|lacework|orca|aikido|jit|gitleaks|trufflehog|detect-secrets|terraform-compliance|tf-compliance|infracost"
)
MARKS = (
    rb"""
      \b(?:%s)\b [\s:=#"'{[-]* (?:ws \s* :)?
      \b(?:skip|ignore|disable|suppress|exclude|allow)(?:[-_]?(?:line|block|file|next|this|checks?|rules?))* \b [^\n]*
    | (?-i:\b[a-z][\w.-]*:(?:skip|ignore|disable|suppress|nolint)\b) [^\n]*
    | \b(?:nosec|nosemgrep|nosem|nosonar|nolint|notrivy|nocheckov|notfsec)\b [^\n]*
    | \bpragma\s*:\s*allowlist\b [^\n]*
    | \b(?:SuppressedRules|rules_to_suppress|ignore_checks|ignore_bad_template|skip-check|skip_check)\b [^\n]*
    | \brunterrascan\.io/skip\b [^\n]*
    """
    % TOOLS
)

WORDS = (b"skip", b"ignore", b"disable", b"suppress", b"exclude", b"allow", b"nosec", b"nosem", b"nosonar", b"nolint",
         b"notrivy", b"nocheckov", b"notfsec")  # fmt: skip
"""Every mark has one of these in it: a text without them has no mark, and is told so in a tenth of the time."""


@cache
def marks() -> re.Pattern[bytes]:
    """What every mark looks like, compiled when a text has one of `WORDS`: most have none."""
    return re.compile(MARKS, re.IGNORECASE | re.VERBOSE)


def new_suppression(before: Module, after: Module, path: str) -> str:
    """The first mark in a file that its block had not before, word for word; the empty text where there is none.

    A mark that was there is the owner's business, as long as it stays with its block and silences nothing more.
    """
    new = _marks(after, path)
    if not new:  # looking for marks is dear, and mostly there are none
        return ""
    old = _marks(before, path)
    return next((mark for (_, mark), count in new.items() if count > old[_, mark]), "")


def _marks(module: Module, path: str) -> Counter[tuple[str, str]]:
    """The marks of a file with the address that each speaks of: the block on its line, else the next one."""
    counted_marks: Counter[tuple[str, str]] = Counter()
    text = module.files.get(path, b"")
    lower = text.lower()
    if not any(word in lower for word in WORDS):
        return counted_marks
    blocks = sorted((block for block in module.blocks.values() if block.path == path), key=lambda block: block.lines)
    ends = [block.lines.last for block in blocks]
    line, counted = 1, 0
    for found in marks().finditer(text):
        line, counted = line + text.count(b"\n", counted, found.start()), found.start()
        index = bisect_left(ends, line)
        address = blocks[index].address if index < len(blocks) else ""
        counted_marks[address, " ".join(found.group().decode("utf-8", "replace").lower().split())] += 1
    return counted_marks
