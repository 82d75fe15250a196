"""Terraform's functions and conditions on names, as far as they put texts together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from remedy_gate.iac.terraform.syntax import Attr, Binary, Call, Expression, Literal, Traversal, TupleOf

from .naming import Names, fixed, joined, text_of, unknown

_SAME_LIST = frozenset(("tolist", "distinct"))
_SAME_TEXT = frozenset(("trimspace", "tostring", "nonsensitive"))


class Worker(Protocol):
    """Whoever works out the parts."""

    def of(self, expression: Expression) -> Names:
        """The names that an expression may come to."""

    def local(self, name: str) -> Expression | None:
        """What a local value is written as."""


def called(call: Call, worker: Worker) -> Names:
    """The names that a call may come to; one of which nothing is known where the function is none of these."""
    match call.function, call.arguments:
        case (("lower" | "upper" as function), (only,)):
            change = str.lower if function == "lower" else str.upper
            names = worker.of(only)
            return tuple(tuple(change(part) if isinstance(part, str) else part for part in name) for name in names)
        case function, (only,) if function in _SAME_TEXT:
            return worker.of(only)
        case "join", (Literal(value=str(between)), listed):
            items = _items(listed, worker)
            return joined(map(worker.of, items), between) if items is not None else unknown("a list")
        case "format", (Literal(value=str(form)), *values):
            return _format(form, values, worker)
        case (("coalesce" | "try"), options):
            return either(options, worker)
        case _:
            return unknown(f"{call.function}()")


def either(options: Iterable[Expression], worker: Worker) -> Names:
    """The names of all the options, each once."""
    return tuple(dict.fromkeys(name for option in options for name in worker.of(option)))


def truth(test: Expression, worker: Worker) -> bool | None:
    """Whether a test holds, as far as names are enough to say so."""
    match test:
        case Binary(("==" | "!=") as operator, left, right):
            sides = [tuple(map(text_of, worker.of(side))) for side in (left, right)]
            if any(len(side) != 1 or side[0] is None for side in sides):
                return None
            return (sides[0] == sides[1]) is (operator == "==")
        case Traversal() | Literal():
            names = worker.of(test)
            return {"true": True, "false": False}.get(text_of(names[0]) or "") if len(names) == 1 else None
        case _:
            return None


def _items(listed: Expression, worker: Worker) -> tuple[Expression, ...] | None:
    match listed:
        case TupleOf():
            return listed.items
        case Call(function=function, arguments=(only,)) if function in _SAME_LIST:
            return _items(only, worker)
        case Traversal(root="local", steps=(Attr(name),)):
            value = worker.local(name)
            return value.items if isinstance(value, TupleOf) else None
        case _:
            return None


def _format(form: str, values: list[Expression], worker: Worker) -> Names:
    pieces = form.replace("%%", "\0").replace("%d", "%s").replace("%v", "%s").split("%s")
    if len(pieces) != len(values) + 1 or any("%" in piece for piece in pieces):
        return unknown("format()")
    texts = [fixed(piece.replace("\0", "%")) for piece in pieces]
    parts = [texts[0]] if texts[0] else []
    for value, text in zip(values, texts[1:], strict=True):
        parts.extend([worker.of(value), text] if text else [worker.of(value)])
    return joined(parts)
