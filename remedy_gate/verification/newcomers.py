"""What a patch adds: new policies that allow too much, new resources that say of themselves something unsafe."""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.judging import judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.reach import reach
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.finding import Severity
from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Fields, Items, Known, Path, Value, settled

from .attached import attached
from .check import Sides
from .grants import excess, locked
from .objections import Objection
from .standing import Standing
from .statements import Statement, policies
from .symbolic import symbols
from .usable import useless

GRAVE = (Severity.CRITICAL, Severity.HIGH)
DOCUMENTS = frozenset(
    (
        *("policy", "assume_role_policy", "policy_document", "access_policy", "access_policies", "resource_policy"),
        *("KeyPolicy", "PolicyDocument", "AssumeRolePolicyDocument", "RepositoryPolicyText", "ResourcePolicy"),
        *("AccessPolicy", "AccessPolicies"),
    )
)
"""Attributes that hold a policy."""
KEYS = ("aws_kms_key", "aws_kms_key_policy", "aws_kms_replica_key", "AWS::KMS::Key", "AWS::KMS::ReplicaKey")


class Newcomers:
    """The new resources of a module, and new policies of old ones."""

    def __init__(self, catalogue: Catalogue, sides: Sides, subject: str = "") -> None:
        """Look at one module with the eyes of this catalogue; `subject` is the address that the patch is for."""
        self._catalogue, self._sides, self._subject = catalogue, sides, subject

    def objections(self) -> Iterator[Objection]:
        """What is wrong with them."""
        before, after = self._sides.before, self._sides.after
        if before is None or after is None:
            return
        known = Standing(before.files.values())
        for address in sorted(self._sides.touched):
            block = after.blocks.get(address)
            if block is None or block.kind != "resource":
                continue
            body = symbols(after).body(address)
            old = symbols(before).body(address) if address in before.blocks else Fields(())
            for objection in self._of_policies(old, body, known, of_key=block.type in KEYS):
                yield objection._replace(why=f"{address}: {objection.why}")
            if address not in before.blocks:
                subject = self._subject if self._subject in after.blocks else ""
                for objection in (
                    *attached(after, body, known),
                    *useless(after, address, subject),
                    *self._unsafe(after, address),
                ):
                    yield objection._replace(why=f"{address}: {objection.why}")

    @staticmethod
    def _of_policies(old: Fields, body: Fields, known: Standing, *, of_key: bool) -> Iterator[Objection]:
        """What the policies allow that were not there, and those that nobody can read."""
        there = {path for path, _ in policies(old)} | set(_documents(old, ()))
        fresh: dict[Path, tuple[Statement, ...]] = {path: found for path, found in policies(body) if path not in there}
        for statements in fresh.values():
            yield from excess(statements, known=known, of_key=of_key)
            if of_key:
                yield from locked(statements)
        for path in _documents(body, ()):
            if path not in there and not any(found[: len(path)] == path for found in fresh):
                yield Objection(certain=False, why="a new policy has no statement that the code shows")

    def _unsafe(self, after: Module, address: str) -> Iterator[Objection]:
        """Grave controls that fail because of what the new resource says, not because of what nobody has written yet."""
        block = after.blocks[address]
        subject = Subject(after, address, {})
        for control in self._catalogue.for_type(block.type):
            if control.severity in GRAVE and _says_something(control, after, address):
                verdict = judge(control, subject)
                if verdict.holds is Holds.NO:
                    yield Objection(certain=True, why=f"it is new, and {control.id} fails on it: {verdict.reason}")


def _says_something(control: Control, module: Module, address: str) -> bool:
    own = reach(control, module.blocks[address].type)
    return any(own.covers(path) for path in _paths(module.written(address), ()))


def _documents(value: Value, path: Path) -> Iterator[Path]:
    """Where a policy is written in a body, readable or not."""
    inner = settled(value)
    if isinstance(inner, Fields):
        for name, item in inner.entries:
            if name in DOCUMENTS and settled(item) not in (Known(None), Known("")):
                yield (*path, name)
            elif name != "Statement":
                yield from _documents(item, (*path, name))
    elif isinstance(inner, Items):
        for index, item in enumerate(inner.items):
            yield from _documents(item, (*path, index))


def _paths(value: Value, path: Path) -> Iterator[Path]:
    inner = settled(value)
    if isinstance(inner, Fields):
        for name, item in inner.entries:
            yield (*path, name)
            yield from _paths(item, (*path, name))
    for item in getattr(inner, "items", ()):
        yield from _paths(item, path)
