"""What people hand in by mistake, told by name. Its contents are never repeated: a state file holds secrets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from .envelopes import error_messages
from .format import Document, Mistaken
from .values import table_of, tables_of

_ADDRESSES: Final = "It ties findings to code: name it under `{}` in the policy file."
_SCAN: Final = "Let a scanner read it, and hand in what the scanner found."
_DETAILS: Final = "It lacks the {}: export get-compliance-details-by-config-rule instead."
_Test: TypeAlias = Callable[[Document], object]


def _has(*keys: str) -> _Test:
    return lambda document: all(key in document for key in keys)


def _is_error(document: Document) -> bool:
    has_text = any(
        isinstance(document.get(key), str) for key in ("error", "message", "Message", "__type", "errorMessage")
    )
    return bool(document.get("errors")) or (has_text and len(document) <= 6)  # noqa: PLR2004 - an error says little else


def _is_template(document: Document) -> bool:
    resources = document.get("Resources")
    return "AWSTemplateFormatVersion" in document or (
        isinstance(resources, dict) and any("Type" in entry for entry in tables_of(list(resources.values())))
    )


def _is_terraform(document: Document) -> bool:
    blocks = document.keys() & {"resource", "terraform", "provider", "variable", "module", "output", "locals"}
    return bool(blocks) and all(isinstance(document[key], dict | list) for key in blocks)


_JSON: Final[tuple[tuple[_Test, Mistaken], ...]] = (
    (_has("planned_values"), Mistaken("a Terraform plan", _ADDRESSES.format("plan"))),
    (_has("resource_changes"), Mistaken("a Terraform plan", _ADDRESSES.format("plan"))),
    (_has("format_version", "values"), Mistaken("a Terraform state", _ADDRESSES.format("state"))),
    (_has("terraform_version", "serial"), Mistaken("a raw Terraform state", _ADDRESSES.format("state"))),
    (_has("terraform_version", "resources"), Mistaken("a raw Terraform state", _ADDRESSES.format("state"))),
    (_has("StackResources"), Mistaken("a list of stack resources", _ADDRESSES.format("stacks"))),
    (_has("StackResourceSummaries"), Mistaken("a list of stack resources", _ADDRESSES.format("stacks"))),
    (_has("StackResourceDetail"), Mistaken("a description of a stack resource", _ADDRESSES.format("stacks"))),
    (_has("LogicalResourceId", "PhysicalResourceId"), Mistaken("a stack resource", _ADDRESSES.format("stacks"))),
    (_has("Changes", "ChangeSetName"), Mistaken("a CloudFormation change set")),
    (_has("Stacks"), Mistaken("a list of CloudFormation stacks")),
    (
        lambda document: table_of(document.get("deployment")).keys() & {"manifest", "resources"},
        Mistaken("a Pulumi stack export"),
    ),
    (_has("ComplianceByConfigRules"), Mistaken("a summary of AWS Config rules", _DETAILS.format("resources"))),
    (_has("AggregateComplianceByConfigRules"), Mistaken("a summary of AWS Config rules", _DETAILS.format("resources"))),
    (_has("ComplianceByResources"), Mistaken("a summary of AWS Config resources", _DETAILS.format("rules"))),
    (
        _has("test_cases"),
        Mistaken("a report on tests of cfn-guard rules", "Export `cfn-guard validate` instead."),
    ),
    (_has("bomFormat"), Mistaken("a software bill of materials")),
    (_has("spdxVersion"), Mistaken("a software bill of materials")),
    (_is_template, Mistaken("a CloudFormation template", _SCAN)),
    (_is_terraform, Mistaken("Terraform code", _SCAN)),
)
_COLUMNS: Final[tuple[tuple[frozenset[str], Mistaken], ...]] = (
    (
        frozenset(("recommendationId", "recommendationDisplayName", "subscriptionId")),
        Mistaken(
            "an export of Microsoft Defender for Cloud", "Azure is not covered: there is no code here to tie it to."
        ),
    ),
)
_TEXTS: Final[tuple[tuple[str, Mistaken], ...]] = (
    (
        r"(?i)\s*<(?:!doctype\s+html|html)",
        Mistaken("a web page", "Perhaps a sign-in page was saved instead of the export."),
    ),
    (r"\s*<", Mistaken("XML", "Export it as JSON.")),
    (r"PK\x03\x04", Mistaken("a ZIP archive", "Unpack it and hand in the files inside.")),
    (
        r"(?:---\s*|#[^\n]*\n)*\s*(?:AWSTemplateFormatVersion|Resources|Transform)\s*:",
        Mistaken("a CloudFormation template", _SCAN),
    ),
    (
        r"(?:#[^\n]*\n|//[^\n]*\n|\s)*(?:resource|data|module|variable|provider|terraform|locals|output)\b[^\n]*\{",
        Mistaken("Terraform code", _SCAN),
    ),
    (r"diff --git |--- a/", Mistaken("a patch", "Hand it to `remedy-gate verify --patch`.")),
)


def mistaken_object(document: Document) -> Mistaken | None:
    """What a JSON object is that no format recognises; `None` if that is not known either."""
    for test, mistaken in _JSON:
        if test(document):
            return mistaken
    if not _is_error(document):
        return None
    messages = [message for message in error_messages(document) if message]
    said = f"It says: {'; '.join(messages)}. " if messages else ""
    return Mistaken("an error answer", f"{said}An error is not an empty list of findings: repeat the export.")


def mistaken_columns(header: tuple[str, ...]) -> Mistaken | None:
    """The same for the header of a table."""
    return next((mistaken for columns, mistaken in _COLUMNS if columns.issubset(header)), None)


def mistaken_text(beginning: str) -> Mistaken | None:
    """The same for text that is neither JSON nor a table, by its first lines."""
    return next((mistaken for pattern, mistaken in _TEXTS if re.match(pattern, beginning)), None)
