"""A service that may call a function does so for this account only, or for one resource.

A service is one principal for all its customers: without a limit it calls the function for a stranger too. The remedy
limits it to this account where the service says for whom it calls.

- `principal`: the attribute with who may call; `limits`: those that limit it, with `|` between them, of which the remedy
  writes the first.
"""

from __future__ import annotations

import re

from remedy_gate.catalogue.companions import Made, looked_up
from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Operation, Ref, SetValue
from remedy_gate.iac.values import Absent, Known, Unknown, Value, select, settled

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = (
    *("source_account", "source_arn", "principal_org_id"),
    *("SourceAccount", "SourceArn", "PrincipalOrgID"),
)
NOBODY_IN_PARTICULAR = r"[\s*?]*|arn:[^:]*:[^:]*:[^:]*:(|\*):[*?].*"
"""Texts that limit nothing: empty, or any resource of any account."""
OF_SERVICES = ".amazonaws.com"
OF_ACCOUNTS = ("AWS::AccountId", "data.aws_caller_identity.")
"""What is known only later and is no service all the same."""
SAYING = frozenset(
    (
        "apigateway",
        "cloudformation",
        "cognito-idp",
        "config",
        "events",
        "iot",
        "logs",
        "s3",
        "secretsmanager",
        "ses",
        "sns",
    )
)
"""Services that say for which account they call. AWS: "Cross-service confused deputy prevention", in the guide of each."""


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Fail where a service may call for everybody."""
    body = subject.module.resolved(subject.address)
    limits = str(arguments["limits"]).split("|")
    for limit in limits:
        if any(_is_written(found.value) for found in select(body, path_in(subject, limit))):
            return Verdict(Holds.YES, f"{limit} limits it")
    name = str(arguments["principal"])
    found = select(body, path_in(subject, name))
    return all_of(_judge_principal(settled(one.value), name, limits[0]) for one in found)


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Limit it to this account."""
    verdict = judge(subject, arguments)
    if verdict.holds is not Holds.NO:
        return NoPatch(verdict.reason)
    principal = select(subject.module.resolved(subject.address), path_in(subject, str(arguments["principal"])))
    services = {str(getattr(settled(one.value), "value", "")).partition(".")[0] for one in principal}
    if not services <= SAYING:
        return NoPatch(f"{verdict.reason}; by which resource it is called only its owner knows")
    account = _account(subject)
    path = path_in(subject, str(arguments["limits"]).partition("|")[0])
    return (*account.edits, SetValue(subject.address, path, _reference(account.address)))


def _account(subject: Subject) -> Made:
    if subject.module.language != "terraform":
        return Made("AWS::AccountId", ())
    return looked_up("aws_caller_identity", subject)


def _reference(address: str) -> Ref:
    return Ref(address) if address.startswith("AWS::") else Ref(address, "account_id")


def _judge_principal(value: Value, name: str, limit: str) -> Verdict:
    if isinstance(value, Unknown) and not value.reason.startswith(OF_ACCOUNTS):
        return Verdict(Holds.UNKNOWN, f"{name} is not known from the code: {value.reason}")
    if isinstance(value, Known) and str(value.value).endswith(OF_SERVICES):
        return Verdict(Holds.NO, f"{name} is {value.value}, and no {limit} limits for whom")
    return Verdict(Holds.YES, f"{name} is no service")


def _is_written(value: Value) -> bool:
    """Whether a limit is there and limits something."""
    inner = settled(value)
    if isinstance(inner, Known):
        return inner.value is not None and not re.fullmatch(NOBODY_IN_PARTICULAR, str(inner.value))
    return not isinstance(inner, Absent)
