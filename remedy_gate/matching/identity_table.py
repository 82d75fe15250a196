"""The table of what cloud resources are called: `identities.tsv`, made by `.ci/make_identities.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from os.path import dirname, join
from typing import NamedTuple

from remedy_gate.errors import SettingsError

_KIND_AND_NAME = r"(?:/?[\w.-]+[:/])?(?:\*{1,2}|#)"


class Form(NamedTuple):
    """One form of the resource part of an ARN, and the types that have it. No `pattern`: a kind and then the name.

    `made_up`: instead of a name there is an id that AWS makes up.
    """

    pattern: str | None
    types: frozenset[str]
    made_up: bool


class Table(NamedTuple):
    """The table, by what it is asked for: service and kind, a cloud type in any notation, a type in code."""

    forms: Mapping[str, Mapping[str, tuple[Form, ...]]]
    by_cloud_type: Mapping[str, frozenset[str]]
    attributes: Mapping[str, str]


@cache
def table() -> Table:
    """The table, read when it is first asked for."""
    try:
        with open(join(dirname(__file__), "identities.tsv"), encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The table of identities cannot be read: {error}.", "Install remedy-gate again."
        ) from error
    arns: dict[str, set[str]] = {}
    cloud: dict[str, set[str]] = {}
    attributes: dict[str, str] = {}
    for cloudformation, terraform, forms, attribute, name_property in rows:
        types = (cloudformation, *terraform.split())
        for form in forms.split():
            arns.setdefault(form, set()).update(types)
        for name in types:
            cloud.setdefault(bare(name), set()).update(types)
        attributes.update({name: attribute for name in types[1:] if attribute})
        if name_property:
            attributes[cloudformation] = name_property
    _add_other_notations(cloud)
    return Table(_forms(arns), {name: frozenset(types) for name, types in cloud.items()}, attributes)


_ALSO = {
    "awselbv2loadbalancer": "awselasticloadbalancingv2loadbalancer",
    "awselbloadbalancer": "awselasticloadbalancingloadbalancer",
    "awselasticloadbalancerv2": "awselasticloadbalancingv2loadbalancer",
    "awsstepfunctionstatemachine": "awsstepfunctionsstatemachine",
    "awsiampolicy": "awsiammanagedpolicy",
    "awss3object": "awss3bucket",
    "awslambda": "awslambdafunction",
    "awskmsalias": "awskmsalias",
    "awselasticsearchdomain": "awselasticsearchdomain",
    "awseventsevent": "awseventsrule",
    "awsec2networkinterface": "awsec2networkinterface",
    "awsecrcontainerimage": "awsecrrepository",
    "awslambdafunctionversion": "awslambdafunction",
    "awslambdalambdafunction": "awslambdafunction",
    "awsopensearchdomain": "awsopensearchservicedomain",
    "awscloudwatchloggroup": "awslogsloggroup",
    "awsmskkafkacluster": "awsmskcluster",
}
"""Cloud types that are called otherwise in the Security Finding Format, in Inspector or in Prowler."""

_SERVERLESS = {
    "AWS::Serverless::Api": "awsapigatewayrestapi",
    "AWS::Serverless::Function": "awslambdafunction",
    "AWS::Serverless::HttpApi": "awsapigatewayv2api",
    "AWS::Serverless::SimpleTable": "awsdynamodbtable",
    "AWS::Serverless::StateMachine": "awsstepfunctionsstatemachine",
}


def _add_other_notations(cloud: dict[str, set[str]]) -> None:
    """One thing has one set of types, whichever of them names it: a SAM function is a function."""
    for serverless, real in _SERVERLESS.items():
        cloud[real].add(serverless)
    for alias, real in _ALSO.items():
        cloud[alias] = cloud[real]


def kind_end(rest: str) -> int:
    """Where the kind ends that an ARN's resource part begins with; below 1 where it has none."""
    slash = rest.find("/", 1)
    colon = rest.find(":", 1, slash) if slash > 0 else rest.find(":", 1)
    return colon if colon > 0 else slash


def _forms(arns: Mapping[str, set[str]]) -> dict[str, dict[str, tuple[Form, ...]]]:
    """The forms by service and kind, the most exact first."""
    extended = {real: serverless for serverless, real in _SERVERLESS.items()}
    found: dict[str, dict[str, list[tuple[str, Form]]]] = {}
    for arn, types in arns.items():
        service, _, rest = arn.partition(":")
        also = {extended[bare(name)] for name in types if bare(name) in extended}
        pattern = None if re.fullmatch(_KIND_AND_NAME, rest) else _expression(rest)
        form = Form(pattern, frozenset(types | also), "#" in rest)
        found.setdefault(service, {}).setdefault(rest[: max(kind_end(rest), 0)], []).append((rest, form))
    return {service: {kind: _ordered(forms) for kind, forms in kinds.items()} for service, kinds in found.items()}


def _ordered(forms: list[tuple[str, Form]]) -> tuple[Form, ...]:
    by_detail = sorted(forms, key=lambda form: (form[1].pattern is None, -len(form[0])))
    return tuple(form for _, form in by_detail)


def _expression(form: str) -> str:
    text = re.escape(form).replace(r"\?", "[^:/]+").replace(r"\*\*", "(.+)")
    return text.replace(r"\*", "([^:/]+)").replace(r"\#", "([^:/]+)")


def bare(text: str) -> str:
    """A type in the one notation that the table is asked in."""
    return text.lower().replace(":", "").replace("_", "").replace("-", "").replace(" ", "")
