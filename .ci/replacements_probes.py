"""What to ask a provider about one resource type: one changed argument, everything else alike.

Works on the schema as `terraform providers schema -json` gives it, and makes values of exactly its types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Block = Mapping[str, Any]
Kind = str | list[Any] | None
Steps = tuple[str, ...]

DEPTH = 3
_SCALARS: Mapping[str, tuple[Any, Any]] = {"string": ("a", "b"), "number": (1, 2), "bool": (False, True)}


class Probe(NamedTuple):
    """One change of one argument: its value before and after; None is not set."""

    steps: Steps
    before: Any
    after: Any


def empty(block: Block) -> dict[str, Any]:
    """The body of `block` with nothing set."""
    body: dict[str, Any] = dict.fromkeys(block.get("attributes", {}))
    for name, nested in block.get("block_types", {}).items():
        body[name] = {"list": [], "set": [], "map": {}}.get(nested["nesting_mode"])
    return body


def filled(block: Block) -> dict[str, Any]:
    """The body with every plain argument set, and no more."""
    return {**empty(block), **{name: _SCALARS[kind][0] for name, kind in _plain(block) if name not in computed(block)}}


def lived(block: Block) -> dict[str, Any]:
    """The body with every plain attribute set, computed ones too, and texts that pass for old versions."""
    values = {"string": "1.0.0", "number": 1, "bool": True}
    return {**empty(block), **{name: values[kind] for name, kind in _plain(block)}}


def _plain(block: Block) -> Iterator[tuple[str, str]]:
    for name, schema in block.get("attributes", {}).items():
        kind = schema.get("type")
        if name != "id" and isinstance(kind, str) and kind in _SCALARS and not schema.get("write_only"):
            yield name, kind


def computed(block: Block) -> list[str]:
    """The attributes that only the provider sets."""
    return [name for name, schema in block.get("attributes", {}).items() if not _settable(schema)]


def placed(block: Block, steps: Steps, value: object, base: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `value` at `steps`; the bodies on the way have nothing else."""
    name, *rest = steps
    if not rest:
        return {**base, name: value}
    inner, mode = _inner(block, name)
    body = placed(inner, tuple(rest), value, empty(inner))
    return {**base, name: [body] if mode in {"list", "set"} else {"a": body} if mode == "map" else body}


def arguments(block: Block, depth: int = DEPTH) -> Iterator[tuple[Steps, bool]]:
    """Every argument that can be set, and whether it has a body of its own; `depth` bodies deep."""
    for name, schema in sorted(block.get("attributes", {}).items()):
        if not _settable(schema) or name == "id":
            continue
        nested = "nested_type" in schema or _has_object(schema["type"])
        yield (name,), nested
        if nested and depth:
            yield from (((name, *steps), deep) for steps, deep in arguments(_inner(block, name)[0], depth - 1))
    for name, nested in sorted(block.get("block_types", {}).items()):
        if name == "timeouts":
            continue
        yield (name,), True
        if depth:
            yield from (((name, *steps), deep) for steps, deep in arguments(nested["block"], depth - 1))


def probes(block: Block, steps: Steps) -> tuple[Probe, ...]:
    """The changes that stand for any change of a value: to another, back where back differs, and from nothing."""
    values = _values(block, steps)
    if values is None:
        return ()
    nothing, one, other = values
    back = () if isinstance(one, str | list | dict) else ((other, one),)
    return tuple(Probe(steps, before, after) for before, after in ((one, other), *back, (nothing, other)))


def presence(block: Block, steps: Steps) -> tuple[Probe, ...]:
    """A body that comes, and one that goes, every plain argument in it set and every switch on."""
    owner = block
    for name in steps[:-1]:
        owner = _inner(owner, name)[0]
    inner, mode = _inner(owner, steps[-1])
    body = {**empty(inner), **{name: _SCALARS[kind][kind == "bool"] for name, kind in _plain(inner)}}
    body.update(dict.fromkeys(computed(inner)))
    full: Any = [body] if mode in {"list", "set"} else {"a": body} if mode == "map" else body
    nothing: Any = [] if mode in {"list", "set"} and steps[-1] in owner.get("block_types", {}) else None
    return Probe(steps, nothing, full), Probe(steps, full, nothing)


def in_set(block: Block, steps: Steps) -> bool:
    """Whether an argument stands in an item of a set: a path cannot lead there."""
    for name in steps[:-1]:
        block, mode = _inner(block, name)
        if mode == "set":
            return True
    return False


def _values(block: Block, steps: Steps) -> tuple[Any, Any, Any] | None:
    for name in steps[:-1]:
        block = _inner(block, name)[0]
    schema = block["attributes"][steps[-1]]
    if schema.get("write_only"):  # no state has it, so there is nothing that it could differ from
        return None
    pair = _samples(schema.get("type"))
    return None if pair is None else (None, *pair)


def _samples(kind: Kind) -> tuple[Any, Any] | None:
    if isinstance(kind, str):
        return _SCALARS.get(kind)
    inner = _samples(kind[1]) if kind and kind[0] in {"list", "set", "map"} else None
    if kind is None or inner is None:
        return None
    return ({"a": inner[0]}, {"a": inner[1]}) if kind[0] == "map" else ([inner[0]], [inner[1]])


def _settable(schema: Mapping[str, Any]) -> bool:
    return bool(schema.get("optional") or schema.get("required"))


def _has_object(kind: Kind) -> bool:
    return isinstance(kind, list) and (kind[0] == "object" or _has_object(kind[1]))


def _inner(block: Block, name: str) -> tuple[Block, str]:
    """The body under `name`, as a block, and how it nests. Bodies that are only a type are written out as blocks."""
    if name in block.get("block_types", {}):
        nested = block["block_types"][name]
        mode = nested["nesting_mode"]
        return nested["block"], "single" if mode == "group" else mode
    schema = block["attributes"][name]
    if "nested_type" in schema:
        return schema["nested_type"], schema["nested_type"]["nesting_mode"]
    kind, mode = schema["type"], "single"
    if kind[0] != "object":
        mode, kind = kind[0], kind[1]
    if kind[0] != "object":
        return {"attributes": {}}, mode
    return {"attributes": {key: {"type": each, "optional": True} for key, each in kind[1].items()}}, mode
