"""No resource of a type points at this one: it is no target of access logs, its ACL is set nowhere else.

`type` is the other's resource type and `by` its attribute, written as in a `sibling`. With `through`, an attribute of
this resource, it is about what that points at: no ACL for the bucket that these ownership controls are for. With
`mentions` it is enough that the other refers to this one anywhere, as in `"table/${aws_dynamodb_table.orders.name}"`.
There is no remedy: this is for the conditions of other requirements, or for what has to be undone by hand first.
"""

from __future__ import annotations

from remedy_gate.catalogue.control import Sibling, Subject
from remedy_gate.catalogue.siblings import names_of, relatives
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.values import Known, Path, Reference, select, settled

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ()


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Hold where surely nothing of that type points here; unknown where something may."""
    other = str(arguments["type"])
    if arguments.get("mentions") is True:
        return _without_mention(subject, other, path_in(subject, str(arguments["by"])))
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


def _without_mention(subject: Subject, other: str, by: Path) -> Verdict:
    """Whether none of a type refers to the subject. One that refers to another of the subject's type is that one's."""
    blocks, names = subject.module.blocks, names_of(subject)
    mine = blocks[subject.address].type
    for block in blocks.values():
        if block.type != other or block.kind != "resource":
            continue
        named = subject.module.references(block.address)
        if subject.address in named:
            return Verdict(Holds.NO, f"{block.address} points at it")
        values = [settled(found.value) for found in select(subject.module.resolved(block.address), by)]
        elsewhere = names and all(isinstance(one, Known) and not _has(one.value, names) for one in values)
        if not elsewhere and not any(name in blocks and blocks[name].type == mine for name in named):
            return Verdict(Holds.UNKNOWN, f"{block.address} may point at it")
    return Verdict(Holds.YES, f"no {other} points at it")


def _has(text: object, names: set[object]) -> bool:
    return any(str(name) in str(text) for name in names)
