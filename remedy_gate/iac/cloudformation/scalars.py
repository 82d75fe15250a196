"""What a scalar of a template means: YAML 1.1's booleans, nulls and numbers as CloudFormation takes them, or text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from remedy_gate.iac.values import Known, Scalar, Unknown

if TYPE_CHECKING:
    from .node import Node

_BOOLEANS = {
    spelling: meant
    for words, meant in (("yes true on", True), ("no false off", False))
    for word in words.split()
    for spelling in (word, word.capitalize(), word.upper())
}
_NULLS = ("", "~", "null", "Null", "NULL")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]*(?:[eE][-+]?[0-9]+)?|[-+]?\.[0-9]+(?:[eE][-+]?[0-9]+)?")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
# Python refuses to read longer integers from text, and no template means one.
_LONGEST_NUMBER = 400

_STANDARD = "tag:yaml.org,2002:"


def plain_value(text: str) -> Scalar:
    """What unquoted text means. Dates, octals, sexagesimals and numbers with underscores stay text."""
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text in _NULLS:
        return None
    first = text[0]
    if not (first.isdigit() or first in "+-.") or len(text) > _LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    # JSON writes 1e5 without the dot that YAML 1.1 wants; nobody means text by it.
    return float(text) if _JSON_NUMBER.fullmatch(text) else text


def scalar(node: Node) -> Known | Unknown:
    """The value of a scalar without an intrinsic tag; unknown under a tag that we do not understand."""
    tag: str = node.tag
    if not tag:
        return Known(node.value if node.style else plain_value(node.value))
    if tag == _STANDARD + "str":
        return Known(node.value)
    if tag in {_STANDARD + "bool", _STANDARD + "int", _STANDARD + "float", _STANDARD + "null"}:
        return Known(plain_value(node.value))
    return Unknown(f"the tag {tag.replace(_STANDARD, '!!')} is not one of CloudFormation's")


def as_text(value: Scalar) -> str:
    """How CloudFormation writes a value into text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
