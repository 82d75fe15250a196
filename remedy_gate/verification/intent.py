"""`intent`: what the control demands holds in the patched code, with values resolved. This is what a rescan misses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from remedy_gate.catalogue.control import Control, Subject
from remedy_gate.catalogue.judging import applies
from remedy_gate.catalogue.reach import reach
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.domain.seams import Sources, Tree
from remedy_gate.iac.file_names import TERRAFORM_CODE, VARIABLES, directory_of
from remedy_gate.iac.json_values import opened
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schema import Schemas
from remedy_gate.iac.values import Fields, Items, Known, Value, select

from . import kept, meaning, pointing
from .additions import Additions
from .changed import changes_of
from .check import Comparison, failed, not_run, passed
from .consequences import needed
from .effective import effect
from .elsewhere import Given, given
from .objections import Objection
from .passing import called_by, calls
from .standing import Standing
from .vocabulary import Vocabulary, vocabulary


class Intent:
    """The control's predicate on the after, and what else has to be true for it to mean something."""

    name = CheckName.INTENT

    def __init__(self, reader: Reader, schemas: Schemas, tree: Tree | None = None) -> None:
        """Read with this reader the modules as others have them; the schemas say what can be referred to.

        `tree` is where variable files are found that Terraform does not read by itself.
        """
        self._reader, self._schemas, self._tree = reader, schemas, tree

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where the predicate holds, for every instance and whoever calls. Unknown is not proof."""
        control, subject = comparison.control, comparison.after
        if control is None:
            return not_run(self.name, _what_to_look_at(comparison))
        if subject is None:
            return failed(self.name, f"{comparison.address or 'the resource'} is gone")
        if subject.module.blocks[subject.address].type not in control.rules:
            return not_run(self.name, f"{control.id} says nothing of this type of resource")
        found = effect(control, subject)
        match found.verdict.holds:
            case Holds.YES:
                return self._objected(comparison, control, subject) or passed(
                    self.name, f"{control.id} holds: {found.verdict.reason or 'nothing is left to change'}"
                )
            case Holds.NO:
                return failed(self.name, f"{control.id} still fails: {found.verdict.reason}")
            case Holds.UNKNOWN:
                # What is declared nowhere is no unknown of a deployment: it is a mistake.
                wrong = next((item for item in self._objections(comparison, control, subject) if item.certain), None)
                said = failed if wrong else not_run
                return said(self.name, f"{control.id} cannot be told: {wrong.why if wrong else found.verdict.reason}")
            case _:
                assert_never(found.verdict.holds)

    def _objected(self, comparison: Comparison, control: Control, subject: Subject) -> CheckResult | None:
        doubt: Objection | None = None
        for objection in self._objections(comparison, control, subject):
            if objection.certain:
                return failed(self.name, f"{control.id} only seems to hold: {objection.why}")
            doubt = doubt or objection
        return not_run(self.name, f"{control.id} holds as far as the code goes, but {doubt.why}") if doubt else None

    def _objections(self, comparison: Comparison, control: Control, subject: Subject) -> Iterator[Objection]:
        yield from _vacuous(comparison, control, subject)
        words = vocabulary(control, subject.module.blocks[subject.address].type)
        yield from self._pointing(comparison, control, subject, words)
        yield from meaning.objections(control, subject, words)
        yield from kept.objections(comparison, control, subject.module.blocks[subject.address].type)
        yield from self._given(comparison, control, subject)

    def _pointing(
        self, comparison: Comparison, control: Control, subject: Subject, words: Vocabulary
    ) -> Iterator[Objection]:
        """What the changed values point at: on the resource itself, its siblings, and what came along."""
        sides = comparison.subject
        after, before = sides.after, sides.before
        assert after is not None
        named = reach(control, subject.module.blocks[subject.address].type)
        additions = Additions(sides, subject, named)
        files = before.files.values() if before is not None else ()
        known = Standing(files, comparison.parameters.values())
        for address in sorted(sides.touched | {subject.address}):
            block = after.blocks.get(address)
            if block is None or block.kind not in ("resource", "data"):
                continue
            itself = subject.address if address == subject.address or additions.is_sibling(block, after) else ""
            new = before is None or address not in before.blocks
            old = before.resolved(address) if before is not None and not new else Fields(())
            ground = pointing.Ground(after, address, itself, known, self._schemas, words, Known("") in _leaves(old))
            stood = {_without_numbers(one.why) for one in pointing.objections(ground, (), old)}
            for path in [()] if new else changes_of(sides, address):
                for found in select(after.resolved(address), path):
                    for objection in pointing.objections(ground, found.path, found.value):
                        if _without_numbers(objection.why) not in stood:
                            yield objection

    def _given(self, comparison: Comparison, control: Control, subject: Subject) -> Iterator[Objection]:
        """The control under the values that variable files give: those of its own module, and of its patched callers."""
        for one in self._as_given(comparison, subject.module):
            if subject.address not in one.module.blocks:
                continue
            verdict = effect(control, Subject(one.module, subject.address, subject.parameters)).verdict
            if verdict.holds is not Holds.YES:
                certain = verdict.holds is Holds.NO
                yield Objection(certain, f"with what {one.path} gives, {verdict.reason}")

    def _as_given(self, comparison: Comparison, module: Module) -> Iterator[Given]:
        touched = (address for address in comparison.subject.touched if address in module.blocks)
        names = {name for address in (comparison.address, *touched) for name in needed(module, address)}
        yield from given(self._reader, module, self._with_variable_files(comparison, module), _variables(names))
        for sides in comparison.others:
            caller = sides.after
            sites = [one for one in caller.blocks if calls(caller, one, module)] if caller is not None else []
            if caller is None or not sites:
                continue
            theirs = _variables({name for one in sites for name in needed(caller, one)})
            for one in given(self._reader, caller, self._with_variable_files(comparison, caller), theirs):
                yield Given(called_by(module, one.module), one.path)

    def _with_variable_files(self, comparison: Comparison, module: Module) -> Sources:
        """The patched sources, and the variable files beside a module that belong to no module of themselves."""
        sources, home = comparison.sources_after, next(iter(module.files), "")
        if self._tree is None or not home.endswith((*TERRAFORM_CODE, *VARIABLES)):
            return sources
        names = (name for name in self._tree.names(directory_of(home)) if name.endswith(VARIABLES))
        files = {name: text for name in names if (text := self._tree.read(name)) is not None}
        return {**files, **sources}


def _variables(names: set[str]) -> frozenset[str]:
    return frozenset(name.removeprefix("var.") for name in names if name.startswith("var."))


def _vacuous(comparison: Comparison, control: Control, subject: Subject) -> Iterator[Objection]:
    """A condition of the control that held before and fails now: the resource has slipped away from under it."""
    before = comparison.subject.before
    if before is None or subject.address not in before.blocks:
        return
    if applies(control, subject._replace(module=before)) and not applies(control, subject):
        yield Objection(certain=True, why="it applied before, and the patch takes away what it applies to")


def _without_numbers(text: str) -> str:
    """A text in which the third item of a list is called as the second is, since a patch may move items."""
    return "".join(letter for letter in text if not letter.isdigit())


def _leaves(value: Value) -> Iterator[Value]:
    match value:
        case Fields():
            for _, item in value.entries:
                yield from _leaves(item)
        case Items():
            for item in value.items:
                yield from _leaves(item)
        case Known(value=str(text)) if (inside := opened(text)) is not None:
            yield from _leaves(inside)
        case _:
            yield value


def _what_to_look_at(comparison: Comparison) -> str:
    rule = f"{comparison.finding.source} {comparison.finding.rule_id}"
    changes = [
        f"{address} ({', '.join('.'.join(map(str, path)) for path in changes_of(comparison.subject, address)[:3])})"
        for address in sorted(comparison.subject.touched)
        if comparison.subject.before is not None
        and comparison.subject.after is not None
        and address in comparison.subject.before.blocks
        and address in comparison.subject.after.blocks
    ]
    what = f": look at {', '.join(changes[:3])}" if changes else ""
    return f"no control says what {rule} demands: a reviewer has to judge whether this repairs it{what}"
