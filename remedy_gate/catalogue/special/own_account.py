"""A policy lets in named principals, not everybody in the world.

The remedy writes the account itself in place of everybody: `!Ref AWS::AccountId`, which a template always knows, or in
Terraform the account that a data source looks up.

- `policy`: the path to the policy document; or `principal`: the path to a single principal, and `limits` the attributes
  beside it, with `|` between them, that narrow it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from remedy_gate.catalogue.companions import Made, looked_up
from remedy_gate.catalogue.control import Subject
from remedy_gate.catalogue.verdict import Holds, Verdict, all_of
from remedy_gate.domain.patch import NoPatch
from remedy_gate.iac.operations import Data, Operation, Ref, SetValue, Table
from remedy_gate.iac.values import (
    Absent,
    Fields,
    Found,
    Items,
    Known,
    OneOf,
    Path,
    Reference,
    Unknown,
    Value,
    path_text,
    select,
    settled,
)

from .place import path_in
from .rule import Arguments

TOUCHES: tuple[str, ...] = (
    "KeyPolicy",
    "AssumeRolePolicyDocument",
    "PolicyDocument",
    "RepositoryPolicyText",
    "ResourcePolicy",
    "Principal",
    "policy",
    "assume_role_policy",
    "principal",
)
EVERYBODY = "*"
OF_ANYBODY = ("var.", "local.", "module.", "data.", "each.", "Parameters.")
"""What a reference in Terraform begins with where the code does not show that it ends at a resource."""
LIMITS = (
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceip",
    "aws:vpcsourceip",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:userid",
    "kms:calleraccount",
)
"""The condition keys that keep strangers out. AWS: Global condition context keys, KMS condition keys."""


class Opening(NamedTuple):
    """One place that lets everybody in, or may, and what to write there (None: nothing is right for everybody)."""

    path: Path
    verdict: Verdict
    instead: Data


def judge(subject: Subject, arguments: Arguments) -> Verdict:
    """Fail where everybody is let in; unknown where the code does not say who is."""
    verdict = all_of(opening.verdict for opening in _openings(subject, arguments))
    return verdict if verdict.reason else Verdict(verdict.holds, "nobody but named principals is let in")


def repair(subject: Subject, arguments: Arguments) -> tuple[Operation, ...] | NoPatch:
    """Let in this account alone."""
    edits: list[Operation] = []
    for opening in _openings(subject, arguments):
        if opening.verdict.holds is Holds.NO:
            if opening.instead is None:
                return NoPatch(f"{opening.verdict.reason}; who may come in only the owner knows")
            edits.append(SetValue(subject.address, opening.path, opening.instead))
    return (*_account(subject).edits, *edits) if edits else NoPatch(judge(subject, arguments).reason)


def _account(subject: Subject) -> Made:
    if subject.module.language != "terraform":
        return Made("AWS::AccountId", ())
    return looked_up("aws_caller_identity", subject)


def _openings(subject: Subject, arguments: Arguments) -> Iterator[Opening]:
    body, account = subject.module.resolved(subject.address), _account(subject).address
    own = Ref(account) if account.startswith("AWS::") else Ref(account, "account_id")
    if "principal" in arguments:
        limits = str(arguments["limits"]).split("|")
        if not any(_is_written(found.value) for limit in limits for found in select(body, path_in(subject, limit))):
            for found in select(body, path_in(subject, str(arguments["principal"]))):
                yield from _at(found, own)
        return
    for place in select(body, path_in(subject, f"{arguments['policy']}.Statement")):
        value = settled(place.value)
        listed = value.items if isinstance(value, Items) else None
        statements = [(place.path, value)] if listed is None else [((*place.path, n), i) for n, i in enumerate(listed)]
        for path, statement in statements:
            inner = settled(statement)
            if isinstance(inner, Fields):
                yield from _of_statement(path, inner, own)
            elif isinstance(inner, Unknown):
                yield Opening(path, Verdict(Holds.UNKNOWN, inner.reason), None)
        if isinstance(value, Items) and not value.complete:
            yield Opening(place.path, Verdict(Holds.UNKNOWN, "the policy may hold more than the code shows"), None)


def _of_statement(path: Path, statement: Fields, account: Ref) -> Iterator[Opening]:
    if settled(statement.get("Effect")) != Known("Allow") or _is_limited(statement.get("Condition")):
        return
    if not isinstance(statement.get("NotPrincipal"), Absent):
        reason = f"{_name(path)} lets in everybody but some"
        yield Opening(path, Verdict(Holds.NO, reason), None)
    principal = settled(statement.get("Principal"))
    if isinstance(principal, Fields):
        place, named = (*path, "Principal", "AWS"), principal.get("AWS")
        listed = settled(named)
        if isinstance(listed, Items):
            for index, item in enumerate(listed.items):
                yield from _at(Found((*place, index), item), account)
        else:
            yield from _at(Found(place, named), account)
    else:
        yield from _at(Found((*path, "Principal"), principal), Table((("AWS", account),)))


def _at(found: Found, instead: Data) -> Iterator[Opening]:
    value = settled(found.value)
    options = value.options if isinstance(value, OneOf) else (value,)
    everybody = [option for option in options if isinstance(option, Known) and option.value == EVERYBODY]
    if everybody and len(everybody) == len(options):
        yield Opening(found.path, Verdict(Holds.NO, f"{_name(found.path)} is everybody"), instead)
    elif everybody or (isinstance(value, Unknown) and not _is_somebody(found.value, value.reason)):
        why = value.reason if isinstance(value, Unknown) else "it is everybody in some deployments"
        yield Opening(
            found.path, Verdict(Holds.UNKNOWN, f"{_name(found.path)} is not known from the code: {why}"), None
        )


def _is_somebody(value: Value, reason: str) -> bool:
    """Whether a value that is known only later names a principal all the same: this account, or one of its resources."""
    if isinstance(value, Reference) and "." in value.address and not value.address.startswith(OF_ANYBODY):
        return True
    return reason.startswith(("AWS::", "data.aws_caller_identity."))


def _is_limited(condition: Value) -> bool:
    """Whether a condition keeps strangers out, or is not known."""
    body = settled(condition)
    if isinstance(body, Absent) or body == Known(None):
        return False
    if not isinstance(body, Fields):
        return True
    operators = [settled(operator) for _, operator in body.entries]
    keys = [key.lower() for operator in operators if isinstance(operator, Fields) for key, _ in operator.entries]
    return any(key in LIMITS for key in keys) or any(isinstance(operator, Unknown) for operator in operators)


def _is_written(value: Value) -> bool:
    return not isinstance(value, Absent) and value not in (Known(None), Known(""))


def _name(path: Path) -> str:
    return path_text(tuple(step for step in path if step != "Properties"))
