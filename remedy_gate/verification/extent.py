"""How far a change may go: what the control names of its resource, of its siblings, and of what else depends on it."""

from __future__ import annotations

import re

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.reach import Reach, reach
from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.values import Path, Value, path_text, select

from .additions import Additions
from .changed import changes_of
from .check import Comparison, Sides
from .companions import goes_with
from .consequences import mentions, needed
from .dangers import DANGEROUS, DISABLING, OF_THE_RESOURCE, PROTECTING, keys_differ, only_made_first, unprotected
from .passing import calls
from .symbolic import symbols

NOTHING = Reach((), {})
SPOKEN = {
    "variable": ("default", "description", "validation"),
    "parameter": ("Default", "Description", "AllowedValues", "AllowedPattern", "ConstraintDescription"),
}
"""What of a block that only holds a value may change; all that follows from it is looked at where it arrives."""
WAITING = ("depends_on", "DependsOn")
WORDS = r"[\w.-]+"
HOLDING = ("local", "mapping", "globals")
READ = ("data",)
ARRIVES = ("resource", "data", "module", "provider", "condition", "check")
"""Kinds of blocks in which a change that comes through a name counts; outputs and values pass it on."""


class Extent:
    """What the patch of one finding may change in one module."""

    def __init__(self, comparison: Comparison, sides: Sides) -> None:
        """Work it out from the control, the resource and the code before and after."""
        self._comparison, self._sides = comparison, sides
        resource, control = comparison.match.resource, comparison.control
        self._reach = reach(control, resource.type) if control is not None and resource is not None else NOTHING
        here = sides.after is not None and comparison.subject is sides and comparison.address in sides.after.blocks
        subject = Subject(sides.after, comparison.address, comparison.parameters) if here and sides.after else None
        self.additions = Additions(sides, subject, self._reach)
        self.taken = self._taken_from() if here and sides.after is not None else self._given_from()

    def _taken_from(self) -> frozenset[str]:
        """The blocks that the resource, its siblings and what came along take values from."""
        after = self._sides.after
        assert after is not None
        mine = {self._comparison.address, *self.additions.accepted}
        mine |= {
            address
            for address, block in after.blocks.items()
            if block.kind == "resource"
            and block.type in self._reach.siblings
            and self.additions.is_sibling(block, after)
        }
        return frozenset(name for address in mine for name in needed(after, address))

    def _given_from(self) -> frozenset[str]:
        """The blocks from which a caller of the resource's module takes the arguments that the repair needs."""
        caller, subject = self._sides.after, self._comparison.subject
        if caller is None or subject.after is None or self._comparison.subject is self._sides:
            return frozenset()
        names: set[str] = set()
        for address in caller.blocks:
            if calls(caller, address, subject.after):
                body = caller.written(address)
                wanted = [name for name, _ in body.entries if self._is_given(caller.blocks[address], name)]
                text = " ".join(repr(body.get(name)) for name in wanted)
                names |= {one for one in caller.references(address) if mentions(text, one)}
        return frozenset(names.union(*(needed(caller, one) for one in names)))

    def changes(self, address: str) -> tuple[Path, ...]:
        """The paths of a block that mean something else than before."""
        return changes_of(self._sides, address)

    def problem(self, block: Block, path: Path, *, arriving: bool = False) -> str:
        """Why a changed path of a block that was there is not in scope; the empty text where it is."""
        name = str(path[0])
        if block.kind in SPOKEN and name not in SPOKEN[block.kind] and not arriving:
            return f"`{name}` of {block.address} would change"
        if block.kind in (*SPOKEN, *HOLDING) or (block.kind in READ and self._is_reading(block, name)):
            used = arriving or block.kind == "globals" or block.address in self.taken
            return "" if used else f"{block.address} would change, and nothing of the repair takes a value from it"
        if forbidden := self._forbidden(block, path):
            return forbidden
        if block.kind != "resource":
            return "" if self._is_given(block, name) else f"{block.address} ({path_text(path)}) would change"
        if self._comparison.control is None:
            mine = block.address == self._comparison.address
            return "" if mine else f"{block.address} is not the resource of the finding"
        if self._covers(block, path, arriving=arriving):
            return ""
        return f"{block.address}: {path_text(path)} would change, and {self._comparison.control.id} does not name it"

    def _is_given(self, block: Block, name: str) -> bool:
        """Whether it is an argument of the resource's own module, and the resource takes a value from it."""
        subject = self._comparison.subject.after
        if subject is None or self._comparison.control is None or not calls(self._sides.after, block.address, subject):
            return False
        return f"var.{name}" in Extent(self._comparison, self._comparison.subject).taken

    @staticmethod
    def _is_reading(block: Block, name: str) -> bool:
        """A policy document of the module is a value as a local is; any other data source says what to look up."""
        return block.type == "aws_iam_policy_document" and name not in DANGEROUS and name not in DISABLING

    def _covers(self, block: Block, path: Path, *, arriving: bool) -> bool:
        name = str(path[0])
        if name in PROTECTING:
            return block.address == self._comparison.address
        if name == "for_each" and arriving:
            return True  # the same keys as before, see `_forbidden`: what their values do is seen where it arrives
        if name in WAITING:
            return self._waits_for_new(block)
        if self._is_beside_properties(name):
            return False
        if _bare(block.address) == _bare(self._comparison.address):
            return self._reach.covers(path) or goes_with(path, self._reach, block.type)
        if self._is_sibling(block):
            theirs = self._reach.siblings.get(block.type, ())
            return self._reach.covers_sibling(block.type, path) or goes_with(path, Reach(theirs, {}), block.type)
        return arriving and self._governs(block, path)

    def _is_beside_properties(self, name: str) -> bool:
        """Whether it stands in a template beside `Properties`, where no control has anything to say."""
        after = self._sides.after
        return after is not None and after.language == "cloudformation" and name != "Properties"

    def _governs(self, block: Block, path: Path) -> bool:
        """Whether the control says the same of this resource: a value that several share is repaired for all of them."""
        control = self._comparison.control
        return control is not None and block.type in control.rules and reach(control, block.type).covers(path)

    def _is_sibling(self, block: Block) -> bool:
        before, after = self._sides.before, self._sides.after
        return (
            before is not None
            and after is not None
            and self.additions.is_sibling(before.blocks[block.address], before)
            and self.additions.is_sibling(block, after)
        )

    def _waits_for_new(self, block: Block) -> bool:
        before, after = self._sides.before, self._sides.after
        if before is None or after is None:
            return False
        old, new = (_awaited(module, block.address) for module in (before, after))
        return (
            old <= new and after.references(block.address) - before.references(block.address) <= self.additions.accepted
        )

    def _forbidden(self, block: Block, path: Path) -> str:
        name, address = str(path[0]), block.address
        before, after = self._value(self._sides.before, address, name), self._value(self._sides.after, address, name)
        if name in DISABLING and not (name == "for_each" and not keys_differ(before, after)):
            return f"{address}: `{name}` would change {DISABLING[name]}"
        if unprotected(name, before, after):
            return f"{address} would lose the protection of its {name}"
        inner = str(path[1]) if name == "Properties" and len(path) > 1 else name
        harmless = (block.type, inner) in OF_THE_RESOURCE or (inner == "lifecycle" and only_made_first(before, after))
        if inner in DANGEROUS and not harmless:
            return f"{address}: `{inner}` would change, which {DANGEROUS[inner]}"
        return ""

    @staticmethod
    def _value(module: Module | None, address: str, name: str) -> Value:
        assert module is not None
        return select(symbols(module).body(address), (name,))[0].value


def _awaited(module: Module, address: str) -> set[str]:
    """The words of what a block waits for."""
    body = module.written(address)
    return {word for name in WAITING for word in re.findall(WORDS, repr(body.get(name)))}


def _bare(address: str) -> str:
    """The address that a block and those that override it share."""
    return address.partition("#")[0]
