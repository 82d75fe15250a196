"""`remedy-gate findings`: read exports of any supported format and print what is open in them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.domain.finding import Finding
from remedy_gate.errors import FAILED, PASSED, FindingsError
from remedy_gate.findings.exports import open_export
from remedy_gate.reporting.json_report import finding_object
from remedy_gate.reporting.untrusted import one_line
from remedy_gate.settings import Settings

from .specs import paths_of

COLUMNS = ("severity", "source", "rule", "resource or place", "title")


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the findings; name on standard error what could not be read."""
    catalogue = Catalogue()
    complete = True
    found: list[Finding] = []
    for path in (path for spec in arguments.specs for path in paths_of(spec)):
        try:
            export = open_export(path)
        except FindingsError as error:
            sys.stderr.write(f"remedy-gate: {one_line(str(error))}\n")
            complete = False
            continue
        for problem in export.problems:
            sys.stderr.write(f"remedy-gate: {one_line(problem.where)}: {one_line(problem.message)}\n")
            complete = False
        kept = (*export.findings, *export.not_open) if arguments.any_status else export.findings
        found += [_with_control(finding, catalogue) for finding in kept]
    lines = _json_lines(found) if arguments.format == "json" else _table(found, settings.width)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return PASSED if complete else FAILED


def _with_control(finding: Finding, catalogue: Catalogue) -> Finding:
    known = catalogue.for_rule(finding.source, finding.rule_id)
    return finding._replace(control=known[0]) if known and not finding.control else finding


def _json_lines(findings: Iterable[Finding]) -> Iterable[str]:
    return (json.dumps(finding_object(finding), ensure_ascii=True) for finding in findings)


def _table(findings: list[Finding], width: int) -> list[str]:
    rows = [COLUMNS, *map(_row, findings)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS) - 1)]
    lines = ["  ".join((*(cell.ljust(size) for cell, size in zip(row, widths, strict=False)), row[-1])) for row in rows]
    count = len(findings)
    return [*(line[:width].rstrip() for line in lines), f"{count} finding{'' if count == 1 else 's'}"]


def _row(finding: Finding) -> tuple[str, ...]:
    location = finding.location
    place = f"{location.path}:{location.first_line or ''} {location.address or ''}".rstrip(": ") if location else ""
    where = finding.resources[0].id if finding.resources else place
    cells = (finding.severity, finding.source, finding.rule_id, where, finding.title)
    return tuple(one_line(cell) for cell in cells)
