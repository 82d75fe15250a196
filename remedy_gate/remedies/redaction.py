"""Secrets out of a prompt before it is sent, and back into an answer after it came: by span, with placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from .redaction_patterns import FORMS, spans

PLACEHOLDER = re.compile(r"__RG_SECRET_(\d{1,6})__")
_COMPOUND = re.compile(r"\b(?=\w{12,})[a-z]+(?:_[a-z]+)+\b|\b(?=\w{12,})[A-Z][a-z]+(?:[A-Z][a-z]+)+\b")
SHORTEST_PUBLIC = 12
SHORTEST = 4
ALONE_BELOW = 8
"""A secret shorter than this is replaced only where it stands as a word of its own."""


class Secrets(NamedTuple):
    """The secrets of a prompt, in the order of their placeholders. `public` are words that anybody knows."""

    values: tuple[str, ...] = ()
    public: frozenset[str] = frozenset()


def public_words(schema: str, requirement: str = "") -> frozenset[str]:
    """What anybody can read, and is therefore no secret: long names of a provider's schema, what a control speaks of.

    A short word may be one: there are people whose password is `username`. What has the form of a key always is one.
    """
    named = {found[0] for text in (schema, requirement) for found in _COMPOUND.finditer(text)}
    spoken = {requirement[start:end] for start, end in spans(requirement)}
    known = {word for word in spoken if any(form.search(word) for form in FORMS)}
    return frozenset(named | {word for word in spoken - known if len(word) >= SHORTEST_PUBLIC})


def found_in(texts: Iterable[str], public: frozenset[str] = frozenset()) -> Secrets:
    """Every secret of these texts, each once."""
    values: dict[str, None] = {}
    for text in texts:
        for start, end in _joined(spans(text)):
            if text[start:end] not in public:
                values.setdefault(text[start:end])
    return Secrets(tuple(values), public)


def redacted(text: str, secrets: Secrets) -> str:
    """The text with a placeholder wherever a secret stands, also where nothing around it says that it is one."""
    numbered = {value: f"__RG_SECRET_{number}__" for number, value in enumerate(secrets.values, 1)}
    usable = sorted((value for value in numbered if len(value) >= SHORTEST), key=len, reverse=True)
    if not usable:
        return text
    either = "|".join(map(_as_pattern, usable))
    return re.sub(either, lambda found: numbered[found.group()], text)


def survivors(text: str, secrets: Secrets) -> int:
    """How many secrets still stand in a text that is about to be sent."""
    known = sum(1 for value in secrets.values if len(value) >= SHORTEST and re.search(_as_pattern(value), text))
    return known + sum(1 for start, end in spans(text) if text[start:end] not in secrets.public)


def restored(text: str, secrets: Secrets) -> str | None:
    """The text with the secrets back in their places; None where it names one that there is not."""
    numbers = [int(found) for found in PLACEHOLDER.findall(text)]
    if any(not 1 <= number <= len(secrets.values) for number in numbers):
        return None
    return PLACEHOLDER.sub(lambda found: secrets.values[int(found[1]) - 1], text)


def keeps_secrets(old: str, new: str) -> bool:
    """Whether an edit leaves every line that holds a placeholder as it is: none deleted, doubled, moved or altered."""
    return _lines_with_secrets(old) == _lines_with_secrets(new)


def _lines_with_secrets(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if PLACEHOLDER.search(line)]


def _as_pattern(value: str) -> str:
    escaped = re.escape(value)
    return rf"(?<!\w){escaped}(?!\w)" if len(value) < ALONE_BELOW else escaped


def _joined(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
