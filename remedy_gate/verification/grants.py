"""What a policy that a patch brings may allow: what the repair needs, for the services and accounts it needs it for."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
OF_SERVICES = r"^[a-z0-9.-]+(\.\$\{[^{}*]+\})*\.(amazonaws\.com(\.cn)?|\$\{[^{}*]+\})$"
EVERY_RESOURCE = (
    r"\*|arn:[^:]*:[^:]*:[*:]*|arn:[^:]*:s3:[^:]*:[^:]*:[*?:/]+"
    r"|arn:[^:]*:(?!logs:|s3:)[^:]*:[^:]*:[^:]*:([\w-]+[:/])?[*?:/]+"
)
"""Everything, or everything of one kind (`role/*`, `secret:*`, `*/*`). Log groups have names that their writers choose."""
NAME = r"\$\{[^{}]*\}"
MANAGING = (
    r":(put\w*(policy|acl)|set\w*attributes|(add|remove)\w*permission|delete(bucket|queue|topic|alias)\w*|schedule\w+|disable\w+"
    r"|cancel\w+|update\w+|replicatekey|importkeymaterial)$"
)
"""Actions that decide over a resource instead of using it. AWS: Service Authorization Reference."""
STRANGERS = r"(?<!\d)\d{12}(?!\d)|\bo-[a-z0-9]{10,32}\b"
"""Accounts and organisations that are called by their number."""
ANY_SUBJECT = r"(repo:|system:serviceaccount:)?[*?]+(.*)"


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
    yield from guests(statement, known)
    alone = all(OWN_ACCOUNT.match(principal) for principal in statement.principals or ())
    for action in sorted(statement.actions or ()):
        if action == "*" or (action.endswith(":*") and not (of_key and alone)):
            yield Objection(certain=True, why=f"a new policy allows {action}")
        elif not alone and _is_of_services(statement) and re.search(MANAGING, action):
            yield Objection(certain=True, why=f"a new policy lets a service do {action}, which no service needs")


def guests(statement: Statement, known: Standing) -> Iterator[Objection]:
    """Principals of a new statement that are nobody whom the code knows, by name or by a condition."""
    yield from strangers(statement, known)
    for principal in sorted(statement.principals or ()):
        if principal.startswith("Service:") and not re.match(OF_SERVICES, principal[8:]):
            yield Objection(certain=True, why=f"a new policy lets in {principal[8:]}, which is no service")
        elif principal.startswith("Federated:") and not _says_whom(statement):
            yield Objection(certain=True, why=f"a new policy lets everybody in whom {principal[10:]} knows")
        elif principal.startswith("CanonicalUser:") and not _is_named(principal[14:], known):
            yield Objection(
                certain=True, why=f"a new policy lets in {principal[14:]}, whom the code names nowhere else"
            )
        elif principal == EVERYBODY or "*" in principal:
            continue
        elif principal.startswith("AWS:") and not OWN_ACCOUNT.match(principal) and not _is_known(principal, known):
            yield Objection(certain=True, why=f"a new policy lets in {principal[4:]}, whom the code names nowhere else")


def strangers(statement: Statement, known: Standing) -> Iterator[Objection]:
    """Accounts and organisations for which a condition lets something in, and that the code names nowhere else."""
    for test in sorted(statement.conditions):
        numbers = {number for text in test.values for number in re.findall(STRANGERS, text)}
        if (
            test.key in BINDING
            and "not" not in test.operator
            and (new := sorted(one for one in numbers if one not in known))
        ):
            yield Objection(certain=False, why=f"a new policy is for {new[0]}, whom the code names nowhere else")


def locked(statements: tuple[Statement, ...]) -> Iterator[Objection]:
    """What is wrong with a key's policy that nobody, or not its owner, can use or change."""
    for statement in statements:
        if not statement.allows and EVERYBODY in (statement.principals or ()) and not statement.conditions:
            yield Objection(certain=True, why="a new policy of a key denies everybody")
    owners = [
        one
        for one in statements
        if one.allows
        and any(principal.startswith(("AWS:", EVERYBODY)) for principal in one.principals or ())
        and any(contains(action, "kms:putkeypolicy") for action in one.actions or ())
    ]
    if not owners:
        yield Objection(certain=False, why="with its new policy nobody in the account can manage the key")


def _is_of_services(statement: Statement) -> bool:
    return all(principal.startswith("Service:") for principal in statement.principals or ("",))


def _says_whom(statement: Statement) -> bool:
    """Whether a condition says which subject of a federation is meant: its own repository, its own pool."""
    tests = [test for test in statement.conditions if test.key.endswith((":sub", ":aud", ":saml:aud"))]
    subjects = [test for test in tests if test.key.endswith(":sub")] or tests
    return any(
        test.values and "not" not in test.operator and not any(re.fullmatch(ANY_SUBJECT, text) for text in test.values)
        for test in subjects
    )


def _is_named(text: str, known: Standing) -> bool:
    return text in known or text.startswith("${")


def _of_identity(statement: Statement) -> Iterator[Objection]:
    """A policy of a role: what, and on what."""
    everything = any(re.fullmatch(EVERY_RESOURCE, re.sub(NAME, "x", text)) for text in statement.resources or ())
    for action in sorted(statement.actions or ()):
        if action == "*" or action.endswith(":*"):
            yield Objection(certain=True, why=f"a new policy allows {action}")
        elif everything and not any(contains(pattern, action) for pattern in UNSCOPED):
            yield Objection(certain=True, why=f"a new policy allows {action} on every resource")


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
