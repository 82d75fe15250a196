"""Keep out of the ledger what does not belong there: mail addresses and what looks like a secret."""

from __future__ import annotations

import re
from functools import cache

_PATTERNS = (
    (("AKIA", "ASIA", "A3T"), r"\b(?:A3T[A-Z0-9]|AKIA|ASIA)[A-Z0-9]{16}\b"),  # AWS access keys
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"\bgh[pousr]_[A-Za-z0-9]{20,}"),  # GitHub tokens
    (("github_pat_",), r"\bgithub_pat_\w{20,}"),
    (("eyJ",), r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),  # JSON Web Tokens
    (("PRIVATE KEY",), r"-----BEGIN [A-Z ]*PRIVATE KEY-----[^\"]*"),
    (("xox",), r"\bxox[abprs]-[\w-]{10,}"),
    (("sk-",), r"\bsk-[\w-]{20,}"),
    (("AIza",), r"\bAIza[\w-]{30,}"),
    (("://",), r"(?<=://)[^/\s:@\"\\]+:[^/\s@\"\\]+(?=@)"),  # credentials in an address
    (("=",), r"(?i:(?<=password=)|(?<=secret=)|(?<=token=))[^\s\"\\&]+"),
)
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"


def redacted(text: str) -> str:
    """Canonical JSON without secrets and mail addresses. What is put in their place needs no escape.

    To look for what every secret of a kind begins with is fifty times quicker than to look for the secret.
    """
    for hints, pattern in _PATTERNS:
        if any(hint in text for hint in hints):
            text = _compiled(pattern).sub("[secret]", text)
    return _compiled(_MAIL).sub("[mail]", text) if "@" in text else text


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
