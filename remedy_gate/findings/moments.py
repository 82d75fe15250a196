"""Points in time as ISO 8601 text, whichever way a source writes them."""

from __future__ import annotations

from time import gmtime, strftime
from typing import Final

from .cleaning import text_of

_DATE: Final = 10  # characters of `2026-11-20`
_CLOCK: Final = frozenset("0123456789:.+-TtZz ")
_MILLISECONDS: Final = 100_000_000_000  # as seconds this would be the year 5138
_LAST_SECOND: Final = 253_402_300_799  # the end of the year 9999


def moment_of(value: object) -> str | None:
    """ISO 8601 text for an epoch in seconds, milli-, micro- or nanoseconds; ISO text as given; `None` for the rest."""
    if isinstance(value, str):
        text = text_of(value)
        return _of_text(text.removesuffix(" UTC")) if text[4:5] == "-" else _of_digits(text)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_epoch(value)
    return None


def _of_text(text: str) -> str | None:
    year, month, day = text[:4], text[5:7], text[8:_DATE]
    if not (text[7:8] == "-" and (year + month + day).isdecimal() and text.isascii() and _CLOCK.issuperset(text)):
        return None
    if year == "0001":  # Go writes a missing time as the year 1
        return None
    clock = text[_DATE:].replace(" ", "T", 1).replace(" ", "")
    if clock[-5:-4] in {"+", "-"} and clock[-4:].isdecimal():  # `+0000`
        clock = f"{clock[:-2]}:{clock[-2:]}"
    return text[:_DATE] + clock if clock[:1] in {"T", "t", "Z", "z", ""} else None


def _of_digits(text: str) -> str | None:
    return _of_epoch(float(text)) if text.isascii() and text.replace(".", "", 1).isdecimal() else None


def _of_epoch(value: float) -> str | None:
    if not 0 < value < 1e20:  # noqa: PLR2004 - more than nanoseconds can say, and not a number
        return None
    seconds = float(value)
    while seconds >= _MILLISECONDS:
        seconds /= 1_000
    whole = int(seconds)
    if whole > _LAST_SECOND:
        return None
    thousandths = round((seconds - whole) * 1_000)
    if thousandths == 1_000:  # noqa: PLR2004 - rounded up to the next second
        whole, thousandths = whole + 1, 0
    fraction = f".{thousandths:03d}" if thousandths else ""
    return strftime("%Y-%m-%dT%H:%M:%S", gmtime(whole)) + fraction + "Z"
