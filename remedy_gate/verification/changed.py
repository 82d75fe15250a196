"""The semantic difference of a module before and after: which addresses, and which attributes of them."""

from __future__ import annotations

from remedy_gate.iac.module import Module
from remedy_gate.iac.values import ABSENT, Absent, Fields, Items, Path, Value, same

from .check import Sides


def compared(before: Module | None, after: Module | None) -> Sides:
    """The two sides of a module, with what differs between them."""
    old, new = _texts(before, after), _texts(after, before)
    touched = {address for address in old.keys() | new.keys() if old.get(address) != new.get(address)}
    return Sides(before, after, frozenset(touched))


def changed_paths(before: Fields, after: Fields) -> tuple[Path, ...]:
    """The paths of everything that differs, as deep as both sides have it."""
    return tuple(_differences(before, after, ()))


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
