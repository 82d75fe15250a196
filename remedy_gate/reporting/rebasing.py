"""A report carried over to the commit that we made: what is left of it, made again from the new files and proven there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from remedy_gate.domain.decision import Action
from remedy_gate.domain.patch import FilePatch, NoPatch, Patch
from remedy_gate.domain.proof import Outcome
from remedy_gate.domain.remediation import Remediation, Report
from remedy_gate.domain.seams import Prover, Sources
from remedy_gate.domain.source import LineRange
from remedy_gate.policy.deciding import approved

from .combining import Clash, combined
from .edits import line_edits


class Onto(NamedTuple):
    """The files that were committed, and who proves on the code as it is now."""

    files: Mapping[str, FilePatch]
    prover: Prover
    sources: Sources


def onto(files: tuple[FilePatch, ...], prover: Prover, sources: Sources) -> Onto:
    """See `Onto`; `sources` are those from before the commit."""
    return Onto({it.path: it for it in files}, prover, {**sources, **{it.path: it.after for it in files}})


def rebased(report: Report, new: Onto) -> Report:
    """The report on the new commit. What landed stays as it is, save where it stands."""
    items = (_moved(item, new) for item in report.remediations)
    return report._replace(
        remediations=tuple(it if report.landing(it) is not None else _remade(it, new) for it in items)
    )


def _remade(item: Remediation, new: Onto) -> Remediation:
    patch = item.patch
    is_offered = item.decision.action in (Action.SUGGEST, Action.APPLY)
    if patch is None or not is_offered or not any(file.path in new.files for file in patch.files):
        return item
    if approved(item.decision):  # a person said yes to that patch, not to one like it
        return _without(item, "Its patch was approved on the code as it was before the commit.")
    committed = Patch(patch.origin, tuple(new.files[it.path] for it in patch.files if it.path in new.files))
    both = combined((committed, patch))
    if isinstance(both, Clash):
        return _without(item, f"Its patch changes lines that the commit changes, too ({both.where}).")
    before = {file.path: file.after for file in committed.files}
    files = tuple(FilePatch(it.path, before.get(it.path, it.before), it.after) for it in both)
    again = patch._replace(files=tuple(file for file in files if file.before != file.after))
    if not again.files:
        return _without(item, "All that its patch changes is in the commit already.")
    proof = new.prover.prove(item.finding, item.match, again, new.sources)
    if proof.outcome is not Outcome.PROVEN:
        return _without(item, "Its patch could not be proven again on top of the commit.")
    return item._replace(remedy=again, proof=proof)


def _without(item: Remediation, reason: str) -> Remediation:
    return item._replace(remedy=NoPatch(f"{reason} The next run looks at it anew."), proof=None)


def _moved(item: Remediation, new: Onto) -> Remediation:
    """The remediation where it stands now: lines were added or taken above it."""
    resource = item.match.resource
    file = new.files.get(resource.path) if resource is not None else None
    if resource is None or file is None:
        return item
    first = _line_now(resource.lines.first, file, at_end=False)
    lines = LineRange(first, max(first, _line_now(resource.lines.last, file, at_end=True)))
    return item._replace(match=item.match._replace(resource=resource._replace(lines=lines)))


def _line_now(line: int, file: FilePatch, *, at_end: bool) -> int:
    """Where a line is after the edits above it, and, for a last line, those that end at it."""
    shift = 0
    for edit in line_edits(file):
        above = edit.end < line or (at_end and edit.start < edit.end == line)
        shift += len(edit.new) - (edit.end - edit.start) if above else 0
    return max(1, line + shift)
