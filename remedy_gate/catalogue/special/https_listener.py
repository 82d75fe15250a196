"""A listener that takes plain HTTP sends its callers to HTTPS and does nothing else.

The remedy makes it do so where the load balancer has a listener with TLS in the same module: to send callers to a port
where nothing answers would be no repair.
"""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.catalogue.comparing import plain
from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Operation, SetValue, Table
from remedy_gate.iac.values import Absent, Known, Path, Reference, Unknown, Value, same, select, settled

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = ("default_action", "DefaultActions")


class Words(NamedTuple):
    """What a language calls the parts of a listener."""

    protocol: str
    port: str
    balancer: str
    actions: str
    type: str
    redirect: str
    status: str


TERRAFORM = Words("protocol", "port", "load_balancer_arn", "default_action", "type", "redirect", "status_code")
TEMPLATE = Words("Protocol", "Port", "LoadBalancerArn", "DefaultActions", "Type", "RedirectConfig", "StatusCode")


def judge(subject: Subject, arguments: Arguments) -> Verdict:  # noqa: ARG001 - the seam has it
    """Hold if the listener takes no plain HTTP, or each of its default actions redirects to HTTPS."""
    words = _words(subject)
    protocol = _value(subject, words.protocol)
    if isinstance(protocol, Unknown):
        return Verdict(Holds.UNKNOWN, f"{words.protocol} is not known from the code: {protocol.reason}")
    if protocol != Known("HTTP"):
        return Verdict(Holds.YES, "it takes no plain HTTP")
    found = select(subject.module.resolved(subject.address), path_in(subject, f"{words.actions}.*"))
    if not found:
        return Verdict(Holds.NO, f"it takes plain HTTP, and {words.actions} redirects to nothing")
    return all_of(_judge_action(action.value, words) for action in found)


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:  # noqa: ARG001 - the seam has it
    """Redirect to the port of the listener with TLS that the load balancer has."""
    words = _words(subject)
    port = _secure_port(subject, words)
    if port is None:
        return NoPatch(
            "the load balancer has no listener for HTTPS in this module, and which certificate it should have only its "
            "owner knows"
        )
    redirect = Table(((words.port, port), (words.protocol, "HTTPS"), (words.status, "HTTP_301")))
    action = Table(((words.type, "redirect"), (words.redirect, redirect)))
    listed = action if subject.module.language == "terraform" else (action,)
    return (SetValue(subject.address, path_in(subject, words.actions), listed),)


def _judge_action(action: Value, words: Words) -> Verdict:
    kind = settled(select(action, (words.type,))[0].value)
    target = settled(select(action, (words.redirect, words.protocol))[0].value)
    if isinstance(kind, Unknown) or (kind == Known("redirect") and isinstance(target, Unknown)):
        return Verdict(Holds.UNKNOWN, f"where {words.actions} leads to is not known from the code")
    if kind == Known("redirect") and isinstance(target, Known) and str(target.value).upper() == "HTTPS":
        return Verdict(Holds.YES, "it redirects to HTTPS")
    return Verdict(Holds.NO, f"it takes plain HTTP, and {words.actions} does not redirect to HTTPS")


def _secure_port(subject: Subject, words: Words) -> str | None:
    mine = _raw(subject, subject.address, words.balancer)
    kind = subject.module.blocks[subject.address].type
    for address, block in subject.module.blocks.items():
        if block.type != kind or address == subject.address:
            continue
        other = Subject(subject.module, address, subject.parameters)
        if _value(other, words.protocol) == Known("HTTPS") and _is_same(mine, _raw(subject, address, words.balancer)):
            port = _value(other, words.port)
            return str(plain(port.value)) if isinstance(port, Known) and port.value else "443"
    return None


def _is_same(one: Value, other: Value) -> bool:
    if isinstance(one, Reference) and isinstance(other, Reference):
        return one.address == other.address
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return one.reason == other.reason
    return not isinstance(one, Absent) and same(one, other)


def _raw(subject: Subject, address: str, name: str) -> Value:
    return select(subject.module.resolved(address), path_in(subject, name))[0].value


def _value(subject: Subject, name: str) -> Value:
    path: Path = path_in(subject, name)
    return settled(select(subject.module.resolved(subject.address), path)[0].value)


def _words(subject: Subject) -> Words:
    return TERRAFORM if subject.module.language == "terraform" else TEMPLATE
