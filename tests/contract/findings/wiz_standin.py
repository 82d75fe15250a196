"""A stand-in for Wiz: a small schema of our own, with the names of Wiz's, that graphql-core holds every query against."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync
from loopback import Call, Reply, Server, as_json, serving

CLIENT_ID = "client-of-nobody"
CLIENT_SECRET = "a-secret-that-must-not-be-kept"
SCHEMA = """
scalar Json
enum IssueStatus { OPEN IN_PROGRESS RESOLVED REJECTED }
enum ConfigurationFindingResult { PASS FAIL ERROR NOT_ASSESSED }
enum Severity { INFORMATIONAL LOW MEDIUM HIGH CRITICAL }
input DateRange { after: String before: String }
input IssueFilters {
  status: [IssueStatus!] severity: [Severity!] type: [String!] project: [String!] statusChangedAt: DateRange
}
input ConfigurationFindingFilters {
  status: [IssueStatus!] result: [ConfigurationFindingResult!] severity: [Severity!]
}
type Control { id: ID! name: String }
type CloudConfigurationRule { id: ID! name: String shortId: String }
type CloudEventRule { id: ID! name: String }
union SourceRule = Control | CloudConfigurationRule | CloudEventRule
type EntitySnapshot {
  type: String nativeType: String name: String providerId: String externalId: String region: String
  subscriptionExternalId: String tags: Json
}
type Issue {
  id: ID! %s createdAt: String dueAt: String statusChangedAt: String type: String
  status: IssueStatus severity: Severity entitySnapshot: EntitySnapshot
}
type PageInfo { hasNextPage: Boolean! endCursor: String }
type IssueConnection { nodes: [Issue] pageInfo: PageInfo! totalCount: Int }
type Tag { key: String value: String }
type Subscription { externalId: String }
type Resource {
  providerId: String nativeType: String type: String name: String region: String tags: [Tag!] subscription: Subscription
}
type ConfigurationFinding {
  id: ID! targetExternalId: String targetObjectProviderUniqueId: String firstSeenAt: String analyzedAt: String
  severity: Severity result: ConfigurationFindingResult status: IssueStatus
  resource: Resource rule: CloudConfigurationRule
}
type ConfigurationFindingConnection { nodes: [ConfigurationFinding] pageInfo: PageInfo! totalCount: Int }
type Query {
  issuesV2(filterBy: IssueFilters, first: Int, after: String): IssueConnection!
  configurationFindings(filterBy: ConfigurationFindingFilters, first: Int, after: String): ConfigurationFindingConnection!
}
"""


def issue(number: int, **other: Any) -> dict[str, Any]:
    rule = {"__typename": "Control", "id": f"wc-id-{number % 7}", "name": f"Rule {number % 7}"}
    return {
        "id": f"issue-{number}",
        "sourceRules": [rule],
        "sourceRule": rule,
        "createdAt": "2026-08-02T10:15:30.120331Z",
        "dueAt": None,
        "statusChangedAt": f"2026-11-20T{number % 24:02}:00:00Z",
        "type": "CLOUD_CONFIGURATION",
        "status": "OPEN",
        "severity": "HIGH",
        "entitySnapshot": {
            "type": "BUCKET",
            "nativeType": "bucket",
            "name": f"bucket-{number}",
            "providerId": f"arn:aws:s3:::bucket-{number}",
            "externalId": f"bucket-{number}",
            "region": "eu-west-1",
            "subscriptionExternalId": "111122223333",
            "tags": {"team": "fruit"},
        },
        **other,
    }


def configuration_finding(number: int, **other: Any) -> dict[str, Any]:
    return {
        "id": f"finding-{number}",
        "targetExternalId": f"bucket-{number}",
        "targetObjectProviderUniqueId": f"arn:aws:s3:::bucket-{number}",
        "firstSeenAt": "2026-07-07T16:43:34Z",
        "analyzedAt": "2026-11-20T02:11:00Z",
        "severity": "HIGH",
        "result": "FAIL",
        "status": "OPEN",
        "resource": {
            "providerId": f"arn:aws:s3:::bucket-{number}",
            "nativeType": "bucket",
            "type": "BUCKET",
            "name": f"bucket-{number}",
            "region": "eu-west-1",
            "tags": [{"key": "team", "value": "fruit"}],
            "subscription": {"externalId": "111122223333"},
        },
        "rule": {"id": "5a3d", "shortId": "S3-023", "name": "Block new public ACLs"},
        **other,
    }


@dataclass
class Tenant:
    """Everything that the stand-in knows; tests change it between runs. `page`: the most records of one page.

    `tokens` maps those that are good to when they end. `signed_out_in_200`: what a bad token gets.
    """

    issues: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    page: int = 500
    lives: int = 900
    older: bool = False
    tokens: dict[str, float] = field(default_factory=dict)
    logins: int = 0
    signed_out_in_200: bool = False
    said_total: int | None = None
    before_page: Callable[[Tenant, int], None] = lambda _tenant, _number: None

    def schema(self) -> GraphQLSchema:
        return build_schema(SCHEMA % ("sourceRule: SourceRule" if self.older else "sourceRules: [SourceRule!]"))


def is_query(call: Call) -> bool:
    return call.path == "/graphql"


@contextmanager
def wiz(tenant: Tenant) -> Iterator[Server]:
    """Serve a tenant. The API is at /graphql, the token endpoint at /oauth/token."""
    schema = tenant.schema()
    pages = [0]

    def answer(call: Call) -> Reply:
        if call.path == "/oauth/token":
            return _token(tenant, call)
        if not is_query(call):
            return Reply(404)
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        if tenant.tokens.get(token, 0.0) <= time.time():
            said = {"errors": [{"message": "access denied", "extensions": {"code": "UNAUTHENTICATED"}}], "data": None}
            return as_json(said) if tenant.signed_out_in_200 else Reply(401)
        asked = call.json()
        pages[0] += 1
        tenant.before_page(tenant, pages[0])
        result = graphql_sync(schema, asked["query"], _Root(tenant), variable_values=asked["variables"])
        return as_json(result.formatted)  # errors, too, come with status 200

    with serving(answer, is_query) as server:
        yield server


def _token(tenant: Tenant, call: Call) -> Reply:
    expected = {
        "grant_type": "client_credentials",
        "audience": "wiz-api",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    if call.headers["content-type"] != "application/x-www-form-urlencoded" or call.verb != "POST":
        return Reply(415)
    if dict(parse_qsl(call.body.decode())) != expected:
        return as_json({"error": "access_denied", "error_description": call.body.decode()}, 401)
    tenant.logins += 1
    token = f"token-{tenant.logins}"
    tenant.tokens[token] = time.time() + tenant.lives
    return as_json({"access_token": token, "expires_in": tenant.lives, "token_type": "Bearer"})


class _Root:
    """The resolvers of `Query`."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def issuesV2(self, _info: Any, **asked: Any) -> dict[str, Any]:  # noqa: N802 - Wiz's name
        return self._connection(self._tenant.issues, **asked)

    def configurationFindings(self, _info: Any, **asked: Any) -> dict[str, Any]:  # noqa: N802 - Wiz's name
        return self._connection(self._tenant.findings, **asked)

    def _connection(
        self,
        records: list[dict[str, Any]],
        first: int | None = None,
        after: str | None = None,
        filterBy: dict[str, Any] | None = None,  # noqa: N803 - Wiz's name
    ) -> dict[str, Any]:
        if first is None or not 1 <= first <= 500:
            raise GraphQLError("first is required, from 1 to 500")
        fitting = [record for record in records if _fits(record, filterBy or {})]
        start = int(after) if after else 0
        end = start + min(first, self._tenant.page)
        return {
            "nodes": fitting[start:end],
            "pageInfo": {"hasNextPage": end < len(fitting), "endCursor": str(end)},
            "totalCount": len(fitting) if self._tenant.said_total is None else self._tenant.said_total,
        }


def _fits(record: dict[str, Any], filters: dict[str, Any]) -> bool:
    for name, wanted in filters.items():
        if name == "statusChangedAt":
            if not record[name] > wanted["after"]:
                return False
        elif record.get(name) not in wanted:
            return False
    return True
