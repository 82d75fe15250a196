"""What a model said, as a value: one reader for both carriers, structured output and tagged text. Pure and strict."""

from __future__ import annotations

import json
import re
from typing import NamedTuple, TypeAlias

from .prompt_text import sentence

MOST_CHARACTERS = 400_000
MOST_EDITS = 40

_FENCE = re.compile(r"\A```[a-z]*\n(.*?)\n?```\Z", re.DOTALL)
_ANSWER = re.compile(r"<answer>(.*)</answer>\s*\Z", re.DOTALL)
_EDIT = re.compile(
    r'<edit path="([^"\n]*)">[ \t]*\n<old>[ \t]*\n(.*?)\n?</old>[ \t]*\n<new>[ \t]*\n(.*?)\n?</new>[ \t]*\n</edit>',
    re.DOTALL,
)
_RATIONALE = re.compile(r"<rationale>(.*?)</rationale>", re.DOTALL)
_CANNOT = re.compile(r"<cannot>(.*?)</cannot>", re.DOTALL)


class Edit(NamedTuple):
    """In the file `path`, `old` is to be replaced by `new`."""

    path: str
    old: str
    new: str


class Edits(NamedTuple):
    """What the model would change. `rationale` is its own prose, on one line: never to be shown unescaped."""

    edits: tuple[Edit, ...]
    rationale: str


class Cannot(NamedTuple):
    """The model says that it cannot, and this is its prose for why."""

    reason: str


class Malformed(NamedTuple):
    """What came is no answer, and why, in our words."""

    reason: str


Answer: TypeAlias = Edits | Cannot | Malformed


def read_answer(text: str) -> Answer:
    """The answer in a model's text, whichever carrier it came by."""
    if len(text) > MOST_CHARACTERS:
        return Malformed(f"the answer is longer than {MOST_CHARACTERS:,} characters")
    body = text.strip()
    fenced = _FENCE.match(body)
    body = fenced[1].strip() if fenced else body
    if not body:
        return Malformed("the answer is empty")
    return _structured(body) if body.startswith(("{", "[")) else _tagged(body)


def _structured(body: str) -> Answer:
    try:
        value = json.loads(body, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return Malformed("the answer is not one JSON object")
    if not isinstance(value, dict) or value.keys() != {"outcome", "edits", "rationale"}:
        return Malformed("the answer is not an object with outcome, edits and rationale")
    outcome, edits, rationale = value["outcome"], value["edits"], value["rationale"]
    if not isinstance(rationale, str) or not isinstance(edits, list):
        return Malformed("edits is not a list, or rationale is not a text")
    if outcome == "cannot":
        return Cannot(sentence(rationale))
    if outcome != "edits":
        return Malformed('outcome is neither "edits" nor "cannot"')
    found: list[Edit] = []
    for edit in edits:
        if not isinstance(edit, dict) or edit.keys() != {"path", "old", "new"}:
            return Malformed("an edit is not an object with path, old and new")
        if not all(isinstance(part, str) for part in edit.values()):
            return Malformed("an edit has a part that is no text")
        found.append(Edit(edit["path"], edit["old"], edit["new"]))
    return _edits(tuple(found), rationale)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _tagged(body: str) -> Answer:
    found = _ANSWER.search(body)
    if found is None:
        return Malformed("there is no <answer> at the end of the text")
    inner = found[1]
    if inner.count("<answer>") or inner.count("</answer>"):
        return Malformed("there is more than one <answer>")
    rest = _EDIT.sub("", inner)
    edits = tuple(Edit(*parts) for parts in _EDIT.findall(inner))
    if cannot := _CANNOT.search(rest):
        return Malformed("it says both that it can and that it cannot") if edits else Cannot(sentence(cannot[1]))
    rationale = _RATIONALE.search(rest)
    if _RATIONALE.sub("", rest).strip():
        return Malformed("something in <answer> is neither an edit nor the rationale")
    return _edits(edits, rationale[1] if rationale else "")


def _edits(edits: tuple[Edit, ...], rationale: str) -> Answer:
    if not edits:
        return Malformed("there are no edits")
    if len(edits) > MOST_EDITS:
        return Malformed(f"there are more than {MOST_EDITS} edits")
    return Edits(edits, sentence(rationale))
