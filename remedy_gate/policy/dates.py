"""Days as whole numbers since 1970-01-01, so that deciding needs neither a clock nor the cost of `datetime`."""

from __future__ import annotations

from functools import lru_cache

_DATE = 10  # characters of `2026-11-20`
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2


@lru_cache(4096)
def day_of(text: str) -> int | None:
    """The day of an ISO 8601 date or moment, in the offset it is written in; None for what is not one."""
    date, rest = text[:_DATE], text[_DATE:]
    year, month, day = date[:4], date[5:7], date[8:]
    if date[4:5] + date[7:8] != "--" or not (
        date.isascii() and (year + month + day).isdecimal() and len(date) == _DATE
    ):
        return None
    if rest and rest[0] not in "Tt ":
        return None
    return _number(int(year), int(month), int(day))


def day_text(number: int) -> str:
    """The date of a day, as `2026-11-20`."""
    # Howard Hinnant, "chrono-compatible low-level date algorithms": civil_from_days, on years that begin in March.
    era, of_era = divmod(number + 719_468, 146_097)
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9  # noqa: PLR2004 - March is month 0 here
    return f"{year + era * 400 + (month <= _FEBRUARY):04}-{month:02}-{of_year - (153 * shifted + 2) // 5 + 1:02}"


def _number(year: int, month: int, day: int) -> int | None:
    if not (1 <= month <= len(_MONTHS) and 1 <= day <= _length(year, month)):
        return None
    shifted_year = year - (month <= _FEBRUARY)
    era, of_era = divmod(shifted_year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def _length(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _MONTHS[month - 1] + (leap and month == _FEBRUARY)
