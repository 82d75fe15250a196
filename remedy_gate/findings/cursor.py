"""A position in JSON text of any size: one value at a time, with only a window of the text in memory."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from json import JSONDecodeError, JSONDecoder
from typing import Final

WINDOW: Final = 1 << 20
"""Characters read at a time. A single value may be longer: the window grows to hold it."""

# Between values: JSON's white space, and what concatenated files leave there (commas are the caller's).
_BLANK: Final = " \t\r\n\ufeff\x1e"
_GAP: Final = "[ \t\r\n\ufeff\x1e]*"
_LONGEST_LITERAL: Final = 16  # `-Infinity`, `\ud83d\ude00`: an error this close to the end may only lack text


@lru_cache(maxsize=1)
def _decoder() -> JSONDecoder:
    """One for all: it takes longer to make than a line to read. Not strict, so that texts may hold raw line breaks."""
    return JSONDecoder(strict=False)


class BrokenTextError(Exception):
    """The text cannot be read on from here: a signal inside this folder, told to users as a `Problem`.

    `offset` counts characters from the start of the text.
    """

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class Cursor:
    """Reads forward only. `more(n)` gives up to `n` further characters, the empty text at the end."""

    __slots__ = ("_at", "_decode", "_ended", "_gap", "_more", "_passed", "_text")

    def __init__(self, text: str, more: Callable[[int], str]) -> None:
        self._text = text
        self._at = 0
        self._passed = 0
        self._more = more
        self._ended = False
        self._gap = re.compile(_GAP).match
        self._decode = _decoder().raw_decode

    @property
    def offset(self) -> int:
        """Characters from the start of the text to here."""
        return self._passed + self._at

    def peek(self) -> str:
        """The next character that is not white space; the empty text at the end."""
        while True:
            sign = self._text[self._at : self._at + 1]
            if sign and sign not in _BLANK:
                return sign
            found = self._gap(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._refill()

    def skip(self) -> None:
        """Step over the character that `peek` gave."""
        self._at += 1

    def looking_at(self, pattern: str) -> bool:
        """Whether the pattern matches here, within the next 200 characters."""
        if len(self._text) - self._at < 200 and not self._ended:  # noqa: PLR2004 - as the docstring says
            self._refill()
        return re.compile(pattern).match(self._text, self._at) is not None

    def value(self) -> object:
        """The JSON value that begins here. Raises `BrokenTextError` where there is none."""
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except JSONDecodeError as error:
                if self._ended or not self._may_lack_text(error):
                    raise self._broken(error) from None
            except RecursionError:
                raise BrokenTextError("is nested too deeply to be read", self.offset) from None
            except ValueError:  # an integer of more than 4,300 digits
                raise BrokenTextError("holds a number that is too long", self.offset) from None
            else:
                if end < len(self._text) or self._ended or isinstance(value, str | list | dict):
                    self._at = end
                    return value
            self._refill()

    def _refill(self) -> None:
        kept = self._text[self._at :]
        added = self._more(max(WINDOW, len(kept)))
        self._ended = not added
        self._passed += self._at
        self._text, self._at = kept + added, 0

    def _may_lack_text(self, error: JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _LONGEST_LITERAL

    def _broken(self, error: JSONDecodeError) -> BrokenTextError:
        ends = error.msg.startswith("Unterminated string") or error.pos >= len(self._text.rstrip())
        reason = "breaks off in the middle" if ends else "is not valid JSON"
        return BrokenTextError(reason, self._passed + error.pos)
