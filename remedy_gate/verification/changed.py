"""The semantic difference of a module before and after: which addresses, and which paths of their values."""

from __future__ import annotations

from remedy_gate.iac.module import Module
from remedy_gate.iac.values import (
    ABSENT,
    Absent,
    Fields,
    Items,
    Known,
    OneOf,
    Path,
    Reference,
    Unknown,
    Value,
    same,
)

from .check import Sides
from .symbolic import symbols


def compared(before: Module | None, after: Module | None) -> Sides:
    """The two sides of a module, with what differs between them."""
    old, new = _texts(before, after), _texts(after, before)
    touched = {address for address in old.keys() | new.keys() if old.get(address) != new.get(address)}
    return Sides(before, after, frozenset(touched))


def changes_of(sides: Sides, address: str) -> tuple[Path, ...]:
    """The paths of a block that mean something else than before; none where only comments or layout differ.

    What cannot be worked out has changed where its text has.
    """
    if sides.before is None or sides.after is None:
        return ()
    if address not in sides.before.blocks or address not in sides.after.blocks:
        return ()
    before, after = sides.before, sides.after
    found = _changes(before, after, address)
    return tuple(path for path in found if not _names_the_same(before, after, address, path))


def _changes(before: Module, after: Module, address: str) -> tuple[Path, ...]:
    old, new = symbols(before).body(address), symbols(after).body(address)
    found = _differences(old, new, ())
    if old.complete and new.complete and _is_plain(old) and _is_plain(new):
        return tuple(found)
    texts = _differences(before.written(address), after.written(address), ())
    vague = [path for path in texts if not (_is_plain(old.get(str(path[0]))) and _is_plain(new.get(str(path[0]))))]
    return tuple(dict.fromkeys((*found, *vague)))


def _names_the_same(before: Module, after: Module, address: str, path: Path) -> bool:
    """Whether both sides name one bucket, by its id and by its name, which are the same text."""
    if path != ("bucket",):
        return False
    named = [module.resolved(address).get("bucket") for module in (before, after)]
    buckets = [one.address for one in named if isinstance(one, Reference) and one.attribute in (("id",), ("bucket",))]
    return len(buckets) == len(named) and len(set(buckets)) == 1 and buckets[0].startswith("aws_s3_bucket.")


def _texts(module: Module | None, other: Module | None) -> dict[str, bytes]:
    """The text of every block in a file that the other side has otherwise."""
    if module is None:
        return {}
    theirs = other.files if other is not None else {}
    files = {path: text for path, text in module.files.items() if theirs.get(path) != text}
    return {
        address: files[block.path][block.span.start : block.span.end]
        for address, block in module.blocks.items()
        if block.path in files
    }


def _differences(before: Value, after: Value, path: Path) -> list[Path]:
    match before, after:
        case Fields(), Fields():
            names = dict.fromkeys((*(name for name, _ in before.entries), *(name for name, _ in after.entries)))
            pairs = [(name, before.get(name), after.get(name)) for name in names]
            return [found for name, one, other in pairs for found in _differences(one, other, (*path, name))]
        case Items(), Items() if len(before.items) == len(after.items):
            pairs_of_items = enumerate(zip(before.items, after.items, strict=True))
            return [
                found for index, (one, other) in pairs_of_items for found in _differences(one, other, (*path, index))
            ]
        case (Absent(), Fields(entries=(_, *_))) | (Fields(entries=(_, *_)), Absent()):
            return _differences(_fields(before), _fields(after), path)
        case (Absent(), Items(items=(Fields(), *_))) | (Items(items=(Fields(), *_)), Absent()):
            items = before.items if isinstance(before, Items) else after.items if isinstance(after, Items) else ()
            return [found for index, item in enumerate(items) for found in _differences(ABSENT, item, (*path, index))]
        case _:
            return [] if same(before, after) else [path]


def _fields(value: Value) -> Fields:
    """Nothing written is the same as nothing in it, so that a new block is told by what stands in it."""
    return value if isinstance(value, Fields) else Fields(())


def _is_plain(value: Value) -> bool:
    """Whether the value is worked out to the last part, names of what is known later among them."""
    match value:
        case Fields():
            return value.complete and all(_is_plain(item) for _, item in value.entries)
        case Items():
            return value.complete and all(map(_is_plain, value.items))
        case OneOf():
            return all(map(_is_plain, value.options))
        case Reference():
            return _is_plain(value.value)
        case Unknown():
            return False
        case Known() | Absent():
            return True
