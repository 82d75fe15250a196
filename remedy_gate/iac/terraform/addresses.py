"""What the top-level blocks of a module are called."""

from __future__ import annotations

from typing import NamedTuple

_NAMED = {"module": "module", "variable": "var", "output": "output", "check": "check"}
UNIQUE = frozenset(("resource", "data", "module", "variable", "local", "output", "ephemeral", "check"))
"""Kinds of which Terraform allows one of a name."""

_LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "provider": 1, "check": 1}


class Naming(NamedTuple):
    """Address, type and name of a block."""

    address: str
    type: str
    name: str


def naming_of(kind: str, labels: tuple[str, ...], alias: str = "") -> Naming:
    """What a block is called. `alias` is that of a provider. With too few or too many labels it has no type."""
    if len(labels) != _LABELS.get(kind, len(labels)):
        return Naming(".".join((kind, *labels)), "", labels[-1] if labels else "")
    match kind:
        case "resource":
            return Naming(f"{labels[0]}.{labels[1]}", labels[0], labels[1])
        case "data" | "ephemeral":
            return Naming(f"{kind}.{labels[0]}.{labels[1]}", labels[0], labels[1])
        case "provider":
            return Naming(f"provider.{labels[0]}.{alias}" if alias else f"provider.{labels[0]}", "", alias or labels[0])
        case _ if kind in _NAMED:
            return Naming(f"{_NAMED[kind]}.{labels[0]}", "", labels[0])
        case _:
            return Naming(".".join((kind, *labels)), "", labels[-1] if labels else "")


def labels_of(kind: str) -> int:
    """How many labels a block of this kind has."""
    return _LABELS.get(kind, 0)
