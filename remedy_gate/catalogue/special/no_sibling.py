"""No resource of a type points at this one: it is no target of access logs, its ACL is set nowhere else.

`type` is the other's resource type and `by` its attribute, written as in a `sibling`. With `through`, an attribute of
this resource, it is about what that points at: no ACL for the bucket that these ownership controls are for. There is
no remedy: this is for the conditions of other requirements, or for what has to be undone by hand first.
"""

from __future__ import annotations

from remedy_gate.catalogue.control import Sibling, Subject
from remedy_gate.catalogue.siblings import relatives
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.values import Reference, select

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ()


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Hold where surely nothing of that type points here; unknown where something may."""
    other = str(arguments["type"])
    owner = _through(subject, str(arguments["through"])) if "through" in arguments else subject
    if owner is None:
        return _without_owner(subject, other)
    found = relatives(Sibling(other, path_in(subject, str(arguments["by"])), "", ()), owner)
    if found.certain:
        return Verdict(Holds.NO, f"{found.certain[0]} points at it")
    if found.possible:
        return Verdict(Holds.UNKNOWN, f"{found.possible[0]} may point at it: {found.doubt}")
    return Verdict(Holds.YES, f"no {other} points at it")


def repair(subject: Subject, arguments: Arguments) -> NoPatch:
    """Nothing: what points here has its reasons."""
    return NoPatch(judge(subject, arguments).reason)


def _through(subject: Subject, attribute: str) -> Subject | None:
    """The block of the module that an attribute of the subject points at."""
    for found in select(subject.module.resolved(subject.address), path_in(subject, attribute)):
        if isinstance(found.value, Reference) and found.value.address in subject.module.blocks:
            return Subject(subject.module, found.value.address, subject.parameters)
    return None


def _without_owner(subject: Subject, other: str) -> Verdict:
    candidates = [block.address for block in subject.module.blocks.values() if block.type == other]
    if candidates:
        return Verdict(Holds.UNKNOWN, f"{candidates[0]} may point at the same")
    return Verdict(Holds.YES, f"there is no {other}")
