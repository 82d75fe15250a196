"""What `import` and `moved` blocks say: which id a block gets, and which address it had before."""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Fields, Known, OneOf, Value, settled

from .addresses import address_of
from .kinds import of_kind


def imports_in(module: Module) -> Iterator[tuple[str, str]]:
    """Every id that is imported, and the address that it is imported to."""
    for block in of_kind(module, "import"):
        body = module.resolved(block.address)
        target, identity = _text(body.get("to")), body.get("identity")
        more = [value for _, value in identity.entries] if isinstance(identity, Fields) else []
        yield from ((ident, target) for value in (body.get("id"), *more) for ident in _texts(value) if target)


def moves_in(module: Module) -> dict[str, str]:
    """From old to new addresses, both without instance keys."""
    found: dict[str, str] = {}
    for block in of_kind(module, "moved"):
        body = module.resolved(block.address)
        old, new = _text(body.get("from")), _text(body.get("to"))
        if old and new:
            found[address_of(old).plain] = address_of(new).plain
    return found


def _text(value: Value) -> str:
    value = settled(value)
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else ""


def _texts(value: Value) -> tuple[str, ...]:
    value = settled(value)
    options = value.options if isinstance(value, OneOf) else (value,)
    return tuple(filter(None, map(_text, options)))
