"""cfn-guard, `validate --structured -o json`: a tree of rules, disjunctions, blocks and clauses for each template.

One finding a clause that failed, as cfn-guard's own SARIF has it; one a rule that has no clauses. The resource and the
line stand in a clause's message, which goes on with the whole value found there: that part is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from remedy_gate.domain.finding import Finding
from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document, Reading, Readings, Unusable
from remedy_gate.findings.paths import location_of, path_of
from remedy_gate.findings.values import list_of, table_of

name: Final = "cfn-guard"
partial: Final = False
_PLACE: Final = r"/Resources/(?P<id>[A-Za-z0-9]+)[^\[\s]*(?:\[L:(?P<line>\d+),C:\d+\])?"
_VALUE: Final = r"(?is)\s*(?:value traversed to|value provided|with value)\b.*"
_GROUPS: Final = ("Rule", "Block", "Disjunctions", "Clause", "NamedRule", "ParameterizedRule")


def recognises(record: Document) -> bool:
    """The report on one template."""
    return "not_compliant" in record and "status" in record


def read(record: Document) -> Readings:
    """Open: every rule that the template does not comply with."""
    path = path_of(record.get("name"))
    for entry in list_of(record["not_compliant"]):
        rule = table_of(table_of(entry).get("Rule"))
        if not rule:
            yield Unusable("an entry of not_compliant is no rule")
            continue
        rule_id = word_of(rule.get("name")) or "unknown"
        for messages in list(_clauses(list_of(rule.get("checks")))) or [table_of(rule.get("messages"))]:
            error, custom = text_of(messages.get("error_message")), text_of(messages.get("custom_message"))
            place = re.search(_PLACE, error) or re.search(_PLACE, text_of(messages.get("location")))
            finding = Finding(
                source="cfn-guard",
                rule_id=rule_id,
                title=word_of(custom) or word_of(re.sub(_VALUE, "", error)) or rule_id,
                status="FAIL",
                location=location_of(path, place["line"] if place else None, address=place["id"] if place else None),
            )
            yield Reading(finding, is_open=True)


def _clauses(checks: list[Any]) -> Iterator[Document]:
    """The messages of every clause below, without recursion: trees are as deep as their author likes."""
    waiting: list[object] = list(reversed(checks))
    while waiting:
        node = table_of(waiting.pop())
        for group in _GROUPS:
            inner = table_of(node.get(group))
            if group in {"Clause", "Block"} and (messages := _messages(inner)):
                yield messages
            waiting.extend(reversed(list_of(inner.get("checks"))))


def _messages(clause: Document) -> Document:
    """A clause's messages: on itself for a block, one level down for `Unary`, `Binary` and `InComparison`."""
    if "messages" in clause:
        unresolved = table_of(clause.get("unresolved"))
        reached = text_of(table_of(unresolved.get("traversed_to")).get("path"))
        return {**table_of(clause["messages"]), "location": reached}
    return next((_messages(inner) for inner in clause.values() if "messages" in table_of(inner)), {})
