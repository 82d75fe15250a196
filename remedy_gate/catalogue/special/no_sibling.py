"""No resource of a type points at this one: it is no target of access logs, its ACL is set nowhere else.

`type` is the other's resource type and `by` its attribute, written as in a `sibling`. There is no remedy: this is for
the conditions of other requirements.
"""

from __future__ import annotations

from remedy_gate.catalogue.control import Sibling, Subject
from remedy_gate.catalogue.siblings import relatives
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.domain.patch import NoPatch

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ()


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Hold where surely nothing of that type points here; unknown where something may."""
    other = str(arguments["type"])
    found = relatives(Sibling(other, path_in(subject, str(arguments["by"])), "", ()), subject)
    if found.certain:
        return Verdict(Holds.NO, f"{found.certain[0]} points at it")
    if found.possible:
        return Verdict(Holds.UNKNOWN, f"{found.possible[0]} may point at it: {found.doubt}")
    return Verdict(Holds.YES, f"no {other} points at it")


def repair(subject: Subject, arguments: Arguments) -> NoPatch:
    """Nothing: what points here has its reasons."""
    return NoPatch(judge(subject, arguments).reason)
