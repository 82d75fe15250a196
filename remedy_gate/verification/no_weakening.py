"""`no_weakening`: what held still holds, no policy allows more than before, no security group opens anything new."""

from __future__ import annotations

from collections.abc import Iterator

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.judging import applies, judge
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.catalogue.verdict import Holds
from remedy_gate.domain.proof import CheckName, CheckResult
from remedy_gate.iac.module import Module

from .check import Comparison, Sides, failed, not_run, passed
from .consequences import affected
from .newcomers import Newcomers
from .objections import Objection
from .supporting import ACLS, GROUPS, RULES_OF_GROUPS
from .symbolic import symbols


class NoWeakening:
    """The whole catalogue, before against after; statements of policies; rules of security groups."""

    name = CheckName.NO_WEAKENING

    def __init__(self, catalogue: Catalogue) -> None:
        """Judge by this catalogue."""
        self._catalogue = catalogue

    def examine(self, comparison: Comparison) -> CheckResult:
        """Pass where no control that held is lost, not even to doubt, and nobody may more than before."""
        compared, doubt = 0, ""
        for sides in (comparison.subject, *comparison.others):
            if sides.before is None or sides.after is None:
                continue
            for address in sorted(_neighbourhood(sides)):
                count, problem = self._compare(sides.before, sides.after, address, comparison)
                compared += count
                if problem:
                    return failed(self.name, problem)
            for objection in self._more_than_before(sides, comparison.address):
                if objection.certain:
                    return failed(self.name, objection.why)
                doubt = doubt or objection.why
        if doubt:
            return not_run(self.name, doubt)
        return passed(
            self.name,
            f"{compared} controls compared on what the patch touches, none is lost; no policy and no group allows more",
        )

    def _compare(self, before: Module, after: Module, address: str, comparison: Comparison) -> tuple[int, str]:
        if address not in before.blocks or address not in after.blocks:
            return 0, ""
        controls = self._catalogue.for_type(before.blocks[address].type)
        for control in controls:
            subject = Subject(before, address, comparison.parameters)
            if judge(control, subject).holds is not Holds.YES or not applies(control, subject):
                continue
            verdict = judge(control, Subject(after, address, comparison.parameters))
            if verdict.holds is not Holds.YES:
                return 0, f"{control.id} held on {address} and no longer does: {verdict.reason}"
        return len(controls), ""

    def _more_than_before(self, sides: Sides, subject: str) -> Iterator[Objection]:
        yield from _wider_policies(sides)
        yield from _wider_groups(sides)
        yield from _wider_acls(sides)
        yield from Newcomers(self._catalogue, sides, subject).objections()


def _neighbourhood(sides: Sides) -> set[str]:
    """What changed, what follows from that, what refers to it, and what it refers to: a sibling decides over its bucket."""
    reached = affected(sides) | sides.touched
    near = set(reached)
    for module in (sides.before, sides.after):
        for address in reached if module is not None else ():
            if module is not None and address in module.blocks:
                near |= module.references(address)
    return near


def _wider_policies(sides: Sides) -> Iterator[Objection]:
    from .statements import policies, takes_in

    before, after = sides.before, sides.after
    if before is None or after is None:
        return
    for address in sorted(affected(sides)):
        if after.blocks[address].kind != "resource":
            continue
        old = dict(policies(symbols(before).body(address)))
        new = dict(policies(symbols(after).body(address)))
        for path, statements in new.items():
            if path not in old or old[path] == statements:
                continue
            for statement in statements:
                if statement.allows and not any(takes_in(wide, statement) for wide in old[path]):
                    certain = statement.is_sure and all(one.is_sure for one in old[path])
                    yield Objection(certain, f"a policy of {address} would allow what none of its statements did")
        for path, statements in old.items():
            kept = new.get(path, ())
            for statement in statements:
                if not statement.allows and not any(takes_in(wide, statement) for wide in kept):
                    yield Objection(certain=True, why=f"a policy of {address} would no longer deny what it did")


def _wider_acls(sides: Sides) -> Iterator[Objection]:
    touched = affected(sides) | sides.touched
    here = {address for address in touched if sides.after is not None and address in sides.after.blocks}
    if sides.after is not None and any(sides.after.blocks[address].type in ACLS for address in here):
        from .acls import wider_acls

        yield from wider_acls(sides, here)


def _wider_groups(sides: Sides) -> Iterator[Objection]:
    before, after = sides.before, sides.after
    if before is None or after is None:
        return
    types = GROUPS | RULES_OF_GROUPS
    touched = [address for address in affected(sides) | sides.touched if address in after.blocks]
    mine = [address for address in touched if after.blocks[address].type in types]
    if not mine:
        return
    from .exposures import exposures, group_of

    for group in sorted({group_of(after, address) for address in mine}):
        old = exposures(before, group)
        for exposure in sorted(exposures(after, group) - old):
            if not any(one.takes_in(exposure) for one in old):
                certain = not exposure.source.startswith("?") and bool(exposure.protocol)
                yield Objection(certain, f"{group or 'a security group'} would let through {exposure}, as no rule did")
