"""Our GraphQL documents. Each is validated against GitHub's schema (`tests/contract/github/refresh.py`)."""

from __future__ import annotations

CONVERSATION = """\
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      reviews(last: 100) { nodes { fullDatabaseId body viewerDidAuthor url } }
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { isResolved isOutdated comments(first: 1) { nodes { id fullDatabaseId body viewerDidAuthor isMinimized } } }
      }
    }
  }
}
"""

HIDE = """\
mutation($id: ID!) {
  minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { minimizedComment { isMinimized } }
}
"""

COMMIT = """\
mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url } }
}
"""

BRANCH = """\
query($owner: String!, $name: String!, $branch: String!) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $branch) { target { oid ... on Commit { url message } } }
  }
}
"""

COMPANIONS = """\
query($owner: String!, $name: String!, $base: String!, $ref: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $ref) { target { oid } }
    open: pullRequests(first: 100, after: $after, states: [OPEN], baseRefName: $base) {
      pageInfo { hasNextPage endCursor }
      nodes { ...Companion }
    }
    closed: pullRequests(
      first: 100, states: [CLOSED], baseRefName: $base, orderBy: {field: UPDATED_AT, direction: DESC}
    ) { nodes { ...Companion } }
  }
}

fragment Companion on PullRequest {
  number url body headRefName headRefOid isCrossRepository viewerDidAuthor
}
"""


def blobs(number: int) -> str:
    """A document that gives the texts of so many blobs, in one request. GitHub gives no text for what is not UTF-8."""
    names = ", ".join(f"$id{index}: GitObjectID!" for index in range(number))
    objects = "\n".join(
        f"    blob{index}: object(oid: $id{index}) {{ ... on Blob {{ text isTruncated }} }}" for index in range(number)
    )
    return (
        f"query($owner: String!, $name: String!, {names}) {{\n"
        f"  repository(owner: $owner, name: $name) {{\n{objects}\n  }}\n}}\n"
    )


_ISSUE = "number state title body url createdAt lastEditedAt viewerDidAuthor author { __typename login }"

ISSUES = f"""\
query($owner: String!, $name: String!, $labels: [String!], $after: String) {{
  repository(owner: $owner, name: $name) {{
    issues(labels: $labels, first: 100, after: $after, orderBy: {{field: CREATED_AT, direction: ASC}}) {{
      pageInfo {{ hasNextPage endCursor }}
      nodes {{ {_ISSUE} }}
    }}
  }}
}}
"""

TALK = f"""\
query($owner: String!, $name: String!, $number: Int!, $comments: String, $events: String) {{
  repository(owner: $owner, name: $name) {{
    issue(number: $number) {{
      {_ISSUE}
      labels(first: 100) {{ nodes {{ name }} }}
      comments(first: 100, after: $comments) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{ url body createdAt lastEditedAt isMinimized viewerDidAuthor author {{ __typename login }} }}
      }}
      timelineItems(first: 100, after: $events, itemTypes: [LABELED_EVENT]) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{ ... on LabeledEvent {{ id createdAt label {{ name updatedAt }} actor {{ __typename login }} }} }}
      }}
    }}
  }}
}}
"""

OWNERS = """\
query($owner: String!, $name: String!, $hidden: String!, $root: String!, $docs: String!) {
  repository(owner: $owner, name: $name) {
    hidden: object(expression: $hidden) { ... on Blob { text isTruncated } }
    root: object(expression: $root) { ... on Blob { text isTruncated } }
    docs: object(expression: $docs) { ... on Blob { text isTruncated } }
  }
}
"""

DOCUMENTS = (CONVERSATION, HIDE, COMMIT, BRANCH, COMPANIONS, blobs(2), ISSUES, TALK, OWNERS)
