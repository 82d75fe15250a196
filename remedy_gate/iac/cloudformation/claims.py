"""Which files are templates: decided by what is in them, quickly, for every YAML and JSON file of a repository."""

from __future__ import annotations

import re

from .source import LARGEST

_ENDINGS = (".yaml", ".yml", ".json", ".template", ".cfn", ".cform", ".cf", ".stack", ".sam")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

# Compiled with the first YAML or JSON file: most runs see none.
_TYPE = rb"""Type["']?\s*:\s*["']?(?:AWS|Alexa|Custom|[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64})::"""
_FIRST_KEY = rb"""(?m)^(?![ \t]*(?:[#%\r\n]|---|$))([ \t]*)"""
# Further to the right no section begins.
_WIDEST = 80
_HEADERS = (b"AWSTemplateFormatVersion", b"Transform")


def claims(path: str, text: bytes) -> bool:
    """Whether a file is a template, or is meant as one and broken."""
    if not path.lower().endswith(_ENDINGS):
        return False
    text = text[:LARGEST]
    if text.startswith(_UTF16) or b"\0" in text[:2]:
        # It will be refused, but with a reason: the encoding is all that is wrong with it.
        text = text.replace(b"\0", b"")
        text = text[2:] if text.startswith(_UTF16) else text
    text = text.removeprefix(b"\xef\xbb\xbf")
    if b"Resources" not in text:
        return False
    return _json_claims(text) if re.match(rb"\s*\{", text) else _yaml_claims(text)


def _yaml_claims(text: bytes) -> bool:
    first = re.search(_FIRST_KEY, text)
    indent = first[1] if first else b""
    if not _has_section(text, indent, b"Resources"):
        return False
    return any(_has_section(text, indent, name) for name in _HEADERS) or bool(re.search(_TYPE, text))


def _has_section(text: bytes, indent: bytes, name: bytes) -> bool:
    """Whether `name` is a key at the outermost level: only the indentation and perhaps a quote before it."""
    at = text.find(name)
    while at >= 0:
        before = text[max(0, at - _WIDEST) : at]
        behind = text[at + len(name) : at + len(name) + _WIDEST]
        if before[before.rfind(b"\n") + 1 :].rstrip(b"\"'") == indent and behind.lstrip(b"\"' \t").startswith(b":"):
            return True
        at = text.find(name, at + 1)
    return False


def _json_claims(text: bytes) -> bool:
    if not (any(name in text for name in _HEADERS) or re.search(_TYPE, text)):
        return False
    import json

    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        # Broken, or YAML's flow style: what stands before the section must not be a deeper level.
        before = text[: text.find(b"Resources")]
        return before.count(b"{") - before.count(b"}") == 1
    return isinstance(data, dict) and isinstance(data.get("Resources"), dict)
