"""Text as it may be shown: what sources send, without terminal escapes, control characters and invisible marks.

Markdown stays as it is: whoever writes Markdown escapes it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from sys import intern
from typing import Final

LIMIT: Final = 2_000
"""Characters of one text that are kept. An ARN has at most 2,048, and the longest seen in practice far fewer."""

# ECMA-48: operating system commands, control sequences, device strings, then whatever else follows an escape.
_ESCAPES: Final = (
    "\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?"
    "|(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?"
    "|\x1b[PX^_][^\x1b]*(?:\x1b\\\\)?"
    "|\x1b[ -/]*[0-~]?"
)


def text_of(value: object) -> str:
    """The value as one line of printable text; the empty text for what is neither a text nor a number."""
    if isinstance(value, str):
        return value.strip() if len(value) <= LIMIT and value.isprintable() else _shortened(_cleaned(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return str(value)
        except ValueError:  # Python refuses to write out integers of more than 4,300 digits
            return ""
    return ""


def word_of(value: object) -> str | None:
    """The same for what repeats from record to record, kept in memory once; `None` where there is nothing."""
    return _word(value) if isinstance(value, str) else text_of(value) or None


@lru_cache(maxsize=4_096)
def _word(text: str) -> str | None:
    return intern(cleaned) if (cleaned := text_of(text)) else None


def _shortened(text: str) -> str:
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"


def _cleaned(text: str) -> str:
    return " ".join("".join(map(_shown, re.sub(_ESCAPES, "", text))).split())


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    if character.isspace():
        return " "
    return "\ufffd" if "\ud800" <= character <= "\udfff" else ""
