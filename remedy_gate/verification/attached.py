"""Policies that a new role is given by name: those that AWS manages, and those of the module."""

from __future__ import annotations

import re
from collections.abc import Iterator

from remedy_gate.iac.module import Module
from remedy_gate.iac.values import Absent, Fields, Items, Known, Reference, Value, settled

from .grants import excess
from .objections import Objection
from .standing import Standing
from .statements import policies
from .symbolic import symbols

NAMES = ("policy_arn", "managed_policy_arns", "ManagedPolicyArns")
TOO_MUCH = r"(AdministratorAccess|PowerUserAccess|FullAccess|ReadOnlyAccess|Administrator|ReadWrite|/SecurityAudit)$"
MADE_FOR_ONE = (
    r"^arn:(\$\{[^{}]+\}|[^:]+):iam::aws:policy/"
    r"(service-role/[\w+=,.@-]+|AmazonSSMManagedInstanceCore|CloudWatchAgentServerPolicy|AWSXRayDaemonWriteAccess"
    r"|AmazonEKS\w+Policy|AmazonEC2ContainerRegistryReadOnly|AmazonEC2ContainerRegistryPullOnly)$"
)
"""Policies that AWS made for one use. AWS: AWS Managed Policy Reference Guide."""


def attached(module: Module, body: Fields, known: Standing) -> Iterator[Objection]:
    """What is wrong with the policies that a new resource is, or gives to a role, by name."""
    for name, value in body.entries:
        inner = settled(value)
        if name == "Properties" and isinstance(inner, Fields):
            yield from attached(module, inner, known)
        elif name in NAMES:
            for item in inner.items if isinstance(inner, Items) else (value,):
                yield from _of_one(module, item, known)


def _of_one(module: Module, value: Value, known: Standing) -> Iterator[Objection]:
    if isinstance(value, Reference) and (policy := module.blocks.get(value.address)) and policy.kind == "resource":
        for _, statements in policies(symbols(module).body(value.address)):
            for objection in excess(statements, known=known, of_key=False):
                yield objection._replace(why=f"{value.address} would be attached to a new role: {objection.why}")
        return
    inner = settled(value)
    text = str(inner.value) if isinstance(inner, Known) else ""
    short = text.rpartition("/")[2]
    if re.search(TOO_MUCH, text):
        yield Objection(certain=True, why=f"{short} would be attached to a new role")
    elif not isinstance(inner, Absent) and not re.match(MADE_FOR_ONE, text):
        yield Objection(
            certain=False,
            why=f"{short or 'a policy'} would be attached to a new role: what it allows is not in the code",
        )
