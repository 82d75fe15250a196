"""What the control says once siblings count only where they take effect: every instance, and none against another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from remedy_gate.catalogue.control import AnyOf, AttributeIs, Control, OnlyWhen, Requirement, Sibling, Special, Subject
from remedy_gate.catalogue.judging import judge, judge_all
from remedy_gate.catalogue.siblings import relatives
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.iac.values import Absent, Fields, Path, Reference, Unknown, select

from .instances import Cover, cover, over_itself
from .viewing import View

SEVERAL = frozenset(
    (
        *("aws_flow_log", "AWS::EC2::FlowLog", "aws_wafv2_web_acl_association", "AWS::WAFv2::WebACLAssociation"),
        *("aws_lb_listener", "aws_alb_listener", "AWS::ElasticLoadBalancingV2::Listener", "aws_db_instance"),
    )
)
"""Siblings of which a resource may have more than one, without one undoing the other."""


class Effect(NamedTuple):
    """The verdict on what takes effect, and why something that is written does not."""

    verdict: Verdict
    because: str = ""


def effect(control: Control, subject: Subject) -> Effect:
    """Judge the subject by the siblings that take effect."""
    siblings = tuple(_siblings(control.rules[subject.module.blocks[subject.address].type]))
    view = View(subject.module, frozenset(), _seen_through(siblings, subject))
    covers = {
        address: cover(subject.module, subject.address, address, sibling.by)
        for sibling in siblings
        for address in relatives(sibling, subject._replace(module=view)).certain
    }
    idle = frozenset(address for address, found in covers.items() if not found.enough)
    bare = View(view, idle, _seen_through(siblings, subject))
    verdict = judge(control, subject._replace(module=bare))
    if verdict.holds is Holds.YES:
        return _against_each_other(control, siblings, subject._replace(module=bare), verdict)
    lacking = next((found for address, found in covers.items() if address in idle), Cover(enough=True))
    if judge(control, subject._replace(module=view)).holds is Holds.YES and idle:
        holds = Holds.UNKNOWN if lacking.enough is None else Holds.NO
        return Effect(Verdict(holds, lacking.why), lacking.why)
    return Effect(verdict)


def _against_each_other(control: Control, siblings: tuple[Sibling, ...], subject: Subject, verdict: Verdict) -> Effect:
    """Where several siblings speak for one resource, the last one applied wins: each has to say the right thing."""
    for sibling in siblings:
        mine = relatives(sibling, subject).certain
        if len(mine) < 2 or sibling.type in SEVERAL:  # noqa: PLR2004 - one cannot contradict itself
            continue
        for address in mine:
            others = frozenset(mine) - {address}
            alone = judge(control, subject._replace(module=View(subject.module, others, {})))
            if alone.holds is not Holds.YES:
                why = f"{address} speaks for the same resource and says otherwise: {alone.reason}"
                return Effect(Verdict(Holds.NO, why), why)
    if against := _inline_against(control, subject):
        return Effect(Verdict(Holds.NO, against), against)
    return Effect(verdict)


def _inline_against(control: Control, subject: Subject) -> str:
    """An attribute of the resource itself that says the opposite of its sibling, in words."""
    for ways in _choices(control.rules[subject.module.blocks[subject.address].type]):
        by_sibling = [way for way in ways if any(isinstance(part, Sibling) for part in way)]
        held = any(judge_all(way, subject).holds is Holds.YES for way in by_sibling)
        for way in ways if held else ():
            if way not in by_sibling and _is_written(way, subject):
                verdict = judge_all(way, subject)
                if verdict.holds is Holds.NO:
                    return f"{subject.address} itself says otherwise than its sibling: {verdict.reason}"
    return ""


def _is_written(way: tuple[Requirement, ...], subject: Subject) -> bool:
    heads = (part.path[:1] for part in way if isinstance(part, AttributeIs))
    body = subject.module.resolved(subject.address)
    return any(not isinstance(found.value, Absent) for head in heads for found in select(body, head))


def _seen_through(siblings: tuple[Sibling, ...], subject: Subject) -> dict[str, Fields]:
    """Bodies of siblings that go over the resource: `each.value.id` is a reference to it."""
    module = subject.module
    instead: dict[str, Fields] = {}
    for sibling in siblings:
        for address, block in module.blocks.items():
            if block.type == sibling.type and over_itself(module, subject.address, address, sibling.by):
                reference = Reference(subject.address, ("id",), Unknown("known only after apply"))
                instead[address] = _with(module.resolved(address), sibling.by, reference)
    return instead


def _with(body: Fields, path: Path, value: Reference) -> Fields:
    entries = tuple((name, value if name == path[0] else inner) for name, inner in body.entries)
    return Fields(entries, body.complete)


def _siblings(requirements: tuple[Requirement, ...]) -> Iterator[Sibling]:
    for requirement in requirements:
        match requirement:
            case Sibling() if not requirement.named_by:  # what the resource itself names does take effect
                yield requirement
            case AnyOf():
                for way in requirement.ways:
                    yield from _siblings(way)
            case OnlyWhen():
                yield from _siblings(requirement.then)
            case Special() if "sibling" in requirement.arguments:  # it may hold what the rule asks of the resource
                by = tuple(str(requirement.arguments["by"]).split("."))
                yield Sibling(str(requirement.arguments["sibling"]), by, "", ())
            case _:
                continue


def _choices(requirements: tuple[Requirement, ...]) -> Iterator[tuple[tuple[Requirement, ...], ...]]:
    for requirement in requirements:
        match requirement:
            case AnyOf():
                yield requirement.ways
                for way in requirement.ways:
                    yield from _choices(way)
            case OnlyWhen():
                yield from _choices(requirement.then)
            case _:
                continue
