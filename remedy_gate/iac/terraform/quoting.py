"""Texts as Terraform quotes them."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r'[\\"\x00-\x1f\x7f\u2028\u2029]|[$%]\{')
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "${": "$${", "%{": "%%{"}


def quoted(text: str) -> str:
    """A text in quotes that HCL reads as exactly this text."""
    return f'"{_SPECIAL.sub(_escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"
