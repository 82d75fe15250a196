"""Shell-style patterns of paths and names."""

from __future__ import annotations

import re
from functools import lru_cache

_KEPT = 4096
_WILD = frozenset("*?")


def matches_path(path: str, pattern: str) -> bool:
    """Whether a path fits a shell-style pattern: `*` within a folder, `**` across folders, a folder means all in it."""
    prefix, expression = _compiled_path(pattern)
    return path.startswith(prefix) and expression.fullmatch(path) is not None


def matches_name(name: str, pattern: str) -> bool:
    """Whether a name fits a shell-style pattern (`s3-*`)."""
    if "*" not in pattern:
        return name == pattern
    return _compiled_name(pattern).fullmatch(name) is not None


def needed_names(pattern: str) -> tuple[str, ...]:
    """Folder and file names that every path that fits has in it."""
    names = pattern.removeprefix("./").removesuffix("/").split("/")
    return tuple(name for name in names if not set(name) & _WILD)


@lru_cache(_KEPT)
def _compiled_name(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, re.sub(r"\*+", "*", pattern).split("*"))), re.DOTALL)


@lru_cache(_KEPT)
def _compiled_path(pattern: str) -> tuple[str, re.Pattern[str]]:
    """What every path that fits begins with, which is quick to ask for, and the whole expression."""
    rest = pattern.removeprefix("./").removesuffix("/")
    prefix = re.split(r"[*?]", rest, maxsplit=1)[0]
    expression = ""
    while rest:
        if rest.startswith("**/"):
            expression, rest = expression + "(?:.*/)?", rest[3:].removeprefix("**/")
        elif rest.startswith("**"):
            expression, rest = expression + ".*", rest.lstrip("*")
        elif rest.startswith("*"):
            expression, rest = expression + "[^/]*", rest[1:]
        elif rest.startswith("?"):
            expression, rest = expression + "[^/]", rest[1:]
        else:
            expression, rest = expression + re.escape(rest[0]), rest[1:]
    return prefix, re.compile(expression + "(?:/.*)?", re.DOTALL)
