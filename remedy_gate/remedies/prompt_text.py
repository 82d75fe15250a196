"""Texts of others on their way into a prompt: what hides or reorders letters goes, and a delimiter closes them in."""

from __future__ import annotations

INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_VARIATIONS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
PLANTED = "__RG_SECRET_"
DEFUSED = "__RG-SECRET_"


def visible(text: str) -> str:
    r"""The text without zero-width, bidi, control and tag characters. Line ends become `\n`, tabs stay."""
    text = text.replace("\r\n", "\n")
    if not (text.isascii() and text.replace("\n", "").replace("\t", "").isprintable()):
        text = "".join(char for char in text if is_visible(char))
    return text.replace(PLANTED, DEFUSED)


def is_visible(char: str) -> bool:
    """Whether a reader sees the character, or it is a line end, a tab or a blank."""
    if char in "\n\t":
        return True
    return char.isprintable() and char not in INVISIBLE and not any(ord(char) in span for span in _VARIATIONS)


def sentence(text: str, limit: int = 300) -> str:
    """A model's or a service's prose on one line, at most so long. It is still for the reporters to escape."""
    line = " ".join("".join(char if is_visible(char) else " " for char in text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def data(nonce: str, label: str, text: str) -> str:
    """The text between data lines that it cannot write itself: whoever wrote it does not know the nonce."""
    inner = text.replace(nonce, "")
    name = " ".join(label.replace(nonce, "").split())
    return f"<<DATA {nonce} {name}>>\n{inner.rstrip()}\n<<END {nonce}>>"
