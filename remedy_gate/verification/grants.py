"""What a policy that a patch brings may allow: what the repair needs, for the services and accounts it needs it for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from remedy_gate.iac.values import Fields, Items, Known, Value, settled

from .globs import contains
from .objections import Objection
from .standing import Standing
from .statements import EVERYBODY, Condition, Statement

BINDING = frozenset(
    (
        *("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner"),
        *("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:userid"),
        *("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourceip", "kms:calleraccount"),
    )
)
"""Conditions by which everybody is somebody after all. AWS: Global condition context keys, KMS condition keys."""
NAMED = re.compile(
    r"\d{12}|\$\{|\bo-[a-z0-9]{10,}|\bvpce?-[0-9a-f]+|^[0-9a-fA-F.:]+/(?:[89]|[1-9]\d|1\d\d)$|^\d+(\.\d+){3}$"
)
"""What a value of such a condition has to hold: an account, an organisation, a network, or a name of the code."""
UNSCOPED = (
    *(
        "logs:describe*",
        "logs:createlogdelivery",
        "logs:getlogdelivery",
        "logs:updatelogdelivery",
        "logs:deletelogdelivery",
    ),
    *("logs:listlogdeliveries", "logs:putresourcepolicy", "xray:puttracesegments", "xray:puttelemetryrecords"),
    *(
        "xray:getsampling*",
        "cloudwatch:putmetricdata",
        "ecr:getauthorizationtoken",
        "ec2:describe*",
        "sts:getcalleridentity",
    ),
    *("s3:listallmybuckets", "s3:getbucketlocation", "kms:listaliases", "ssmmessages:*"),
)
"""Actions that know no resource, or only describe: AWS asks for `*` there."""
OWN_ACCOUNT = re.compile(
    r"^AWS:(arn:[^:]+:iam::)?(\$\{(AWS::AccountId|data\.aws_caller_identity\.\w+\.account_id)\}|\$\{var\.\w*account\w*\})"
    r"(:root)?$|^AWS:\$\{data\.aws_caller_identity\.\w+\.(account_id|arn)\}$|^AWS:arn:\$\{[\w.:]*[Pp]artition[\w.]*\}:iam::\$\{[\w.:]+\}:root$"
    r"|^AWS:\$\{data\.aws_\w+_service_account\.\w+\.arn\}$",
)
TOO_MUCH = re.compile(r"(AdministratorAccess|PowerUserAccess|FullAccess|IAMFullAccess)$")


def excess(statements: tuple[Statement, ...], *, known: Standing, of_key: bool) -> Iterator[Objection]:
    """What in a new policy is more than a repair needs. `known` are words of the code before; `of_key`: of a KMS key."""
    for statement in statements:
        if not statement.allows:
            continue
        if not statement.is_sure:
            yield Objection(certain=False, why="a new policy has parts that the code does not show")
        elif (
            statement.not_actions is not None
            or statement.not_resources is not None
            or statement.not_principals is not None
        ):
            yield Objection(certain=True, why="a new policy allows all but what it names")
        elif statement.principals is not None:
            yield from _of_resource(statement, known=known, of_key=of_key)
        else:
            yield from _of_identity(statement)


def _of_resource(statement: Statement, *, known: Standing, of_key: bool) -> Iterator[Objection]:
    """A policy of a resource: who may, and what."""
    if lets_everybody_in(statement):
        yield Objection(certain=True, why=f"a new policy allows {_listed(statement.actions)} to everybody")
    for principal in sorted(statement.principals or ()):
        if principal == EVERYBODY or "*" in principal:
            continue
        if principal.startswith("Federated:") and not statement.conditions:
            yield Objection(certain=True, why=f"a new policy lets everybody in whom {principal[10:]} knows")
        elif principal.startswith("AWS:") and not OWN_ACCOUNT.match(principal) and not _is_known(principal, known):
            yield Objection(certain=True, why=f"a new policy lets in {principal[4:]}, whom the code names nowhere else")
    alone = all(OWN_ACCOUNT.match(principal) for principal in statement.principals or ())
    for action in sorted(statement.actions or ()):
        if action == "*" or (action.endswith(":*") and not (of_key and alone)):
            yield Objection(certain=True, why=f"a new policy allows {action}")


def _of_identity(statement: Statement) -> Iterator[Objection]:
    """A policy of a role: what, and on what."""
    everything = any(
        resource == "*" or re.fullmatch(r"arn:[^:]*:[^:]*:[*:]*", resource) for resource in statement.resources or ()
    )
    for action in sorted(statement.actions or ()):
        if action == "*" or action.endswith(":*"):
            yield Objection(certain=True, why=f"a new policy allows {action}")
        elif everything and not any(contains(pattern, action) for pattern in UNSCOPED):
            yield Objection(certain=True, why=f"a new policy allows {action} on every resource")


def attached(body: Fields) -> Iterator[Objection]:
    """Policies that AWS manages and that allow far more than any repair needs."""
    for name, value in body.entries:
        inner = settled(value)
        if name == "Properties" and isinstance(inner, Fields):
            yield from attached(inner)
        elif name in ("policy_arn", "managed_policy_arns", "ManagedPolicyArns"):
            for text in _texts(inner):
                if TOO_MUCH.search(text):
                    yield Objection(certain=True, why=f"{text.rpartition('/')[2]} would be attached to a new role")


def _texts(value: Value) -> Iterator[str]:
    items = value.items if isinstance(value, Items) else (value,)
    yield from (str(item.value) for item in map(settled, items) if isinstance(item, Known))


def _binds(test: Condition) -> bool:
    operator = test.operator
    positive = "not" not in operator and not operator.endswith("ifexists") and not operator.startswith("forall")
    return test.key in BINDING and positive and bool(test.values) and all(NAMED.search(text) for text in test.values)


def lets_everybody_in(statement: Statement) -> bool:
    """Whether a statement allows something to principals that nobody has named."""
    if not statement.allows or any(_binds(test) for test in statement.conditions):
        return False
    everybody = any(one == EVERYBODY or (one.startswith("AWS:") and "*" in one) for one in statement.principals or ())
    return everybody or statement.not_principals is not None


def _is_known(principal: str, known: Standing) -> bool:
    """Whether the code already named the principal, or points at one of its own."""
    text = principal.removeprefix("AWS:")
    return text in known or text.startswith("${aws_") or (text.startswith("${") and "Arn}" in text)


def _listed(actions: frozenset[str] | None) -> str:
    return ", ".join(sorted(actions or ("something",))[:3])
