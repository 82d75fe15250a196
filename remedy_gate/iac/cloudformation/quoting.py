"""Text as a YAML scalar: bare where no reader of YAML 1.1 or 1.2 takes it for anything else, else quoted."""

from __future__ import annotations

import json
import re

DOUBLE, SINGLE = '"', "'"

_WORDS = frozenset(["", "~", "=", "<<", "null", "true", "false", "yes", "no", "on", "off", "y", "n"])
# Numbers of either version, sexagesimal ones, dates and times.
_TYPED = re.compile(
    r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?0(?:[xX][0-9a-fA-F_]+|[oO][0-7_]+|[bB][01_]+)"
    r"|[-+]?[0-9][0-9_]*(?::[0-9]{1,2})+(?:\.[0-9_]*)?"
    r"|[-+]?\.(?:inf|nan)"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?",
    re.IGNORECASE,
)
_INDICATORS = "-?:,[]{}#&*!|>'\"%@`"
_BROKEN_BY = re.compile(r":(?:\s|$)|\s#|[\t\n\r\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_FLOW_BROKEN_BY = re.compile(r"[,\[\]{}]")
_TO_ESCAPE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_NOT_IN_SINGLE = re.compile(r"[\t\n\r\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


def can_be_plain(text: str, *, flow: bool) -> bool:
    """Whether the text means itself without quotes; `flow`: between brackets."""
    if text.lower() in _WORDS or text != text.strip() or text.startswith(("---", "...")):
        return False
    if _BROKEN_BY.search(text) or _TYPED.fullmatch(text) or (flow and _FLOW_BROKEN_BY.search(text)):
        return False
    if text[0] not in _INDICATORS:
        return True
    return text[0] in "-?:" and len(text) > 1 and not flow and not text[1].isspace()


def quoted(text: str, quote: str) -> str:
    """The text in quotes: in those asked for, unless the other kind needs no escapes."""
    if _NOT_IN_SINGLE.search(text):
        return json_string(text)
    awkward = SINGLE in text if quote == SINGLE else DOUBLE in text or "\\" in text
    other = DOUBLE in text or "\\" in text if quote == SINGLE else SINGLE in text
    if awkward and not other:
        quote = DOUBLE if quote == SINGLE else SINGLE
    return json_string(text) if quote == DOUBLE else "'" + text.replace("'", "''") + "'"


def json_string(text: str) -> str:
    """The text in double quotes, escaped as JSON and YAML both read it."""
    return _TO_ESCAPE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
