"""Read `.remedy-gate/waivers.yml`, strictly, and write one more waiver into it without touching the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .checking import checked, refuse
from .dates import day_of, day_text
from .tables import VERSION, WAIVER, WAIVERS
from .waivers import WAIVERS_FILE, Standing, Waiver

MOST_DAYS = 366
SOON_DAYS = 14


def read_waivers(document: object, today: int, name: str = WAIVERS_FILE) -> tuple[Waiver, ...]:
    """The waivers that a parsed file states, each with what it is worth today.

    :raises SettingsError: an unknown key, a missing owner or reason, a waiver of everything everywhere.
    """
    waivers: list[Waiver] = []
    for number, given in enumerate(checked(document, WAIVERS, name).tables("waivers"), 1):
        if "resource" not in given and "path" not in given:
            refuse(given.where, "it names neither a `resource` nor a `path`", "A waiver is for one place.")
        expires = given.text("expires")
        waivers.append(
            Waiver(
                number,
                given.text("control"),
                given.text("resource"),
                given.text("path"),
                given.text("owner"),
                given.text("reason"),
                expires,
                given.text("ticket"),
                _standing(expires, today),
            )
        )
    return tuple(waivers)


def with_waiver(text: str, entry: Mapping[str, str], name: str = WAIVERS_FILE) -> str:
    """The file with one more waiver at its end; every byte that was there stays.

    :raises SettingsError: the list of waivers is written in a way that nothing can be added to its end.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = [f"{key}: {_quoted(entry[key])}" for key in WAIVER.fields if entry.get(key)]
    if not text.strip():
        text = f"version: {VERSION}{newline}{newline}waivers:{newline}"
    elif not text.endswith("\n"):
        text += newline
    indent = _indent(text, name)
    added = [f"{indent}- {lines[0]}", *(f"{indent}  {line}" for line in lines[1:])]
    return text + "".join(f"{line}{newline}" for line in added)


def _quoted(text: str) -> str:
    """A text in quotes as both JSON and YAML read it; what cannot be seen is spelt out, as YAML folds or refuses it."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else _spelt(ord(one)) for one in quoted)


def _spelt(code: int) -> str:
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def _indent(text: str, name: str) -> str:
    """How far the list's items stand in, where `waivers:` is the last key and a list in block style."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    top = [line for line in lines if not line.startswith((" ", "\t", "-"))]
    if not top or top[-1].partition("#")[0].rstrip() != "waivers:":
        refuse(name, "`waivers:` has to be its last key, with an item a line", "Then one can be added at its end.")
    items = [line for line in lines[lines.index(top[-1]) + 1 :] if line.lstrip().startswith("- ")]
    return items[0][: len(items[0]) - len(items[0].lstrip())] if items else "  "


def expiry(today: int, days: int) -> str:
    """The last day of a waiver that is written today for so many days."""
    return day_text(today + days)


def _standing(expires: str, today: int) -> Standing:
    day = day_of(expires) if len(expires) == len("2026-11-20") else None
    if day is None:
        return Standing.MALFORMED
    if day < today:
        return Standing.LAPSED
    if day > today + MOST_DAYS:
        return Standing.TOO_FAR
    return Standing.SOON if day <= today + SOON_DAYS else Standing.VALID
