"""Which new blocks belong to a repair: those that the control names, and what these need and bring along."""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.reach import Reach
from remedy_gate.catalogue.siblings import points_at
from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.values import Absent, Fields, Items, OneOf, Reference, Value, select, settled

from .check import Sides
from .consequences import mentions
from .supporting import ATTACHED, AWAITED, GROUPS, READING, RULES_OF_ACLS, RULES_OF_GROUPS, SUPPORTING

SAID = frozenset(("variable", "local", "parameter", "mapping", "condition"))
"""Blocks that only hold a value for others."""
IDLE = frozenset(("depends_on", "tags", "tags_all", "description", "DependsOn", "Tags", "Description", "Metadata"))
"""Attributes that name a resource without a need for it."""
OTHERS = ("Users", "Groups")
"""Who else a policy of a template may be for."""


class Additions:
    """The new blocks of a module that belong to the repair of its subject."""

    def __init__(self, sides: Sides, subject: Subject | None, reach: Reach) -> None:
        """Find them; without a subject in this module none does."""
        self._before, self._after, self._subject, self._reach = sides.before, sides.after, subject, reach
        self.accepted = self._grown(sides) if sides.before is not None and sides.after is not None else frozenset[str]()

    def is_sibling(self, block: Block, module: Module) -> bool:
        """Whether a block is of a type that the control names and belongs to the subject."""
        if self._subject is None or block.type not in self._siblings(module):
            return False
        subject = self._subject._replace(module=module)
        if subject.address not in module.blocks:
            return False
        if any(points_at(value, subject) for value in _values(module.resolved(block.address))):
            return True
        return block.type in self._reach.named and self._is_named(block, subject)

    def _is_named(self, block: Block, subject: Subject) -> bool:
        """Whether the subject, or a sibling that points at it, points at the block: at its parameter group, its web ACL."""
        module = subject.module
        naming = {subject.address} | {
            other.address
            for other in module.blocks.values()
            if other.kind == "resource"
            and other.type in self._reach.siblings
            and any(points_at(value, subject) for value in _values(module.resolved(other.address)))
        }
        return any(block.address in module.references(address) for address in naming)

    def _siblings(self, module: Module) -> frozenset[str]:
        named = frozenset(self._reach.siblings)
        subject = module.blocks.get(self._subject.address) if self._subject is not None else None
        rules = {"ingress", "egress", "SecurityGroupIngress", "SecurityGroupEgress"}
        of_group = (
            subject is not None and subject.type in GROUPS and any(names[0] in rules for names in self._reach.own)
        )
        # A rule that is split is one of several then; that they open no more than it did is `no_weakening`'s to see.
        of_acl = subject is not None and subject.type in RULES_OF_ACLS and ("cidr_block",) in self._reach.own
        return named | (RULES_OF_GROUPS if of_group else frozenset()) | (RULES_OF_ACLS if of_acl else frozenset())

    def _grown(self, sides: Sides) -> frozenset[str]:
        before, after = sides.before, sides.after
        assert before is not None
        assert after is not None
        waiting = {address for address in sides.touched if address in after.blocks and address not in before.blocks}
        accepted: set[str] = set()
        # What is there already and changes may need new blocks; whether it may change at all is asked elsewhere.
        needing = {address for address in sides.touched if address in before.blocks and address in after.blocks}
        if self._subject is not None:
            needing.add(self._subject.address)
        while True:
            there = [one for one in needing | accepted if one in after.blocks]
            named = {name for one in there for name in after.references(one)}
            used = {name for one in there for name in _used(after, one)}
            needs = {name for name in named if name in used or _is_no_thing(after, name)}
            grown = {address for address in waiting if self._belongs(after.blocks[address], after, accepted, needs)}
            if not grown:
                return frozenset(accepted)
            accepted |= grown
            waiting -= grown

    def _belongs(self, block: Block, after: Module, accepted: set[str], needs: set[str]) -> bool:
        if block.kind == "resource":
            return (
                self.is_sibling(block, after)
                or (block.type in SUPPORTING and block.address in needs)
                or _is_attached(block, after, accepted)
            )
        if block.kind == "data":
            return block.type in READING and block.address in needs
        return block.kind in SAID and block.address in needs


def _is_no_thing(module: Module, address: str) -> bool:
    """Whether a block makes nothing, or is one for which a resource only waits."""
    block = module.blocks.get(address)
    return block is not None and (block.kind != "resource" or block.type in AWAITED)


def _used(module: Module, address: str) -> frozenset[str]:
    """What a block refers to with more than its tags and what it waits for."""
    references, body = module.references(address), module.written(address)
    idle = {name for name, _ in body.entries} & IDLE | {"Tags", "Description"}
    working = " ".join(map(repr, _without(body, idle)))
    resolved = " ".join(map(repr, _without(module.resolved(address), idle)))
    return frozenset(name for name in references if mentions(f"{working} {resolved}", name))


def _without(body: Fields, idle: set[str]) -> Iterator[Value]:
    for name, value in body.entries:
        inner = settled(value)
        if name == "Properties" and isinstance(inner, Fields):
            yield from _without(inner, idle)
        elif name not in idle:
            yield value


def _is_attached(block: Block, after: Module, accepted: set[str]) -> bool:
    """Whether it belongs to a resource that is new itself."""
    path = ATTACHED.get(block.type)
    if path is None:
        return False
    found = select(after.resolved(block.address), path)
    targets = [target for item in found for target in _targets(item.value)]
    if any(
        not isinstance(one.value, Absent)
        for name in OTHERS
        for one in select(after.resolved(block.address), (*path[:-1], name))
    ):
        return False
    return bool(targets) and all(target in accepted for target in targets)


def _targets(value: Value) -> Iterator[str]:
    match value:
        case Reference():
            yield value.address
        case Items():
            for item in value.items:
                yield from _targets(item)
        case OneOf():
            for option in value.options:
                yield from _targets(option)
        case _:
            yield ""


def _values(body: Fields) -> Iterator[Value]:
    for name, value in body.entries:
        yield value
        inner = settled(value)
        if isinstance(inner, Items):
            yield from inner.items
        if name == "Properties" and isinstance(inner, Fields):
            yield from (one for _, one in inner.entries)
