"""Whom the policy of a KMS key lets in, as far as it takes to see that a service surely cannot use it."""

from __future__ import annotations

import re

from remedy_gate.iac.json_values import opened
from remedy_gate.iac.module import Block, Module
from remedy_gate.iac.values import ABSENT, Absent, Fields, Items, Known, Value, settled

POLICY_OF_A_KEY = "aws_kms_key_policy"
EVERYBODY = Known("*")


def surely_shuts_out(service: str, key: Block, module: Module) -> bool:
    """Whether nothing in the key's policy can let a service in (`logs`), so that pointing at the key fails at once.

    A key without a policy is for the principals of its account; CloudWatch Logs and CloudTrail have to be let in by name.
    """
    body = module.resolved(key.address)
    if module.language == "terraform":
        policy = settled(body.get("policy"))
        elsewhere = any(block.type == POLICY_OF_A_KEY for block in module.blocks.values())
        if isinstance(policy, Absent) or policy == Known(None):
            return not elsewhere
    else:
        properties = settled(body.get("Properties"))
        policy = settled(properties.get("KeyPolicy")) if isinstance(properties, Fields) else ABSENT
    if isinstance(policy, Absent):
        return True
    if isinstance(policy, Known):
        policy = opened(str(policy.value)) or policy
    statements = settled(policy.get("Statement")) if isinstance(policy, Fields) else policy
    listed = statements.items if isinstance(statements, Items) and statements.complete else (statements,)
    # A name with the region in it is not known, and stands somewhere with the service in front.
    written = re.compile(rf"(?<![\w.]){service}\.".encode())
    is_named = any(written.search(text) for text in module.files.values())
    return not any(_may_let_in(service, settled(statement), is_named=is_named) for statement in listed)


def _may_let_in(service: str, statement: Value, *, is_named: bool) -> bool:
    principal = settled(statement.get("Principal")) if isinstance(statement, Fields) else statement
    if not isinstance(principal, Fields) or not principal.complete:
        return True
    return any(
        (kind == "Service" and any(_may_be(service, one, is_named=is_named) for one in _each(value)))
        or (kind not in ("Service", "AWS"))
        or EVERYBODY in _each(value)
        for kind, value in principal.entries
    )


def _may_be(service: str, name: Value, *, is_named: bool) -> bool:
    return str(name.value).startswith(f"{service}.") if isinstance(name, Known) else is_named


def _each(value: Value) -> tuple[Value, ...]:
    inner = settled(value)
    return tuple(map(settled, inner.items)) if isinstance(inner, Items) else (inner,)
