"""What Wiz is asked: GraphQL documents with no more fields than the readers of its formats look at.

Wiz publishes no schema. Names are those of its own console and of public integrations (XSOAR, Elastic).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

_PAGES: Final = "pageInfo { hasNextPage endCursor } totalCount @include(if: $counted)"
_RULE: Final = """{
        __typename
        ... on Control { id name }
        ... on CloudConfigurationRule { id name }
        ... on CloudEventRule { id name }
      }"""
_ISSUES: Final = """query RemedyGateIssues($filterBy: IssueFilters, $first: Int, $after: String, $counted: Boolean!) {
  issues: issuesV2(filterBy: $filterBy, first: $first, after: $after) {
    nodes {
      id
      %s
      createdAt
      dueAt
      statusChangedAt
      type
      status
      severity
      entitySnapshot {
        type nativeType name providerId externalId region subscriptionExternalId tags
      }
    }
    %s
  }
}"""
_CONFIGURATION: Final = f"""query RemedyGateConfigurationFindings(
  $filterBy: ConfigurationFindingFilters, $first: Int, $after: String, $counted: Boolean!
) {{
  configurationFindings(filterBy: $filterBy, first: $first, after: $after) {{
    nodes {{
      id
      targetExternalId
      targetObjectProviderUniqueId
      firstSeenAt
      analyzedAt
      severity
      result
      status
      resource {{ providerId nativeType type name region tags {{ key value }} subscription {{ externalId }} }}
      rule {{ id shortId name }}
    }}
    {_PAGES}
  }}
}}"""


class Query(NamedTuple):
    """One kind of finding. `documents`: the newest first, those of older tenants after it.

    `connection` is the key in `data`, `opens` the filter for what is open, `moment` the filter by time of change, empty
    where there is none that is known. `most` is the number of records after which Wiz stops without a word, 0 for none.
    """

    connection: str
    documents: tuple[str, ...]
    opens: Mapping[str, object]
    moment: str
    format: str
    scope: str
    most: int = 0


ISSUES: Final = Query(
    connection="issues",
    documents=(_ISSUES % (f"sourceRules {_RULE}", _PAGES), _ISSUES % (f"sourceRule {_RULE}", _PAGES)),
    opens={"status": ["OPEN", "IN_PROGRESS"]},
    moment="statusChangedAt",
    format="wiz_issues",
    scope="read:issues",
)
CONFIGURATION: Final = Query(
    connection="configurationFindings",
    documents=(_CONFIGURATION,),
    opens={"status": ["OPEN", "IN_PROGRESS"], "result": ["FAIL"]},
    moment="",
    format="wiz_configuration",
    scope="read:cloud_configuration",
    most=10_000,
)
