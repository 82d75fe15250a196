"""The text of a template and where its characters stand among the file's bytes and lines."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

# CloudFormation itself takes no template over 1 MB; the rest is room for comments that packaging strips.
LARGEST = 2_000_000

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Patterns that few files need are compiled when they are.
_UNPRINTABLE = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


class Fault(Exception):  # noqa: N818 - never leaves this package: it becomes a SourceError, which is a value
    """The text breaks a rule at `index`, in characters."""

    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index
        self.message = message


class Source(NamedTuple):
    """A file's bytes, and its text without the byte order mark. Positions in this package are characters of `text`."""

    path: str
    data: bytes
    text: str
    mark: int

    def column(self, index: int) -> int:
        """The column of the character at `index`, 0-based."""
        return index - (self.text.rfind("\n", 0, index) + 1)

    def line_start(self, index: int) -> int:
        """Where the line of the character at `index` begins."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Where the line of the character at `index` ends, before its line break."""
        end = self.text.find("\n", index)
        if end < 0:
            return len(self.text)
        return end - 1 if end > index and self.text[end - 1] == "\r" else end


def decode(path: str, data: bytes) -> Source:
    """The text of a file; a `Fault` where it is not UTF-8, is too large or holds control characters."""
    if len(data) > LARGEST:
        raise Fault(0, f"the file has {len(data):,} bytes; CloudFormation takes no template over 1 MB")
    if data.startswith(_WIDE_MARKS) or b"\0" in data[:2]:
        raise Fault(0, "the file is UTF-16; a template must be UTF-8")
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        return Source(path, data, data[mark:].decode(), mark)
    except UnicodeDecodeError as error:
        before = data[mark : mark + error.start].decode(errors="replace")
        raise Fault(len(before), f"byte 0x{data[mark + error.start]:02x} is not UTF-8") from None


def unprintable(text: str) -> Fault | None:
    """The first character that YAML does not allow in a file."""
    found = re.search(_UNPRINTABLE, text)
    return Fault(found.start(), f"the control character U+{ord(found[0]):04X} is not allowed") if found else None
