"""Read CODEOWNERS as GitHub does: the last pattern that fits a path says who owns it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks for the file. The first that is there counts, and no other."""

MOST_BYTES = 3_000_000  # GitHub does not read a larger one
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?"
_PERSON = re.compile(rf"@({_NAME})")
_TEAM = re.compile(rf"@({_NAME})/([\w-][\w.-]*)", re.ASCII)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


class Owners(NamedTuple):
    """A line of the file that says who owns what fits its pattern: nobody, where it names none.

    `people` are logins and `teams` are `organisation/team`, both in lower case, as GitHub does not tell cases apart. A
    mail address gives nobody a right here: whose it is, the API does not say. `fault` is why GitHub skips the line.
    """

    line: int
    pattern: str
    people: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    fault: str = ""


def code_owners(text: str) -> tuple[Owners, ...]:
    """Every line that says something, in its order; those too that GitHub skips."""
    return tuple(_lines(text.removeprefix("\ufeff")))


def owners_of(path: str, lines: tuple[Owners, ...]) -> Owners | None:
    """Who owns a file: what the last line says whose pattern fits; None where none does.

    GitHub skips a line with an owner that is none, and an earlier line counts. That one may name more people than
    whoever wrote the line wanted: here the line is found, with its fault and without owners.
    """
    return next((line for line in reversed(lines) if _fits(path, line.pattern)), None)


def _lines(text: str) -> Iterator[Owners]:
    for number, line in enumerate(text.splitlines(), 1):
        words = [word.replace("\\ ", " ") for word in re.findall(r"(?:\\ |[^\s])+", line)]
        comment = next((at for at, word in enumerate(words) if word.startswith("#")), len(words))
        words = words[:comment]
        if not words:
            continue
        pattern, owners = words[0], words[1:]
        if pattern.startswith("!") or set(pattern) & set("[]") or "***" in pattern:
            continue  # GitHub knows none of these, and what they were meant to fit nobody can tell
        wrong = [owner for owner in owners if not any(kind.fullmatch(owner) for kind in (_PERSON, _TEAM, _MAIL))]
        if wrong:
            yield Owners(number, pattern, fault=f"{wrong[0]!r} is no owner")
            continue
        people = frozenset(found[1].lower() for owner in owners if (found := _PERSON.fullmatch(owner)))
        teams = frozenset(f"{found[1]}/{found[2]}".lower() for owner in owners if (found := _TEAM.fullmatch(owner)))
        yield Owners(number, pattern, people, teams)


def _fits(path: str, pattern: str) -> bool:
    """Whether a path fits, by the rules of `.gitignore`, save that a last `*` stays within its folder."""
    anchored = pattern.startswith("/") or "/" in pattern.rstrip("/")
    parts = pattern.strip("/").split("/")
    if parts == [""]:
        return False
    expression = "" if anchored else "(?:.*/)?"
    for part in parts[:-1]:
        expression += "(?:.*/)?" if part == "**" else f"{_part(part)}/"
    last = parts[-1]
    if pattern.endswith("/"):
        expression += ".*/" if last == "**" else f"{_part(last)}/"
        return re.match(expression, path, re.DOTALL) is not None
    if last == "**":
        return re.fullmatch(f"{expression}.+", path, re.DOTALL) is not None
    below = "" if last == "*" else "(?:/.*)?"
    return re.fullmatch(f"{expression}{_part(last)}{below}", path, re.DOTALL) is not None


def _part(part: str) -> str:
    """One name of a pattern: `*` and `?` do not cross folders, and a backslash makes the next character plain."""
    found = ""
    for char in re.findall(r"\\.|\*+|.", part, re.DOTALL):
        found += "[^/]*" if char[0] == "*" else "[^/]" if char == "?" else re.escape(char[-1])
    return found
