"""No item of a list is such and such: no grant to everybody. The remedy takes the items away that are.

`path` is the list, or the nested blocks; `such` are requirements, and an item that meets all of them is unwanted.
"""

from __future__ import annotations

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Operation, RemoveValue

from .listing import is_complete, items_at, judge_item, requirements
from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ("access_control_policy.grant", "grant")


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Fail where one item surely is such; hold where surely none is."""
    path, such = path_in(subject, str(arguments["path"])), requirements(arguments, "such")
    verdicts = [judge_item(item, such) for _, item in items_at(subject, path)]
    unknown = next((verdict for verdict in verdicts if verdict.holds is Holds.UNKNOWN), None)
    for verdict in verdicts:
        if verdict.holds is Holds.YES:
            return Verdict(Holds.NO, f"{arguments['path']}: {verdict.reason}")
    if unknown or not is_complete(subject, path):
        return unknown or Verdict(Holds.UNKNOWN, f"{arguments['path']} is not known from the code")
    return Verdict(Holds.YES, f"no such {arguments['path']}")


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Remove every unwanted item, the last first, so that the numbers of the others stay right."""
    path, such = path_in(subject, str(arguments["path"])), requirements(arguments, "such")
    unwanted = [place for place, item in items_at(subject, path) if judge_item(item, such).holds is Holds.YES]
    if not unwanted:
        return NoPatch(judge(subject, arguments).reason)
    return tuple(RemoveValue(subject.address, place) for place in reversed(unwanted))
