"""Texts of others made safe to show: findings, paths and code come from scanners, repositories and forks."""

from __future__ import annotations

from itertools import chain

_INVISIBLE = frozenset(
    map(
        chr,
        chain(
            (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),  # fillers that print nothing
            range(0x180B, 0x1810),
            range(0xFE00, 0xFE10),  # variation selectors, and below their supplement: letters can be hidden in them
            range(0xE0100, 0xE01F0),
        ),
    )
)


def one_line(text: str, limit: int = 0) -> str:
    """The text on one line, without anything that moves a cursor, hides or reorders letters.

    Escape sequences, controls (C0, C1), bidi and zero-width characters go; white space becomes a blank. With a
    `limit`, a longer text is cut and ends in an ellipsis.
    """
    if not (text.isascii() and text.isprintable()):
        text = _shown(_without_sequences(text))
    text = " ".join(text.split())
    return text if not limit or len(text) <= limit else text[: limit - 1].rstrip() + "…"


def code_line(text: str) -> str:
    r"""A line of code as it is, save that what hides or reorders is spelt out: `\u202e`, `\x1b`. Tabs stay."""
    if text.isascii() and text.replace("\t", "").isprintable():
        return text
    return "".join(char if char == "\t" or _visible(char) else _spelt(char) for char in text)


def is_plain_code(text: str) -> bool:
    """Whether the text shows everything that it holds, so that a reviewer sees what would be committed."""
    return text == code_line(text)


def log_line(line: str) -> str:
    """The line, broken where an Actions runner would take it for a command (`::add-mask::`, `##[error]`).

    The runner looks for `::` behind leading blanks and for `##[` anywhere (actions/runner, ActionCommand.cs).
    """
    if line.lstrip().startswith("::"):
        line = line.replace("::", ": :", 1)
    return line.replace("##[", "## [")


def _shown(text: str) -> str:
    return "".join(char if _visible(char) else " " if char.isspace() else "" for char in text)


def _visible(char: str) -> bool:
    # Python calls a character printable unless it is a control, a format (bidi, zero width, tags), a surrogate, for
    # private use, unassigned, or a separator other than the blank.
    return char.isprintable() and char not in _INVISIBLE


def _spelt(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - how Python spells them


def _without_sequences(text: str) -> str:
    if "\x1b" not in text and "\x9b" not in text:
        return text
    import re

    return re.sub(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]", "", text)
