"""`regex` and `regexall`, for the patterns that mean the same to Python and to RE2; any other is unknown.

RE2 never takes long and Python may, so that a pattern with many choices is worked out on short texts only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import factorial

from remedy_gate.iac.values import Fields, Items, Known, Unknown, Value

from .function_texts import text

_CLASS = r"\[\^?(?:[^\[\]\\^]|\\[dwsDWS]|\\[^A-Za-z0-9])(?:[^\[\]\\]|\\[dwsDWS]|\\[^A-Za-z0-9])*\]"
_ATOM = rf"(?:{_CLASS}|\\[dwsDWS]|\\[^A-Za-z0-9]|[^\\\[\](){{}}|*+?^$])"
_MANY = r"(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})\??"
_TOKEN = re.compile(
    rf"{_ATOM}(?P<many>{_MANY})?(?![*+?{{])"
    r"|\((?:\?:|(?P<name>\?P<[A-Za-z_]\w*>)|(?P<plain>(?!\?)))"
    r"|\)(?P<maybe>\?\??)?(?![*+?{])"
    r"|(?P<either>\|)|\^(?![*+?{])|\$(?![*+?{])"
)
_TWICE = ("--", "&&", "||", "~~")
_PRINTABLE = re.compile(r"[ -~]*")
MOST_STEPS = 2_000_000
_NOT_READ = Unknown("this regular expression is not worked out")


def _pattern(pattern: str, where: str) -> re.Pattern[str] | None:
    """The pattern, if it means the same to both and finds its way through `where` in good time."""
    if not _PRINTABLE.fullmatch(pattern) or not _PRINTABLE.fullmatch(where) or any(two in pattern for two in _TWICE):
        return None
    position = choices = named = plain = 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            return None
        position = token.end()
        choices += any(token[name] for name in ("many", "maybe", "either"))
        named += token["name"] is not None
        plain += token["plain"] is not None
    if (named and plain) or (len(where) + 1) ** (choices + 1) > MOST_STEPS * factorial(choices + 1):
        return None
    try:
        return re.compile(pattern, re.ASCII)
    except re.error:
        return None


def _captured(found: re.Match[str]) -> Value:
    """The text, or what its groups hold: by name where they have names."""
    if found.re.groupindex:
        return Fields(tuple((name, Known(value)) for name, value in sorted(found.groupdict().items())))
    return Items(tuple(map(Known, found.groups()))) if found.re.groups else Known(found[0])


def _regex(pattern: Value, where: Value) -> Value:
    compiled = _pattern(text(pattern), text(where))
    if compiled is None:
        return _NOT_READ
    found = compiled.search(text(where))
    if found is None:
        raise ValueError("the pattern does not match")
    return _captured(found)


def _regexall(pattern: Value, where: Value) -> Value:
    compiled = _pattern(text(pattern), text(where))
    if compiled is None or compiled.search("") is not None:  # of matches of nothing, each engine has its own
        return _NOT_READ
    return Items(tuple(map(_captured, compiled.finditer(text(where)))))


PATTERN_FUNCTIONS: dict[str, Callable[..., Value]] = {"regex": _regex, "regexall": _regexall}
"""By name."""
