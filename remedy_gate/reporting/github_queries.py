"""Our GraphQL documents. Each is validated against GitHub's schema (`tests/contract/github/refresh.py`)."""

from __future__ import annotations

CONVERSATION = """\
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      reviews(last: 50) { nodes { fullDatabaseId body viewerDidAuthor url } }
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { isResolved isOutdated comments(first: 1) { nodes { id body viewerDidAuthor isMinimized } } }
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

DOCUMENTS = (CONVERSATION, HIDE)
