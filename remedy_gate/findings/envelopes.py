"""The wrappings in which interfaces and message buses hand out records."""

from __future__ import annotations

from typing import Any, Final

from .cleaning import text_of
from .format import Document
from .values import list_of, table_of, tables_of

_LISTS: Final = ("Findings", "findings", "nodes", "EvaluationResults", "AggregateEvaluationResults")
_CONNECTIONS: Final = ("issues", "issuesV2", "configurationFindings")


def contents_of(document: Document) -> list[Any] | None:
    """What an envelope holds, which may be nothing; `None` for an object that is no envelope."""
    for key in _LISTS:
        if isinstance(document.get(key), list):
            return list_of(document[key])
    if isinstance(document.get("data"), dict):
        return _connections(document["data"])
    if found := [document[key] for key in _CONNECTIONS if isinstance(document.get(key), dict)]:
        return _connections({"": found[0]})
    detail = document.get("detail")
    if isinstance(detail, dict) and ("detail-type" in document or contents_of(detail) is not None):
        inner = contents_of(detail)  # EventBridge: one finding, or several under `findings`
        return [detail] if inner is None else inner
    if "analyzedAt" in table_of(document.get("finding")):
        return [document["finding"]]
    if "rule" in table_of(document.get("alert")):
        return [document["alert"]]
    return None


def remarks_of(document: Document) -> tuple[str, ...]:
    """What an envelope says of itself: errors beside data, and pages that are not in this file."""
    found: list[str] = []
    if document.get("NextToken") or document.get("nextToken") or _has_next_page(document):
        found.append("more pages follow that are not in this file")
    found.extend(f"the answer came with an error: {message}" for message in error_messages(document))
    return tuple(found)


def error_messages(document: Document) -> tuple[str, ...]:
    """The messages of a GraphQL answer's `errors`, at most three of them."""
    return tuple(text_of(error.get("message"))[:200] for error in tables_of(document.get("errors"))[:3])


def _connections(data: Document) -> list[Any] | None:
    """The nodes of every GraphQL connection under `data`; `None` where there is none."""
    found = [table for table in data.values() if isinstance(table, dict) and isinstance(table.get("nodes"), list)]
    if not found and isinstance(data.get("nodes"), list):
        found = [data]
    return [node for table in found for node in table["nodes"]] if found else None


def _has_next_page(document: Document) -> bool:
    data = document.get("data") if isinstance(document.get("data"), dict) else document
    return any(
        table_of(table_of(table).get("pageInfo")).get("hasNextPage") is True for table in table_of(data).values()
    )
