"""Keep out of the ledger what does not belong there: mail addresses and what looks like a secret."""

from __future__ import annotations

import re

_SECRET = re.compile(
    r"\b(?:A3T[A-Z0-9]|AKIA|ASIA)[A-Z0-9]{16}\b"  # AWS access keys
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}"  # GitHub tokens
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # JSON Web Tokens
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[^\"]*"
    r"|\bxox[abprs]-[\w-]{10,}|\bsk-[\w-]{20,}|\bAIza[\w-]{30,}"
    r"|(?<=://)[^/\s:@\"\\]+:[^/\s@\"\\]+(?=@)"  # credentials in an address
    r"|(?i:(?<=password=)|(?<=secret=)|(?<=token=))[^\s\"\\&]+",
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def redacted(text: str) -> str:
    """Canonical JSON without secrets and mail addresses. What is put in their place needs no escape."""
    text = _SECRET.sub("[secret]", text)
    return _MAIL.sub("[mail]", text) if "@" in text else text
