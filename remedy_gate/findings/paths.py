"""Paths as findings give them, made relative, with `/`, and unable to lead anywhere else.

Scanners run in containers, on build machines and on Windows, so that only the end of a path says where the file
stands in the repository. A path is therefore never refused for being absolute: its root or drive is dropped. A path
that climbs out with `..` keeps what comes after, and only that: `../../etc/passwd` becomes `etc/passwd`.
"""

from __future__ import annotations

import re
from typing import Final

from remedy_gate.domain.finding import Location

from .cleaning import text_of

_SCHEME: Final = r"([A-Za-z][A-Za-z0-9+.-]+):(?=/|:)"  # two letters or more: one is a Windows drive
_DRIVE: Final = r"/*[A-Za-z]:(?=/|$)"
_LAST_LINE: Final = 1 << 31


def path_of(value: object) -> str | None:
    """A relative path out of a plain path; `None` where it names no file or a file on another machine."""
    text = text_of(value).replace("\\", "/")
    if not text:
        return None
    if scheme := ":" in text and re.match(_SCHEME, text):
        return path_of_uri(text) if scheme[1].lower() == "file" else None
    return _relative(text)


def path_of_uri(value: object) -> str | None:
    """A relative path out of a URI reference: percent-decoded, without `file://` and host, query and fragment."""
    text = text_of(value)
    scheme = re.match(_SCHEME, text)
    if scheme:
        if scheme[1].lower() != "file":
            return None
        text = text[scheme.end() :]
        if text.startswith("//"):  # a host, mostly empty
            text = "/" + text[2:].partition("/")[2]
    if "%" in text:
        from urllib.parse import unquote

        text = text_of(unquote(text))
    return _relative(text.replace("\\", "/"))


def location_of(
    path: str | None, first: object = None, last: object = None, address: str | None = None
) -> Location | None:
    """A place in a file that `path_of` or `path_of_uri` gave. Lines below 1 are no lines. `None` without a path."""
    if path is None:
        return None
    first_line, last_line = line_of(first), line_of(last)
    if first_line is None or (last_line is not None and last_line < first_line):
        last_line = first_line
    return Location(path=path, first_line=first_line, last_line=last_line or first_line, address=address or None)


def line_of(value: object) -> int | None:
    """A line number: 1 or more, given as a number or as text; else `None`."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 12:  # noqa: PLR2004 - longer is no line
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value < _LAST_LINE else None


def _relative(text: str) -> str | None:
    if drive := ":" in text and re.match(_DRIVE, text):
        text = text[drive.end() :]
    kept: list[str] = []
    for part in text.split("/"):
        if part == "..":
            del kept[-1:]
        elif part not in {"", "."}:
            kept.append(part)
    return "/".join(kept) or None
