"""What findings in the Open Cybersecurity Schema Framework have in common, whichever product wrote them.

https://schema.ocsf.io. Version 1.0 has one `resource`, later ones `resources`; release candidates had `finding` for
`finding_info` and `state` for `status`.
"""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import CloudResource
from remedy_gate.findings.cleaning import text_of
from remedy_gate.findings.format import Document
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import is_arn, resource_of
from remedy_gate.findings.values import list_of, table_of, tables_of

_OPEN: Final = frozenset(("NEW", "IN PROGRESS", "IN_PROGRESS"))
_STATUSES: Final = {1: "New", 2: "In Progress", 3: "Suppressed", 4: "Resolved", 5: "Archived", 6: "Deleted"}


def is_event(record: Document) -> bool:
    """Whether the record is a finding of any OCSF class."""
    return "class_uid" in record and ("finding_info" in record or "finding" in record)


def product_of(record: Document) -> str:
    """The product's name, in lower case."""
    return text_of(table_of(table_of(record.get("metadata")).get("product")).get("name")).lower()


def info_of(record: Document) -> Document:
    """The part that describes the finding."""
    return table_of(record.get("finding_info") or record.get("finding"))


def status_of(record: Document) -> str:
    """The status as text; the empty text where there is none. The text is right where the number differs."""
    text = text_of(record.get("state_name") or record.get("state")) or text_of(record.get("status"))
    status_id = record.get("state_id", record.get("status_id"))
    return text or (_STATUSES.get(status_id, "") if isinstance(status_id, int) else "")


def is_open_status(status: str) -> bool:
    """New, in progress, or nothing said."""
    return not status or status.upper() in _OPEN


def first_seen_of(record: Document) -> str | None:
    """When the problem was first seen. Numbers are in seconds or milliseconds; `_dt` twins are text."""
    info = info_of(record)
    for key in ("first_seen_time", "created_time"):
        if moment := moment_of(info.get(key)) or moment_of(info.get(f"{key}_dt")):
            return moment
    return moment_of(record.get("time")) or moment_of(record.get("time_dt"))


def url_of(record: Document) -> str | None:
    """Where to read on: the finding itself, else the first reference that is an address."""
    links = [info_of(record).get("src_url"), *list_of(table_of(record.get("remediation")).get("references"))]
    return next((text for text in map(text_of, links) if text.startswith("https://")), None)


def resources_of(record: Document) -> tuple[CloudResource, ...]:
    """Every resource, by ARN where there is one; the native id is then its name."""
    cloud = table_of(record.get("cloud"))
    account = table_of(cloud.get("account")).get("uid")
    found = []
    for resource in tables_of(record.get("resources")) or tables_of(record.get("resource")):
        ids = [text for key in ("uid", "uid_alt", "name") if (text := text_of(resource.get(key)))]
        identity = next(filter(is_arn, ids), ids[0] if ids else "")
        native = text_of(resource.get("uid"))
        owner = table_of(table_of(resource.get("owner")).get("account"))
        fields = {
            "type": resource.get("type"),
            "name": text_of(resource.get("name")) or (native if native != identity else ""),
            "account": owner.get("uid") or resource.get("account_uid") or account,
            "region": resource.get("region") or cloud.get("region"),
            "tags": resource.get("tags") or resource.get("labels"),
        }
        if one := resource_of(identity, fields):
            found.append(one)
    return tuple(found)
