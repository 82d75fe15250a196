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


DOCUMENTS = (CONVERSATION, HIDE, blobs(2))
