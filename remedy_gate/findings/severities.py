"""Every source's words and scores for how bad a problem is, in the product's six."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import Severity

_WORDS: Final = {
    "critical": Severity.CRITICAL,
    "fatal": Severity.CRITICAL,
    "high": Severity.HIGH,
    "error": Severity.HIGH,
    "fail": Severity.HIGH,
    "danger": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "moderate": Severity.MEDIUM,
    "warning": Severity.MEDIUM,
    "warn": Severity.MEDIUM,
    "low": Severity.LOW,
    "informational": Severity.INFO,
    "information": Severity.INFO,
    "info": Severity.INFO,
    "note": Severity.INFO,
    "none": Severity.INFO,
    "trace": Severity.INFO,
}
# The lowest score of each, on a scale of ten; 0 itself is `INFO`.
_SCORES: Final = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM))
_NORMALIZED: Final = ((90, Severity.CRITICAL), (70, Severity.HIGH), (40, Severity.MEDIUM), (1, Severity.LOW))
_OCSF: Final = (
    Severity.UNKNOWN,
    Severity.INFO,
    Severity.LOW,
    Severity.MEDIUM,
    Severity.HIGH,
    Severity.CRITICAL,
    Severity.CRITICAL,
)


def severity_of(word: object) -> Severity:
    """The severity that a source's word means, in any case; `UNKNOWN` for any other value."""
    if not isinstance(word, str):
        return Severity.UNKNOWN
    return _WORDS.get(word) or _WORDS.get(word.strip().lower(), Severity.UNKNOWN)


def severity_of_score(score: object) -> Severity:
    """The severity of a score from 0 to 10, given as a number or as text."""
    number = _number(score)
    if number is None or number < 0:
        return Severity.UNKNOWN
    for lowest, severity in _SCORES:
        if number >= lowest:
            return severity
    return Severity.LOW if number > 0 else Severity.INFO


def severity_of_normalized(score: object) -> Severity:
    """The severity of a score from 0 to 100, as the AWS Security Finding Format has it."""
    number = _number(score)
    if number is None or number < 0:
        return Severity.UNKNOWN
    for lowest, severity in _NORMALIZED:
        if number >= lowest:
            return severity
    return Severity.INFO


def severity_of_ocsf(severity_id: object, word: object) -> Severity:
    """The severity of an OCSF event: by its number, else (0 unknown, 99 other, none) by its word."""
    number = _number(severity_id)
    if number is not None and number.is_integer() and 1 <= number < len(_OCSF):
        return _OCSF[int(number)]
    return severity_of(word)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if number == number and abs(number) != float("inf") else None  # noqa: PLR0124 - not a number
