"""A list of names and values has a certain value under a certain name.

CloudFormation writes the attributes of a load balancer so, both languages the settings of an ECS cluster and of an
Elastic Beanstalk environment: `[{Key: deletion_protection.enabled, Value: "true"}]`.

- `list`: the path to it; `key`: the name; `key_name`, `value_name`: how an item calls the two.
- `namespace_name`, `namespace`: the third part of an item, where there is one.
- `one_of`: the right values with `|` between them, the first of which is written (left out: any value will do).
- `default`: what AWS takes where there is no such item.
- `ask`, `question`, `candidate`, `attribute`, `like`, `create`: as in a declaration, where only the owner knows the value.
"""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.catalogue.comparing import compare
from remedy_gate.catalogue.control import Given, Subject, Test
from remedy_gate.catalogue.given import Filled, answer
from remedy_gate.catalogue.verdict import Holds, Verdict
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import AddItem, Data, Operation, SetValue, Table
from remedy_gate.iac.values import ABSENT, Fields, Found, Known, Path, Unknown, Value, path_text, select, settled

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = (
    "LoadBalancerAttributes",
    "TargetGroupAttributes",
    "ClusterSettings",
    "setting",
    "OptionSettings",
    "policy_attribute",
)


class Place(NamedTuple):
    """The item of that name; None where there is none. `doubt` says why there may be one all the same."""

    item: Found | None
    doubt: str = ""


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Hold if the value under the name is a right one."""
    place = _place(subject, arguments)
    name = str(arguments["key"])
    if place.item is None and place.doubt:
        return Verdict(Holds.UNKNOWN, place.doubt)
    default: Value = Known(arguments["default"]) if "default" in arguments else ABSENT
    value = default if place.item is None else _of(place.item.value, str(arguments["value_name"]))
    if "one_of" in arguments:
        return compare(value, Test("one_of", tuple(str(arguments["one_of"]).split("|"))), name)
    return compare(value, Test("present", True), name)


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Change the item of that name, or add one."""
    verdict = judge(subject, arguments)
    if verdict.holds is Holds.UNKNOWN:
        return NoPatch(f"{verdict.reason}; it has to be set where it comes from")
    place = _place(subject, arguments)
    value = _wanted(subject, arguments)
    if isinstance(value, NoPatch):
        return value
    if place.item is not None:
        path = (*place.item.path, str(arguments["value_name"]))
        return (*value.additions, SetValue(subject.address, path, value.data))
    entries: list[tuple[str, Data]] = [(str(arguments["key_name"]), arguments["key"])]
    if "namespace" in arguments:
        entries.insert(0, (str(arguments["namespace_name"]), arguments["namespace"]))
    entries.append((str(arguments["value_name"]), value.data))
    return (*value.additions, AddItem(subject.address, _list(subject, arguments), Table(tuple(entries))))


def _wanted(subject: Subject, arguments: Arguments) -> Filled | NoPatch:
    if "ask" in arguments:
        words = {word: str(arguments.get(word, "")) for word in ("candidate", "attribute", "like", "create")}
        return answer(Given(str(arguments["ask"]), str(arguments["question"]), **words), subject)
    return Filled(str(arguments["one_of"]).split("|")[0])


def _list(subject: Subject, arguments: Arguments) -> Path:
    return path_in(subject, str(arguments["list"]))


def _place(subject: Subject, arguments: Arguments) -> Place:
    doubt = ""
    for item in select(subject.module.resolved(subject.address), (*_list(subject, arguments), "*")):
        body = settled(item.value)
        if isinstance(body, Unknown):
            doubt = f"{path_text(item.path[:-1])} is not known from the code: {body.reason}"
        if not isinstance(body, Fields):
            continue
        key = settled(_of(body, str(arguments["key_name"])))
        if isinstance(key, Known) and key.value == arguments["key"] and _is_in_namespace(body, arguments):
            return Place(item)
        if isinstance(key, Unknown):
            doubt = f"{path_text(item.path)} may be {arguments['key']}: {key.reason}"
    return Place(None, doubt)


def _is_in_namespace(body: Fields, arguments: Arguments) -> bool:
    if "namespace" not in arguments:
        return True
    return settled(_of(body, str(arguments["namespace_name"]))) == Known(arguments["namespace"])


def _of(body: Value, name: str) -> Value:
    inner = settled(body)
    return inner.get(name) if isinstance(inner, Fields) else ABSENT
