"""A value is not one of those that cannot do what the control asks for: an old version, a small instance type.

`path` is the attribute, `one_of` the values that cannot. It fails only where one of them is surely written; then there
is no remedy, as what to take instead depends on how the resource is used.
"""

from __future__ import annotations

from typing import cast

from remedy_gate.catalogue.comparing import compare
from remedy_gate.catalogue.control import Subject, Test
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.values import Scalar, select

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ()


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Fail where the value surely is one of them."""
    name = str(arguments["path"])
    test = Test("one_of", tuple(cast("list[Scalar]", arguments["one_of"])))
    for found in select(subject.module.resolved(subject.address), path_in(subject, name)):
        verdict = compare(found.value, test, name)
        if verdict.holds is Holds.YES:
            return Verdict(Holds.NO, f"{verdict.reason}, which cannot")
    return Verdict(Holds.YES, "")


def repair(subject: Subject, arguments: Arguments) -> NoPatch:
    """Nothing: another value has to be chosen first."""
    return NoPatch(f"{judge(subject, arguments).reason}: choose another one first")
