"""Whether a sibling is really there for every instance of its resource: `count`, `for_each` and Conditions of both."""

from __future__ import annotations

import re
from typing import NamedTuple

from remedy_gate.iac.module import Module
from remedy_gate.iac.values import ABSENT, Absent, Fields, Items, Known, OneOf, Path, Unknown, Value, select, settled

from .symbolic import symbols

INDEX = re.compile(r"\[(?P<key>[^\]]*)\]")


class Cover(NamedTuple):
    """How far a sibling reaches. `enough` is None where the code cannot tell; `why` says what is missing."""

    enough: bool | None
    why: str = ""


FULL = Cover(enough=True)


def cover(module: Module, subject: str, sibling: str, by: Path) -> Cover:
    """Whether the sibling has an instance for each one that the subject has."""
    if module.language == "cloudformation":
        return _under_condition(module, subject, sibling)
    mine, theirs = _repeated(module, sibling), _repeated(module, subject)
    if mine.values == 0:
        return Cover(enough=False, why=f"{sibling} has no instance")
    if mine.text and mine.text == theirs.text:
        return FULL if _points_instance_by_instance(module, subject, sibling, by) else _first_only(theirs, subject)
    if theirs.text:
        return _of_several(mine, theirs, _text(module, sibling, by), (subject, sibling))
    if mine.text and mine.values is None:
        return Cover(enough=None, why=f"{sibling} may have no instance: {mine.doubt}")
    return FULL


class Repetition(NamedTuple):
    """What `count` or `for_each` says. `values`: how many instances, None where nobody knows; `keys` those of for_each."""

    text: str = ""
    values: int | None = 1
    keys: frozenset[str] | None = None
    doubt: str = ""


def _repeated(module: Module, address: str) -> Repetition:
    written, body = module.written(address), symbols(module).body(address)
    for name in ("count", "for_each"):
        value = written.get(name)
        if not isinstance(value, Absent):
            text = f"{name} = {_squeezed(value)}"
            return _counted(text, body.get(name)) if name == "count" else _each(text, body.get(name))
    return Repetition()


def _counted(text: str, value: Value) -> Repetition:
    inner = settled(value)
    if isinstance(inner, Known):
        number = int(str(inner.value)) if str(inner.value).isdecimal() else None
        return Repetition(text, number, None, f"{text} is not known")
    if isinstance(inner, OneOf) and all(settled(option) in (Known(0), Known(1)) for option in inner.options):
        return Repetition(text, None, None, f"{text} may be 0")
    return Repetition(text, None, None, f"{text} is not known from the code")


def _each(text: str, value: Value) -> Repetition:
    inner = settled(value)
    match inner:
        case Fields() if inner.complete:
            keys = frozenset(name for name, _ in inner.entries)
        case Items() if inner.complete and all(isinstance(settled(item), Known) for item in inner.items):
            keys = frozenset(str(getattr(settled(item), "value", "")) for item in inner.items)
        case _:
            return Repetition(text, None, None, f"{text} is not known from the code")
    return Repetition(text, len(keys), keys)


def _of_several(mine: Repetition, theirs: Repetition, pointing: str, names: tuple[str, str]) -> Cover:
    """A sibling of a resource that is repeated, and says so otherwise than the resource does."""
    subject, sibling = names
    if _goes_over(mine.text, subject):
        return FULL
    if not mine.text:
        return _first_only(theirs, subject) if INDEX.search(pointing) else _single(theirs, sibling, subject)
    if mine.values is None:
        return Cover(enough=None, why=f"{sibling} may not be there for every {subject}: {mine.doubt}")
    if theirs.values is None or "." not in pointing:
        return Cover(enough=None, why=f"whether {sibling} is there for every {subject} the code does not say")
    keyed = mine.keys is not None and theirs.keys is not None
    missing = sorted(theirs.keys - mine.keys) if keyed and theirs.keys is not None and mine.keys is not None else []
    if missing:
        return Cover(enough=False, why=f"{sibling} leaves out {subject}[{missing[0]!r}]")
    if not keyed and mine.values < theirs.values:
        return Cover(enough=False, why=f"{sibling} covers {mine.values} of {theirs.values} instances of {subject}")
    return FULL


def _single(theirs: Repetition, sibling: str, subject: str) -> Cover:
    if theirs.values == 1:
        return FULL
    return Cover(enough=False, why=f"{sibling} is one, and {subject} is repeated")


def _first_only(theirs: Repetition, subject: str) -> Cover:
    """An index that is written out reaches one instance: enough where there is never more than one."""
    at_most_one = theirs.values in (0, 1) or theirs.doubt.endswith("may be 0")
    return FULL if at_most_one else Cover(enough=False, why=f"it is for one instance of {subject} only")


def _points_instance_by_instance(module: Module, subject: str, sibling: str, by: Path) -> bool:
    text = _text(module, sibling, by)
    found = INDEX.search(text)
    if found is None:
        return "each." in text or "count." in text or subject not in text
    return found["key"].strip().startswith(("each.", "count."))


def _goes_over(text: str, subject: str) -> bool:
    """Whether `for_each` or `count` is made of the resource itself: `aws_s3_bucket.b`, `length(aws_s3_bucket.b)`."""
    return re.search(rf"(?<![\w.-]){re.escape(subject)}(?![\w-])", text) is not None


def _under_condition(module: Module, subject: str, sibling: str) -> Cover:
    mine, theirs = (settled(module.written(one).get("Condition")) for one in (sibling, subject))
    if isinstance(mine, Absent) or mine == theirs:
        return FULL
    name = mine.value if isinstance(mine, Known) else "a condition"
    return Cover(enough=False, why=f"{sibling} is there only where {name} holds")


def _text(module: Module, address: str, path: Path) -> str:
    return _squeezed(select(module.written(address), path)[0].value)


def _squeezed(value: Value) -> str:
    match settled(value):
        case Unknown(reason):
            return " ".join(reason.split())
        case Known(inner):
            return f'"{inner}"' if isinstance(inner, str) else str(inner)
        case other:
            return repr(other) if other != ABSENT else ""


def over_itself(module: Module, subject: str, sibling: str, by: Path) -> bool:
    """Whether the sibling goes over the resource with `for_each`, and takes what it belongs to from `each.value`."""
    repeated = _repeated(module, sibling)
    return _goes_over(repeated.text, subject) and _text(module, sibling, by).replace("${", "").startswith("each.value")
