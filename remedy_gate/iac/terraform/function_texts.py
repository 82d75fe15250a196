"""Functions over texts. Arguments are known in full; a wrong type raises `ValueError`."""

from __future__ import annotations

import re
from collections.abc import Callable

from remedy_gate.iac.values import Items, Known, Unknown, Value

from .outcomes import MAX_TEXT, number_in, text_of, texted, truth_in

_VERB = re.compile(r"%(%|([-+ 0]*)(\d*)(?:\.(\d+))?([svdfqtxX]))")


def text(value: Value) -> str:
    """The text that a value is, or can be turned into."""
    found = text_of(value)
    if found is None:
        raise ValueError("a text is wanted")
    return found


def whole(value: Value) -> int:
    """The whole number that a value is."""
    number = number_in(value)
    if number is None or not isinstance(number, int):
        raise ValueError("a whole number is wanted")
    return number


def items(value: Value) -> tuple[Value, ...]:
    """The items of a list or set."""
    if not isinstance(value, Items):
        raise ValueError("a list is wanted")  # noqa: TRY004 - one error for every wrong argument
    return value.items


def joined(separator: Value, *lists: Value) -> Value:
    """`join`."""
    return texted(text(separator).join(text(item) for one in lists for item in items(one)))


def _split(separator: Value, whole_text: Value) -> Value:
    words = text(whole_text)
    parts = words.split(text(separator)) if text(separator) else list(words)
    return Items(tuple(Known(part) for part in parts))


def _replace(where: Value, old: Value, new: Value) -> Value:
    pattern = text(old)
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        return Unknown("`replace` with a regular expression is not worked out")
    if len(text(where)) * max(1, len(text(new))) > MAX_TEXT:
        return Unknown("the text is too long")
    return texted(text(where).replace(pattern, text(new)))


def _format(pattern: Value, *arguments: Value) -> Value:
    waiting = list(arguments)

    def one(found: re.Match[str]) -> str:
        if found[1] == "%":
            return "%"
        return _formatted(found, waiting.pop(0))

    template = text(pattern)
    if "%" in _VERB.sub("", template):
        return Unknown("a verb of `format` is not worked out")
    return texted(_VERB.sub(one, template))


def _formatted(found: re.Match[str], value: Value) -> str:
    flags, width, precision, verb = found[2], found[3], found[4], found[5]
    if len(width) > 3 or len(precision or "") > 3:  # noqa: PLR2004 - nobody pads to a thousand columns
        raise ValueError("the width is too large")
    match verb:
        case "d":
            shown = format(whole(value), "+d" if "+" in flags else "d")
        case "x" | "X":
            shown = format(whole(value), verb)
        case "f":
            number = number_in(value)
            if number is None:
                raise ValueError("a number is wanted")
            shown = f"{number:.{int(precision or 6)}f}"
        case "q":
            from .quoting import quoted

            shown = quoted(text(value))
        case _:
            shown = text(value)
    padded = shown.ljust if "-" in flags else shown.zfill if "0" in flags and verb in "dfxX" else shown.rjust
    return padded(int(width or 0))


def _substr(where: Value, offset: Value, length: Value) -> Value:
    words, start, size = text(where), whole(offset), whole(length)
    start = max(0, start + len(words)) if start < 0 else start
    return Known(words[start:] if size < 0 else words[start : start + size])


def _tostring(value: Value) -> Value:
    return value if value == Known(None) else Known(text(value))


def _tobool(value: Value) -> Value:
    truth = truth_in(value)
    if truth is None and value != Known(None):
        raise ValueError("a truth value is wanted")
    return value if truth is None else Known(truth)


def _on(change: Callable[[str], str]) -> Callable[[Value], Value]:
    return lambda value: Known(change(text(value)))


def _test(holds: Callable[[str, str], bool]) -> Callable[[Value, Value], Value]:
    return lambda one, two: Known(holds(text(one), text(two)))


TEXT_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "chomp": _on(lambda words: words.rstrip("\r\n")),
    "endswith": _test(str.endswith),
    "format": _format,
    "join": joined,
    "lower": _on(str.lower),
    "replace": _replace,
    "split": _split,
    "startswith": _test(str.startswith),
    "strcontains": _test(str.__contains__),
    "strrev": _on(lambda words: words[::-1]),
    "substr": _substr,
    "title": _on(lambda words: re.sub(r"(^|\s)(\w)", lambda found: found[1] + found[2].upper(), words)),
    "tobool": _tobool,
    "tostring": _tostring,
    "trim": lambda one, two: Known(text(one).strip(text(two))),
    "trimprefix": lambda one, two: Known(text(one).removeprefix(text(two))),
    "trimspace": _on(str.strip),
    "trimsuffix": lambda one, two: Known(text(one).removesuffix(text(two))),
    "upper": _on(str.upper),
}
