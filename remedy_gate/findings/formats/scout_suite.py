"""Scout Suite: a JavaScript file with one object. Flagged items are paths into that same object."""

from __future__ import annotations

from typing import Final

from remedy_gate.domain.finding import CloudResource, Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings
from remedy_gate.findings.moments import moment_of
from remedy_gate.findings.resources import is_arn, resource_of
from remedy_gate.findings.severities import severity_of
from remedy_gate.findings.values import list_of, table_of

name: Final = "Scout Suite"
partial: Final = False


def recognises(record: Document) -> bool:
    """A run and its services."""
    return "last_run" in record and isinstance(record.get("services"), dict)


def read(record: Document) -> Readings:
    """One finding a flagged item."""
    services, seen = table_of(record["services"]), moment_of(table_of(record.get("last_run")).get("time"))
    account = record.get("account_id") or record.get("aws_account_id")
    for service in services.values():
        for rule_id, rule in table_of(table_of(service).get("findings")).items():
            for item in list_of(table_of(rule).get("items")):
                resource = _resource(services, text_of(item), account)
                finding = Finding(
                    source="scout-suite",
                    rule_id=word_of(rule_id) or "unknown",
                    title=word_of(table_of(rule).get("description")) or text_of(rule_id) or "unknown",
                    severity=severity_of(table_of(rule).get("level")),
                    resources=(resource,) if resource else (),
                    first_seen=seen,
                )
                yield Reading(finding, is_open=True)


def _resource(services: Document, path: str, account: object) -> CloudResource | None:
    """The innermost object on the way that has an id of its own; the path itself where there is none."""
    steps, node, found = path.split("."), services, None
    for step in steps:
        node = table_of(node.get(step))
        if node.get("arn") or (node.get("id") and node.get("name")):
            found = node
    if found is None:
        return resource_of(path, {"account": account})
    region = found.get("region")
    if isinstance(region, list):
        region = region[0] if len(region) == 1 else None
    if not region and "regions" in steps[:-1]:
        region = steps[steps.index("regions") + 1]
    arn = text_of(found.get("arn"))
    identity = arn if is_arn(arn) else found.get("id") or arn
    fields = {"name": found.get("name"), "account": account, "region": region, "tags": found.get("tags")}
    return resource_of(identity, fields)
