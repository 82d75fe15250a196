"""Hold one value against one test, three-valued."""

from __future__ import annotations

from typing import assert_never

from remedy_gate.iac.values import Absent, Fields, Items, Known, OneOf, Reference, Scalar, Unknown, Value, settled

from .control import Test
from .verdict import Holds, Verdict, all_of

DIGITS_OF_AN_EXACT_NUMBER = 15
LONGEST_SHOWN = 60


def compare(value: Value, test: Test, name: str) -> Verdict:
    """Whether `value`, which people call `name`, passes. A set of possible values passes only if each does."""
    match value:
        case OneOf():
            return _each_option(value, test, name)
        case Unknown():
            return Verdict(Holds.UNKNOWN, f"{name} is not known from the code: {value.reason}")
        case Reference():
            return _compare_reference(value, test, name)
        case Absent():
            return _compare_absence(test, name)
        case Known(value=None):
            return _compare_absence(test, name)
        case Known():
            return _compare_scalar(value.value, test, name)
        case Items():
            return _compare_items(value, test, name)
        case Fields():
            return _compare_fields(value, test, name)
        case _:
            assert_never(value)


def _each_option(value: OneOf, test: Test, name: str) -> Verdict:
    verdicts = [compare(option, test, name) for option in value.options]
    if len({verdict.holds for verdict in verdicts}) == 1:
        return all_of(verdicts)
    worst = next(verdict for verdict in verdicts if verdict.holds is not Holds.YES)
    return Verdict(Holds.UNKNOWN, f"{worst.reason}, in some deployments")


def _compare_reference(value: Reference, test: Test, name: str) -> Verdict:
    target = ".".join((value.address, *value.attribute))
    match test.kind:
        case "present":
            return Verdict(Holds.YES, f"{name} is {target}")
        case "absent":
            return Verdict(Holds.NO, f"{name} is {target}")
        case _:
            return compare(value.value, test, name)


def _compare_absence(test: Test, name: str) -> Verdict:
    met = test.kind in ("absent", "excludes", "none_of", "at_most")
    return Verdict(Holds.YES if met else Holds.NO, f"{name} is not set")


def _compare_scalar(scalar: Scalar, test: Test, name: str) -> Verdict:
    value = plain(scalar)
    operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    wanted = tuple(plain(operand) for operand in operands)
    number = value if isinstance(value, int | float) else None
    match test.kind:
        case "equals" | "one_of":
            met = value in wanted
        case "none_of":
            met = value not in wanted
        case "at_least":
            met = number is not None and number >= _number(wanted[0])
        case "at_most":
            met = number is not None and number <= _number(wanted[0])
        case "present":
            met = value not in ("", None)
        case "absent":
            met = value in ("", None)
        case "contains":
            met = set(wanted) <= {value}
        case "excludes":
            met = value not in wanted
        case _:
            assert_never(test.kind)
    return Verdict(Holds.YES if met else Holds.NO, f"{name} is {shown(scalar)}")


def _compare_items(items: Items, test: Test, name: str) -> Verdict:
    scalars = [item.value for item in map(settled, items.items) if isinstance(item, Known)]
    certain = items.complete and len(scalars) == len(items.items)
    listing = f"{name} is [{', '.join(map(shown, scalars))}]"
    known = set(map(plain, scalars))
    wanted = set(map(plain, test.operand if isinstance(test.operand, tuple) else (test.operand,)))
    match test.kind:
        case "contains":
            if wanted <= known:
                return Verdict(Holds.YES, listing)
            missing = ", ".join(sorted(shown(value) for value in wanted - known))
            return Verdict(Holds.NO if certain else Holds.UNKNOWN, f"{name} lacks {missing}")
        case "excludes" | "none_of":
            if present := wanted & known:
                return Verdict(Holds.NO, f"{name} has {', '.join(sorted(map(shown, present)))}")
            return Verdict(Holds.YES if certain else Holds.UNKNOWN, listing)
        case "present":
            if items.items:
                return Verdict(Holds.YES, f"{name} is set")
            return Verdict(Holds.NO if items.complete else Holds.UNKNOWN, f"{name} is empty")
        case "absent":
            if items.items:
                return Verdict(Holds.NO, f"{name} is set")
            return Verdict(Holds.YES if items.complete else Holds.UNKNOWN, f"{name} is empty")
        case "equals" | "one_of" | "at_least" | "at_most":
            return Verdict(Holds.UNKNOWN, f"{name} is a list")
        case _:
            assert_never(test.kind)


def _compare_fields(fields: Fields, test: Test, name: str) -> Verdict:
    match test.kind:
        case "present":
            return Verdict(Holds.YES, f"{name} is set")
        case "absent":
            return Verdict(Holds.NO, f"{name} is set")
        case _:
            keys = ", ".join(key for key, _ in fields.entries)
            return Verdict(Holds.UNKNOWN, f"{name} is a block of {keys or 'nothing'}")


def plain(scalar: Scalar) -> Scalar:
    """The scalar as both languages convert it: true is `"true"`, `"7"` is 7; 1 and true stay apart, as in the code."""
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    if not isinstance(scalar, str):
        return scalar
    digits = scalar.removeprefix("-")
    exact = digits.isascii() and digits.isdigit() and len(digits) <= DIGITS_OF_AN_EXACT_NUMBER
    return int(scalar) if exact else scalar


def shown(scalar: Scalar) -> str:
    """A scalar as code shows it, cut to a readable length."""
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    text = "null" if scalar is None else f'"{scalar}"' if isinstance(scalar, str) else str(scalar)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def _number(scalar: Scalar) -> float:
    if isinstance(scalar, int | float):
        return scalar
    raise TypeError(f"a control compares with {scalar!r}, which is no number")
