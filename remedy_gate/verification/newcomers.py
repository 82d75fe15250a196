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
from remedy_gate.iac.values import Fields, Path, Value, settled

from .check import Sides
from .grants import attached, excess
from .objections import Objection
from .standing import Standing
from .statements import policies
from .symbolic import symbols

GRAVE = (Severity.CRITICAL, Severity.HIGH)
KEYS = ("aws_kms_key", "aws_kms_key_policy", "aws_kms_replica_key", "AWS::KMS::Key", "AWS::KMS::ReplicaKey")


class Newcomers:
    """The new resources of a module, and new policies of old ones."""

    def __init__(self, catalogue: Catalogue, sides: Sides) -> None:
        """Look at one module with the eyes of this catalogue."""
        self._catalogue, self._sides = catalogue, sides

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
            old = dict(policies(symbols(before).body(address))) if address in before.blocks else {}
            fresh = [statements for path, statements in policies(body) if path not in old]
            for statements in fresh:
                for objection in excess(statements, known=known, of_key=block.type in KEYS):
                    yield objection._replace(why=f"{address}: {objection.why}")
            if address not in before.blocks:
                for objection in (*attached(body), *self._unsafe(after, address)):
                    yield objection._replace(why=f"{address}: {objection.why}")

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


def _paths(value: Value, path: Path) -> Iterator[Path]:
    inner = settled(value)
    if isinstance(inner, Fields):
        for name, item in inner.entries:
            yield (*path, name)
            yield from _paths(item, (*path, name))
    for item in getattr(inner, "items", ()):
        yield from _paths(item, path)
