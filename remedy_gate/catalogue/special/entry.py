"""One entry of a map whose key has dots in it, as the parameters of a database have: `rds.force_ssl`.

`path` is the map, `key` the key, `one_of` the good values, of which the remedy writes the first; `default` is what AWS
takes where there is no such entry.
"""

from __future__ import annotations

from typing import cast

from remedy_gate.catalogue.comparing import compare
from remedy_gate.catalogue.control import Subject, Test
from remedy_gate.catalogue.verdict import Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Operation, SetValue
from remedy_gate.iac.values import Absent, Found, Known, Scalar, select

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ("Parameters",)


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Whether the entry has a good value."""
    return all_of(_judge_found(found, arguments) for found in _found(subject, arguments))


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Write the entry."""
    if any(isinstance(step, int) for found in _found(subject, arguments) for step in found.path):
        return NoPatch(f"{arguments['path']} is a list, not a map")
    path = (*path_in(subject, str(arguments["path"])), str(arguments["key"]))
    return (SetValue(subject.address, path, _good(arguments)[0]),)


def _found(subject: Subject, arguments: Arguments) -> tuple[Found, ...]:
    path = (*path_in(subject, str(arguments["path"])), str(arguments["key"]))
    return select(subject.module.resolved(subject.address), path)


def _judge_found(found: Found, arguments: Arguments) -> Verdict:
    value = found.value
    if isinstance(value, Absent) and "default" in arguments:
        value = Known(arguments["default"])
    return compare(value, Test("one_of", _good(arguments)), str(arguments["key"]))


def _good(arguments: Arguments) -> tuple[Scalar, ...]:
    return tuple(cast("list[Scalar]", arguments["one_of"]))
