"""`remedy-gate findings`: read exports of any supported format and live sources, and print what is open in them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Protocol

from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.changes.repository import enclosing_repository
from remedy_gate.domain.finding import Finding
from remedy_gate.domain.source import Problem
from remedy_gate.errors import FAILED, PASSED, ChangesError, FindingsError, SettingsError
from remedy_gate.findings.exports import ExportFindings, open_export
from remedy_gate.findings.format import Reading
from remedy_gate.reporting.json_report import finding_line
from remedy_gate.reporting.untrusted import one_line
from remedy_gate.settings import Settings

from .saying import warn
from .specs import Place, is_live, sources_of

if TYPE_CHECKING:
    from remedy_gate.findings.live.findings import LiveFindings
    from remedy_gate.policy.rules import Policy

STATUS = "status"
MOST_STATUS = 40
COLUMNS = ("severity", "source", "rule", "resource or place", "title")
MEASURED = 1_000  # rows that the width of a column is told from: a table of half a million is not held for it
WIDEST = 90
RULES = 4_096  # whose controls are remembered: the same few repeat


class ReadingStream(Protocol):
    """Findings to go through once; `problems` and `notes` are complete at the end."""

    def __iter__(self) -> Iterator[Reading]:
        """The findings. Raises `FindingsError` where there is nothing to be read."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read."""

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What the source says of its own work."""


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the findings as they are read; name on standard error what could not be read."""
    said = _Said()
    root = enclosing_repository(settings.directory) or settings.directory
    policy, catalogue = _governing(arguments, settings, root, said)
    sources = sources_of(arguments.specs, Place(root, settings, policy.sources, fresh=arguments.fresh))
    any_status = arguments.any_status
    readings = _readings(sources, catalogue, said, any_status=any_status)
    if arguments.format == "json":
        lines: Iterable[str] = (
            finding_line(finding, is_open=is_open if any_status else None) for finding, is_open in readings
        )
    else:
        lines = _table(readings, settings.width, any_status=any_status)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return PASSED if said.complete else FAILED


def _governing(arguments: argparse.Namespace, settings: Settings, root: str, said: _Said) -> tuple[Policy, Catalogue]:
    """The policy and the controls that say what sources and rules mean. Files can be read without either."""
    from remedy_gate.changes.working_tree import WorkingTree
    from remedy_gate.policy.aliases import refuse_unknown
    from remedy_gate.policy.rules import DEFAULT_POLICY
    from remedy_gate.settings import choose_controls, choose_policy

    from .events import base_tree

    tree = WorkingTree(root)
    try:
        base = base_tree(settings, root)
        policy = choose_policy(arguments.policy, tree, base, in_ci=settings.in_ci).policy
        catalogue = Catalogue(choose_controls(tree, base, in_ci=settings.in_ci), policy.aliases)
        refuse_unknown(policy, catalogue)
    except (SettingsError, ChangesError) as error:
        if arguments.policy is not None or any(map(is_live, arguments.specs)):
            raise
        said.note("", f"{error} What it says of rules is not used here.")
        return DEFAULT_POLICY, Catalogue()
    return policy, catalogue


class _Said:
    """What was told on standard error, and whether everything was read."""

    def __init__(self) -> None:
        self.complete = True

    def problem(self, where: str, message: str) -> None:
        self.note(where, message)
        self.complete = False

    def note(self, where: str, message: str) -> None:
        place = f"{one_line(where)}: " if where else ""
        warn(f"{place}{one_line(message)}")


def _readings(
    sources: Iterable[ExportFindings | LiveFindings], catalogue: Catalogue, said: _Said, *, any_status: bool
) -> Iterator[Reading]:
    controls = lru_cache(RULES)(catalogue.for_rule)
    for source in sources:
        try:
            with _opened(source, any_status=any_status) as stream:
                for finding, is_open in stream:
                    if is_open or any_status:
                        yield Reading(_with_control(finding, controls), is_open)
        except FindingsError as error:
            said.problem("", str(error))
            continue
        for note in stream.notes:
            said.note(note.where, note.message)
        for problem in stream.problems:
            said.problem(problem.where, problem.message)


def _opened(source: ExportFindings | LiveFindings, *, any_status: bool) -> AbstractContextManager[ReadingStream]:
    if isinstance(source, ExportFindings):
        return open_export(source.path)
    return nullcontext(source.everything() if any_status else source.stream())


def _with_control(finding: Finding, controls: Callable[[str, str], tuple[str, ...]]) -> Finding:
    known = controls(finding.source, finding.rule_id)
    return finding._replace(control=known[0]) if known and not finding.control else finding


def _table(readings: Iterator[Reading], width: int, *, any_status: bool) -> Iterator[str]:
    """Rows as they come, in columns as wide as the first thousand need; a longer cell moves the rest of its row.

    With `any_status` a column says what is open and, of the others, in the source's own word why they are not.
    """
    heading = (STATUS, *COLUMNS) if any_status else COLUMNS
    left_out = 0

    def row(reading: Reading) -> tuple[str, ...]:
        nonlocal left_out
        left_out += not reading.is_open
        return (_status(reading), *_row(reading.finding)) if any_status else _row(reading.finding)

    rows = map(row, readings)
    first = list(islice(rows, MEASURED))
    widths = [min(max(map(len, column)), WIDEST) for column in zip(heading, *first, strict=True)][:-1]
    count = -1  # the heading is no finding
    for cells in chain((heading,), first, rows):
        padded = (*(cell.ljust(size) for cell, size in zip(cells, widths, strict=False)), cells[-1])
        yield "  ".join(padded)[:width].rstrip()
        count += 1
    yield f"{count} finding{'' if count == 1 else 's'}{f', {left_out} of them not open' if left_out else ''}"


def _status(reading: Reading) -> str:
    return "open" if reading.is_open else one_line(f"not open: {reading.finding.status}", MOST_STATUS)


def _row(finding: Finding) -> tuple[str, ...]:
    location = finding.location
    place = f"{location.path}:{location.first_line or ''} {location.address or ''}".rstrip(": ") if location else ""
    where = finding.resources[0].id if finding.resources else place
    cells = (finding.severity, finding.source, finding.rule_id, where, finding.title)
    return tuple(one_line(cell) for cell in cells)
