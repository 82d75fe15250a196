"""A text begins with one of several prefixes: the family of a parameter group, the name of an engine.

`path` is the attribute, `one_of` the prefixes, `default` what is taken where nothing is written. There is no remedy:
this is for the conditions of other requirements.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.values import Absent, Found, Known, OneOf, Unknown, Value, select, settled

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ()


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Hold where the text surely begins so."""
    name = str(arguments["path"])
    body = subject.module.resolved(subject.address)
    return all_of(_judge_found(found, name, arguments) for found in select(body, path_in(subject, name)))


def repair(subject: Subject, arguments: Arguments) -> NoPatch:
    """Nothing: it is a condition."""
    return NoPatch(judge(subject, arguments).reason)


def _judge_found(found: Found, name: str, arguments: Arguments) -> Verdict:
    return _judge_value(settled(found.value), name, arguments)


def _judge_value(value: Value, name: str, arguments: Arguments) -> Verdict:
    match value:
        case Absent() | Known(value=None):
            return _judge_text(str(arguments.get("default", "")), f"{name} is not set", arguments)
        case Known():
            return _judge_text(str(value.value), f"{name} is {value.value}", arguments)
        case OneOf():
            verdicts = [_judge_value(settled(option), name, arguments) for option in value.options]
            alike = len({verdict.holds for verdict in verdicts}) == 1
            return verdicts[0] if alike else Verdict(Holds.UNKNOWN, f"{name} is one of several")
        case Unknown():
            return Verdict(Holds.UNKNOWN, f"{name} is not known from the code: {value.reason}")
        case _:
            return Verdict(Holds.UNKNOWN, f"{name} is no text")


def _judge_text(text: str, reason: str, arguments: Arguments) -> Verdict:
    prefixes = tuple(map(str, cast("Iterable[object]", arguments["one_of"])))
    return Verdict(Holds.YES if text.lower().startswith(prefixes) else Holds.NO, reason)
