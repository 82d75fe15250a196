"""Arithmetic, comparison and logic, as far as the operands are known."""

from __future__ import annotations

from math import fmod

from remedy_gate.iac.values import Fields, Items, Known, Reference, Unknown, Value, same

from .outcomes import Failure, counted, fully_known, number_in, over, truth_in, unknown_among, unwrapped

_ORDER = frozenset(("<", ">", "<=", ">="))


def unary(operator: str, operand: Value) -> Value:
    """`-x` or `!x`."""
    return over((unwrapped(operand),), lambda value: _unary(operator, value))


def _unary(operator: str, operand: Value) -> Value:
    if isinstance(operand, Unknown):
        return operand
    if operator == "!":
        truth = truth_in(operand)
        return Failure("`!` needs a truth value") if truth is None else Known(not truth)
    number = number_in(operand)
    return Failure("`-` needs a number") if number is None else counted(-number)


def binary(operator: str, left: Value, right: Value) -> Value:
    """Two operands and an operator."""
    if operator in {"==", "!="} and isinstance(left, Reference) and same(left, right):
        return Known(operator == "==")
    return over((unwrapped(left), unwrapped(right)), lambda one, two: _binary(operator, one, two))


def _binary(operator: str, left: Value, right: Value) -> Value:
    if operator in {"&&", "||"}:
        return _logic(left, right, decides=operator == "||")
    unknown = unknown_among((left, right))
    if unknown is not None:
        return _against_null(operator, left, right) or unknown
    if operator in {"==", "!="}:
        return _equality(left, right, wanted=operator == "==")
    one, two = number_in(left), number_in(right)
    if one is None or two is None:
        return Failure(f"`{operator}` needs two numbers")
    return _compared(operator, one, two) if operator in _ORDER else _calculated(operator, one, two)


def _logic(left: Value, right: Value, *, decides: bool) -> Value:
    """A false decides `&&`, a true decides `||`, whatever the other side is."""
    one, two = truth_in(left), truth_in(right)
    if one is decides or two is decides:
        return Known(decides)
    unknown = unknown_among((left, right))
    if unknown is not None:
        return unknown
    return Failure("`&&` and `||` need truth values") if one is None or two is None else Known(not decides)


def _against_null(operator: str, left: Value, right: Value) -> Value | None:
    """A list or object with unknown parts is still not null."""
    if operator in {"==", "!="}:
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Items | Fields) and other == Known(None) and isinstance(other, Known):
                return Known(operator == "!=")
    return None


def _equality(left: Value, right: Value, *, wanted: bool) -> Value:
    null = [value for value in (left, right) if isinstance(value, Known) and value.value is None]
    if len(null) == 1:
        return Known(not wanted)
    if not fully_known(left) or not fully_known(right):
        return Unknown("what is compared is not known in full")
    if isinstance(left, Known) and isinstance(right, Known):
        one, two = left.value, right.value
        if isinstance(one, bool) is not isinstance(two, bool) or isinstance(one, str) is not isinstance(two, str):
            return Known(not wanted)
        return Known((one == two) is wanted)
    return Known(same(left, right) is wanted)


def _compared(operator: str, left: float, right: float) -> Value:
    match operator:
        case "<":
            return Known(left < right)
        case "<=":
            return Known(left <= right)
        case ">":
            return Known(left > right)
        case _:
            return Known(left >= right)


def _calculated(operator: str, left: float, right: float) -> Value:
    try:
        match operator:
            case "+":
                return counted(left + right)
            case "-":
                return counted(left - right)
            case "*":
                return counted(left * right)
            case "/":
                whole = isinstance(left, int) and isinstance(right, int) and right and left % right == 0
                return counted(left // right if whole else left / right)
            case _:
                return counted(fmod(left, right))
    except (ArithmeticError, ValueError):
        return Failure(f"{left} {operator} {right} cannot be calculated")
