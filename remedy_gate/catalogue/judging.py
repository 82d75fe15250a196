"""Judge what a control says of a resource: it holds, it fails, or the code cannot tell."""

from __future__ import annotations

import re
from typing import assert_never

from remedy_gate.iac.values import Found, Known, Unknown, Value, path_text, select

from .comparing import compare
from .control import AnyOf, AttributeIs, Control, OnlyWhen, Requirement, Sibling, Special, Subject
from .siblings import relatives
from .special import SPECIALS
from .verdict import Holds, Verdict, all_of, any_of


def judge(control: Control, subject: Subject) -> Verdict:
    """What the control says of the subject. A type that the control knows nothing of is unknown."""
    twice = subject.module.repeated.get(subject.address)
    if twice is not None:
        return Verdict(Holds.UNKNOWN, twice.message)
    rules = control.rules.get(subject.module.blocks[subject.address].type)
    if rules is None:
        return Verdict(Holds.UNKNOWN, f"{control.id} says nothing of this type")
    return judge_all(rules, subject)


def applies(control: Control, subject: Subject) -> bool:
    """Whether the control demands anything here: a requirement of it has no condition, or one that may hold."""
    rules = control.rules.get(subject.module.blocks[subject.address].type, ())
    return any(
        not isinstance(rule, OnlyWhen) or judge_all(rule.condition, subject).holds is not Holds.NO for rule in rules
    )


def judge_all(requirements: tuple[Requirement, ...], subject: Subject) -> Verdict:
    """Whether every requirement holds."""
    return all_of(judge_one(requirement, subject) for requirement in requirements)


def judge_one(requirement: Requirement, subject: Subject) -> Verdict:
    """Whether one requirement holds."""
    match requirement:
        case AttributeIs():
            return _judge_attribute(requirement, subject)
        case Sibling():
            return _judge_sibling(requirement, subject)
        case AnyOf():
            return any_of(judge_all(way, subject) for way in requirement.ways)
        case OnlyWhen():
            return _judge_guarded(requirement, subject)
        case Special():
            return SPECIALS[requirement.name].judge(subject, requirement.arguments)
        case _:
            assert_never(requirement)


def _judge_attribute(requirement: AttributeIs, subject: Subject) -> Verdict:
    verdict = all_of(judge_found(requirement, found) for found in places(requirement, subject))
    if verdict.holds is Holds.UNKNOWN and requirement.test.kind == "present":
        written = select(subject.module.written(subject.address), requirement.path)
        if all(_is_some_text(found.value) for found in written):
            return Verdict(Holds.YES, f"{path_text(requirement.path)} is put together, and not empty")
    return verdict


def _is_some_text(written: Value) -> bool:
    """Whether a text has something in it whatever its interpolations come to: `"${aws_cloudwatch_log_group.a.arn}:*"`."""
    text = written.reason if isinstance(written, Unknown) else ""
    whole = re.fullmatch(r'"((?:[^"\\$%]|\$\{[\w.\[\]]+\})*)"', text)
    return whole is not None and bool(re.sub(r"\$\{[^}]*\}", "", whole[1]).strip())


def places(requirement: AttributeIs, subject: Subject) -> tuple[Found, ...]:
    """Where the attribute stands, or would."""
    return select(subject.module.resolved(subject.address), requirement.path)


def judge_found(requirement: AttributeIs, found: Found) -> Verdict:
    """One place of the attribute against the test; nothing written there is judged by the provider's default."""
    name = path_text(tuple(step for step in (*found.path, *found.rest) if step != "Properties"))
    verdict = compare(found.value, requirement.test, name)
    if requirement.has_default and verdict.reason == f"{name} is not set":
        by_default = compare(Known(requirement.default), requirement.test, name)
        return Verdict(
            by_default.holds, f"{name} is not set, and {by_default.reason.removeprefix(name)[4:]} by default"
        )
    return verdict


def _judge_sibling(requirement: Sibling, subject: Subject) -> Verdict:
    found = relatives(requirement, subject)
    verdicts = [
        judge_all(requirement.require, Subject(subject.module, address, subject.parameters))
        for address in found.certain
    ]
    for verdict, address in zip(verdicts, found.certain, strict=True):
        if verdict.holds is Holds.YES:
            return Verdict(Holds.YES, f"{address}: {verdict.reason}" if verdict.reason else f"{address} is there")
    if found.possible:
        return Verdict(Holds.UNKNOWN, f"{found.possible[0]} may belong to it: {found.doubt}")
    if verdicts:
        worst = any_of(verdicts)
        return Verdict(worst.holds, f"{found.certain[0]}: {worst.reason}")
    return Verdict(Holds.NO, f"there is no {requirement.type} for it")


def _judge_guarded(requirement: OnlyWhen, subject: Subject) -> Verdict:
    condition = judge_all(requirement.condition, subject)
    match condition.holds:
        case Holds.NO:
            return Verdict(Holds.YES, condition.reason)
        case Holds.YES:
            return judge_all(requirement.then, subject)
        case Holds.UNKNOWN:
            then = judge_all(requirement.then, subject)
            return then if then.holds is Holds.YES else condition
        case _:
            assert_never(condition.holds)
