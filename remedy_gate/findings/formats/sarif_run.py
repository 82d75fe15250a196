"""One run of a SARIF log: its tool, its rules, its messages and the places that its addresses start from."""

from __future__ import annotations

import re
from typing import Final

from remedy_gate.findings.cleaning import text_of, word_of
from remedy_gate.findings.format import Document
from remedy_gate.findings.values import list_of, table_of, tables_of

# Tools whose rule ids are the same in their own formats keep the name that they have there.
_OWN_NAMES: Final = {
    "checkov": "checkov",
    "trivy": "trivy",
    "tfsec": "tfsec",
    "defsec": "tfsec",
    "kics": "kics",
    "terrascan": "terrascan",
    "snyk iac": "snyk",
    "snyk infrastructure as code": "snyk",
    "cfn-lint": "cfn-lint",
    "cfn-guard": "cfn-guard",
    "cfn_nag": "cfn-nag",
    "cfn-nag": "cfn-nag",
    "prowler": "prowler",
}
_DEEPEST_BASE: Final = 10


class Run:
    """Reads references within one run. Everything it gives is cleaned text."""

    def __init__(self, run: Document) -> None:
        self._run = run
        tool = table_of(run.get("tool"))
        self._driver = table_of(tool.get("driver"))
        self._extensions = list_of(tool.get("extensions"))
        self._by_id: dict[str, Document] = {}
        for component in (*map(table_of, self._extensions), self._driver):
            for rule in tables_of(component.get("rules")):
                self._by_id[text_of(rule.get("id"))] = rule

    @property
    def source(self) -> str:
        """The tool, as in a finding's `source`."""
        tool = text_of(self._driver.get("name"))
        own = _OWN_NAMES.get(tool.lower())
        return own or (f"sarif:{slug}" if (slug := re.sub(r"[^a-z0-9]+", "-", tool.lower()).strip("-")) else "sarif")

    @property
    def is_of_infrastructure(self) -> bool:
        """Whether the tool reads nothing but infrastructure code."""
        return not self.source.startswith("sarif")

    def failures(self) -> list[str]:
        """Invocations that the tool itself counts as failed (3.20.14)."""
        failed = [one for one in tables_of(self._run.get("invocations")) if one.get("executionSuccessful") is False]
        tool = text_of(self._driver.get("name")) or "the tool"
        return [f"{tool} says that its run did not succeed"] if failed else []

    def rule_of(self, result: Document) -> Document:
        """The rule of a result: by index into the driver or an extension (3.52), else by id or the id's parent."""
        reference = table_of(result.get("rule"))
        component = table_of(reference.get("toolComponent")).get("index")
        index = reference.get("index") if "index" in reference else result.get("ruleIndex")
        holder = self._driver if component is None else table_of(_nth(self._extensions, component))
        rule = table_of(_nth(list_of(holder.get("rules")), index))
        rule_id = text_of(result.get("ruleId") or reference.get("id"))
        if rule and (not rule_id or rule_id == text_of(rule.get("id")) or rule_id not in self._by_id):
            return rule
        while rule_id and rule_id not in self._by_id:
            rule_id = rule_id.rpartition("/")[0]
        return self._by_id.get(rule_id, {})

    def short_description(self, rule: Document) -> str | None:
        """What the rule is about, in a sentence."""
        return word_of(table_of(rule.get("shortDescription")).get("text"))

    def message(self, result: Document, rule: Document) -> str:
        """The result's message, with arguments put in (3.11), without the values that cfn-guard quotes in full."""
        message = table_of(result.get("message"))
        text = text_of(message.get("text")) or text_of(message.get("markdown"))
        if not text and (key := text_of(message.get("id"))):
            strings = table_of(rule.get("messageStrings")).get(key) or table_of(
                self._driver.get("globalMessageStrings")
            ).get(key)
            text = text_of(table_of(strings).get("text"))
        arguments = list_of(message.get("arguments"))
        return re.sub(r"\{(\d{1,3})\}", lambda found: text_of(_nth(arguments, int(found[1]))) or found[0], text)

    def uri(self, location: Document) -> str:
        """The address of an artifact as far down from the checkout's root as the log says."""
        index = location.get("index")
        if not text_of(location.get("uri")) and index is not None:
            location = table_of(table_of(_nth(list_of(self._run.get("artifacts")), index)).get("location"))
        uri, base = text_of(location.get("uri")), text_of(location.get("uriBaseId"))
        bases = table_of(self._run.get("originalUriBaseIds"))
        if "://" in uri:
            return self._below_a_base(uri, bases)
        for _ in range(_DEEPEST_BASE):
            above = table_of(bases.get(base))
            prefix = text_of(above.get("uri"))
            if not base or "://" in prefix or prefix.startswith("/"):
                break
            uri, base = (f"{prefix.rstrip('/')}/{uri}" if prefix else uri), text_of(above.get("uriBaseId"))
        return uri

    def _below_a_base(self, uri: str, bases: Document) -> str:
        prefixes = [text_of(table_of(base).get("uri")) for base in bases.values()]
        fitting = [
            prefix for prefix in prefixes if prefix.startswith("file://") and uri.startswith(prefix.rstrip("/") + "/")
        ]
        return uri[len(max(fitting, key=len).rstrip("/")) + 1 :] if fitting else uri


def _nth(items: list[object], index: object) -> object:
    if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(items):
        return items[index]
    return None
