"""Find the resources that belong to a resource: the versioning of a bucket, the rules of a security group."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.iac.values import Absent, Known, OneOf, Reference, Unknown, Value, path_text, select, settled

from .control import Sibling, Subject

NAMES = ("id", "bucket", "name", "function_name", "identifier", "cluster_identifier", "BucketName", "Name", "TopicName")
"""Attributes by which another resource may call this one when it does not refer to it."""
OWN = ("id", "arn", "name", "Arn", "Id", "Name")
"""Attributes in which a resource says who it is itself, not what it belongs to."""


class Relatives(NamedTuple):
    """Addresses that surely belong to the resource, and those of which the code cannot tell, with why."""

    certain: tuple[str, ...]
    possible: tuple[str, ...]
    doubt: str


def relatives(requirement: Sibling, subject: Subject) -> Relatives:
    """The siblings that `requirement` speaks of, in the order of the code."""
    if requirement.named_by:
        return _named(requirement, subject)
    certain: list[str] = []
    possible: list[str] = []
    doubt = ""
    for address, block in subject.module.blocks.items():
        if block.kind != "resource" or block.type != requirement.type:
            continue
        for found in select(subject.module.resolved(address), requirement.by):
            answer = points_at(found.value, subject)
            if answer:
                certain.append(address)
            elif answer is None:
                possible.append(address)
                doubt = doubt or (found.value.reason if isinstance(found.value, Unknown) else "it is one of several")
    return Relatives(tuple(certain), tuple(possible), doubt)


def _named(requirement: Sibling, subject: Subject) -> Relatives:
    """What an attribute of the subject itself points at. Where it calls something outside the module, nobody can tell."""
    certain: list[str] = []
    possible: list[str] = []
    doubt = ""
    for found in select(subject.module.resolved(subject.address), requirement.named_by):
        if isinstance(found.value, Absent) or found.value in (Known(None), Known("")):
            continue
        told = [
            block.address
            for block in subject.module.blocks.values()
            if block.kind == "resource"
            and block.type == requirement.type
            and points_at(found.value, Subject(subject.module, block.address, subject.parameters))
        ]
        certain += told
        if not told:
            possible.append(path_text(tuple(step for step in found.path if step != "Properties")))
            doubt = doubt or "what it points at is not in this module"
    return Relatives(tuple(dict.fromkeys(certain)), tuple(possible), doubt)


def points_at(value: Value, subject: Subject) -> bool | None:
    """Whether a value refers to the subject or names it; None where the code cannot tell."""
    match value:
        case Reference():
            if value.address == subject.address:
                return True
            if isinstance(value.value, Reference):
                return points_at(value.value, subject)
            unsure = isinstance(value.value, Unknown) and (_opaque(value) or _leads_on(value, subject))
            return None if unsure else False
        case Known():
            return value.value is not None and value.value in names_of(subject)
        case OneOf():
            answers = {points_at(option, subject) for option in value.options}
            return answers.pop() if len(answers) == 1 else None
        case Unknown():
            return False if _is_another(value.reason, subject) else None
        case Absent():
            return False
        case _:
            return False


def _is_another(reason: str, subject: Subject) -> bool:
    """Whether it is a resource of another type that is declared nowhere."""
    address, nowhere, _ = reason.partition(" is declared nowhere in this module")
    kind = subject.module.blocks[subject.address].type
    return bool(nowhere) and address.startswith("aws_") and address.partition(".")[0] != kind


def _opaque(reference: Reference) -> bool:
    """Whether the reference leads through something other than a resource, so that it may end anywhere."""
    return reference.address.startswith(("module.", "data.", "Parameters."))


def _leads_on(reference: Reference, subject: Subject) -> bool:
    """Whether it is an attribute by which a resource of another type may itself point at the subject: its `vpc_id`."""
    block = subject.module.blocks.get(reference.address)
    last = reference.attribute[-1:] and str(reference.attribute[-1])
    is_other_type = block is not None and block.type != subject.module.blocks[subject.address].type
    return is_other_type and bool(last) and last not in OWN


def names_of(subject: Subject) -> set[object]:
    """The names that the code gives a resource, by which others may call it."""
    body = subject.module.resolved(subject.address)
    bodies = (body, settled(body.get("Properties")))
    names: set[object] = set()
    for inner in bodies:
        for name in NAMES:
            for found in select(inner, (name,)):
                value = settled(found.value)
                if isinstance(value, Known) and isinstance(value.value, str):
                    names.add(value.value)
    return names - {""}
