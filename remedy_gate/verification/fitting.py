"""Whether values fit what a schema says of them: names, types, nesting, what is required, how often it may stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from remedy_gate.iac.schema import Argument
from remedy_gate.iac.values import Fields, Items, Known, OneOf, Path, Reference, Value, path_text, settled

SCALARS = ("string", "number", "bool")
HOLE = "${"
"""In a text: a part that is known only after a deployment, so that it may be of any type."""


def misfits(body: Fields, known: Mapping[str, Argument], walked: Path = (), *, nested: bool) -> Iterator[str]:
    """What does not fit, in words. `nested`: the language tells a nested block from an attribute by its syntax."""
    written = {name for name, _ in body.entries}
    for name, value in body.entries:
        here = (*walked, name)
        argument = known.get(name)
        if argument is None:
            yield f"there is no argument {path_text(here)}"
        elif argument.readable and settled(value) != Known(None):
            yield f"{path_text(here)} can only be read"
        else:
            yield from _of_value(value, argument, here, nested=nested)
    if body.complete:
        for name, argument in known.items():
            if argument.required and not argument.readable and name not in written:
                yield f"{path_text((*walked, name))} is required"


def _of_value(value: Value, argument: Argument, here: Path, *, nested: bool) -> Iterator[str]:
    inner = settled(value)
    if isinstance(inner, OneOf):
        for option in inner.options:
            yield from _of_value(option, argument, here, nested=nested)
        return
    if isinstance(inner, Fields) and argument.type == "string" and _is_a_text(value, inner):
        return
    if problem := _misfit(inner, argument, nested=nested):
        yield f"{path_text(here)} {problem}"
        return
    if argument.arguments is not None:
        for index, body in _entries(inner) if argument.type == "map" else _bodies(inner):
            yield from misfits(body, argument.arguments, (*here, *index), nested=nested)


def _is_a_text(value: Value, inner: Fields) -> bool:
    """Whether a map stands for its JSON: a policy document that was referred to, or encoded with parts unknown."""
    return isinstance(value, Reference) or any(name in ("Statement", "Version") for name, _ in inner.entries)


def _misfit(value: Value, argument: Argument, *, nested: bool) -> str:
    match value:
        case Fields() if argument.type in SCALARS:
            return f"takes a {argument.type}"
        case Fields() if nested and argument.type == "block" and argument.item != "object":
            return "is a nested block, not an attribute"
        case Items() if argument.type in (*SCALARS, "map"):
            return f"takes a {argument.type}, not a list or a block"
        case Items(items) if argument.type == "block" and argument.single and len(items) > 1:
            return "may stand only once"
        case Known(value=None):
            return ""
        case Known(scalar):
            return _misfit_of_scalar(scalar, argument)
        case _:
            return ""


def _misfit_of_scalar(scalar: object, argument: Argument) -> str:
    text = str(scalar)
    if HOLE in text:
        return ""
    match argument.type:
        case "bool" if not isinstance(scalar, bool) and text.lower() not in ("true", "false"):
            return "takes true or false"
        case "number" if isinstance(scalar, bool) or not _is_number(text):
            return "takes a number"
        case "block" | "object":
            return "is a block"
        case "list" | "set" | "map":
            return f"takes a {argument.type}"
        case _:
            return ""


def _bodies(value: Value) -> Iterator[tuple[Path, Fields]]:
    match value:
        case Fields():
            yield (), value
        case Items():
            for index, item in enumerate(value.items):
                inner = settled(item)
                if isinstance(inner, Fields):
                    yield ((index,) if len(value.items) > 1 else ()), inner


def _entries(value: Value) -> Iterator[tuple[Path, Fields]]:
    """The objects under the keys of a map."""
    for name, item in value.entries if isinstance(value, Fields) else ():
        inner = settled(item)
        if isinstance(inner, Fields):
            yield (name,), inner


def _is_number(text: str) -> bool:
    return text.strip().removeprefix("-").replace(".", "", 1).isdecimal()
