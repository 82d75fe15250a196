"""Records of a page as findings, by the readers of formats that read exports, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from remedy_gate.domain.source import Problem
from remedy_gate.findings.format import Document, Format, Reading, Remark, Unusable
from remedy_gate.findings.formats.registry import format_of

from .service import Batch, Entry

Key = Callable[[Document], str]
"""The source's own id of a record."""


def batch_of(where: str, records: Iterable[object], usual: Format, key: Key) -> Batch:
    """The findings of a page's records, which are mostly of one format; those of no format are named."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    notes: list[Problem] = []
    for number, record in enumerate(records, start=1):
        place = f"{where}, record {number}"
        if not isinstance(record, dict):
            problems.append(Problem(place, "is not an object"))
            continue
        form = usual if usual.recognises(record) else format_of(record)
        if form is None:
            problems.append(Problem(place, "is not a finding of a known format"))
            continue
        try:
            for reading in form.read(record):
                match reading:
                    case Reading():
                        entries.append(Entry(key(record), reading))
                    case Unusable(reason):
                        problems.append(Problem(place, reason))
                    case Remark(text):
                        notes.append(Problem(place, text))
        except RecursionError:
            problems.append(Problem(place, "is nested too deeply to be read"))
    return Batch(tuple(entries), tuple(problems), tuple(notes))
