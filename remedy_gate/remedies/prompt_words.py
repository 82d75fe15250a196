"""What a control demands, in words that a model can read: every form of requirement, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from remedy_gate.catalogue.control import AnyOf, AttributeIs, Control, OnlyWhen, Requirement, Sibling, Special, Test
from remedy_gate.catalogue.special import SPECIALS
from remedy_gate.iac.values import path_text


def requirement_text(control: Control, type_name: str) -> str:
    """The control's title, its risk, and everything that has to hold for a type."""
    lines = [control.title, f"Why: {control.risk}", "All of this has to hold for the resource:"]
    lines += [line for rule in control.rules.get(type_name, ()) for line in _words(rule, "")]
    if control.also:
        lines.append(f"Beside what is named here, these may change if that is needed: {', '.join(control.also)}")
    return "\n".join(lines)


def _words(requirement: Requirement, indent: str) -> Iterator[str]:
    inner = indent + "  "
    match requirement:
        case AttributeIs(path, test, default, has_default):
            absent = f" (where it is not written, {default!r} is taken)" if has_default else ""
            yield f"{indent}- `{path_text(path)}` {_test(test)}{absent}"
        case Sibling(kind, _, _, require, _, named_by) if named_by:
            yield f"{indent}- the {kind} that this resource's `{path_text(named_by)}` points at is there, and for it:"
            yield from _all(require, inner)
        case Sibling(kind, by, refers_to, require):
            yield f"{indent}- there is a {kind} whose `{path_text(by)}` is this resource's `{refers_to}`, and for it:"
            yield from _all(require, inner)
        case AnyOf(ways):
            yield f"{indent}- at least one of these ways:"
            for number, way in enumerate(ways, 1):
                yield f"{inner}way {number}:"
                yield from _all(way, inner + "  ")
        case OnlyWhen(condition, then):
            yield f"{indent}- only where all of this is so:"
            yield from _all(condition, inner)
            yield f"{indent}  this has to hold:"
            yield from _all(then, inner)
        case Special(name, arguments):
            about = " ".join((SPECIALS[name].__doc__ or name.replace("_", " ")).split())
            given = "; ".join(f"{key} is {value!r}" for key, value in arguments.items())
            yield f"{indent}- {about}" + (f" Here {given}." if given else "")
        case _:
            assert_never(requirement)


def _all(requirements: tuple[Requirement, ...], indent: str) -> Iterator[str]:
    for requirement in requirements:
        yield from _words(requirement, indent)


def _test(test: Test) -> str:
    operand = ", ".join(map(_plain, test.operand)) if isinstance(test.operand, tuple) else _plain(test.operand)
    match test.kind:
        case "equals":
            return f"is {operand}"
        case "one_of":
            return f"is one of {operand}"
        case "none_of":
            return f"is none of {operand}"
        case "at_least":
            return f"is at least {operand}"
        case "at_most":
            return f"is at most {operand}"
        case "present":
            return "is written, and not empty"
        case "absent":
            return "is not written"
        case "contains":
            return f"contains {operand}"
        case "excludes":
            return f"does not contain {operand}"
        case _:
            assert_never(test.kind)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
