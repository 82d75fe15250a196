"""What a piece of code comes to: a value, a reference, or unknown with the reason.

The same handful of types serve both languages, so that a control states once what must hold.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

Scalar: TypeAlias = "str | int | float | bool | None"
Path: TypeAlias = "tuple[str | int, ...]"
"""Where a value stands in its block: names of attributes, blocks and keys; numbers pick the nth item or block."""


class Known(NamedTuple):
    """A plain value. Terraform's null and YAML's null are `Known(None)`."""

    value: Scalar


class Items(NamedTuple):
    """A list, a set, or the nested blocks of one name. Not `complete`: there may be more than these."""

    items: tuple[Value, ...]
    complete: bool = True


class Fields(NamedTuple):
    """A map, an object, or the body of a block. Not `complete`: there may be more than these."""

    entries: tuple[tuple[str, Value], ...]
    complete: bool = True

    def get(self, name: str) -> Value:
        """The value under `name`; `ABSENT` where there is none, unknown where there may be one."""
        for key, value in reversed(self.entries):
            if key == name:
                return value
        return ABSENT if self.complete else Unknown(f"not all keys are known, {name} may be among them")


class Reference(NamedTuple):
    """Points at another block of the same module: `aws_kms_key.main.arn`, `!GetAtt Key.Arn`.

    `value` is what it comes to where the code says so, else unknown.
    """

    address: str
    attribute: tuple[str, ...]
    value: Value


class OneOf(NamedTuple):
    """One of these, and nothing in the code says which."""

    options: tuple[Value, ...]


class Unknown(NamedTuple):
    """Not to be known from the code. `reason` names the variable, data source or function."""

    reason: str


class Absent(NamedTuple):
    """Nothing is written here, so the provider's default applies."""


ABSENT = Absent()

Value: TypeAlias = "Known | Items | Fields | Reference | OneOf | Unknown | Absent"


class Found(NamedTuple):
    """A value and the exact path to it, with the numbers of the blocks and items on the way.

    `rest` is what of the path asked for could not be walked, as something on the way is absent or unknown.
    """

    path: Path
    value: Value
    rest: Path = ()


def select(value: Value, path: Path, walked: Path = ()) -> tuple[Found, ...]:
    """Everything that `path` leads to in `value`.

    A name applied to a list fans out over its items, as `ingress.cidr_blocks` means those of every ingress block; an
    empty list leads nowhere. `"*"` fans out over a list or a map. Where a step is missing, the result is `ABSENT` at
    that step. A list that may hold more than is known adds an unknown, so that no caller takes the rest for safe. A path
    that goes on where a text stands goes into the JSON that the text is.
    """
    if not path:
        return (Found(walked, value),)
    step, rest = path[0], path[1:]
    here = (*walked, step)
    match value:
        case Reference():
            return select(value.value, path, walked)
        case OneOf():
            return tuple(found for option in value.options for found in select(option, path, walked))
        case Items():
            return _select_items(value, path, walked)
        case Fields() if step == "*":
            hits = [hit for key, item in value.entries for hit in select(item, rest, (*walked, key))]
            return tuple(hits) if value.complete else (*hits, Found(here, Unknown("not all keys are known"), rest))
        case Fields():
            inner = value.get(str(step))
            return (Found(here, ABSENT, rest),) if isinstance(inner, Absent) else select(inner, rest, here)
        case Known(value=None) | Absent():
            return (Found(here, ABSENT, rest),)
        case Unknown():
            return (Found(here, value, rest),)
        case Known():
            inside = _opened(value)
            return (
                select(inside, path, walked)
                if inside
                else (Found(here, Unknown(f"{value.value!r} has no {step}"), rest),)
            )


def _select_items(items: Items, path: Path, walked: Path) -> tuple[Found, ...]:
    step, rest = path[0], path[1:]
    here = (*walked, step)
    if isinstance(step, int):
        if step < len(items.items):
            return select(items.items[step], rest, here)
        return (Found(here, ABSENT if items.complete else Unknown("the list may be longer"), rest),)
    onward = rest if step == "*" else path
    hits = [hit for index, item in enumerate(items.items) for hit in select(item, onward, (*walked, index))]
    if not items.complete:
        hits.append(Found(here, Unknown("the list may hold more than the code shows"), rest))
    elif not hits and step != "*":
        hits.append(Found(here, ABSENT, rest))
    return tuple(hits)


def _opened(known: Known) -> Value | None:
    """The object or list that a text describes as JSON."""
    if not isinstance(known.value, str):
        return None
    from .json_values import opened

    return opened(known.value)


def settled(value: Value) -> Value:
    """The value behind a reference, where the code says it; anything else as it is."""
    while isinstance(value, Reference):
        value = value.value
    return value


def same(one: Value, other: Value) -> bool:
    """Whether two values are alike in type as well as in content: tuples of different types may compare equal."""
    if type(one) is not type(other):
        return False
    match one, other:
        case ((Items() | OneOf()), (Items() | OneOf())):
            mine = one.items if isinstance(one, Items) else one.options
            theirs = other.items if isinstance(other, Items) else other.options
            return len(mine) == len(theirs) and all(map(same, mine, theirs))
        case Fields(), Fields():
            left, right = dict(one.entries), dict(other.entries)
            return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
        case Known(), Known():
            return one == other and type(one.value) is type(other.value)
        case _:
            return one == other


def path_text(path: Path) -> str:
    """A path as people write it: `rule[0].expiration.days`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
