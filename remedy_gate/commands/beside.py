"""Propose patches of files that a change does not touch in a pull request beside it, where policy says so."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import NamedTuple

from remedy_gate.domain.decision import Action
from remedy_gate.domain.remediation import Landed, Place, Remediation, Report, Verdict
from remedy_gate.domain.seams import Prover, Sources
from remedy_gate.domain.source import Problem
from remedy_gate.reporting.commit_message import commit_message
from remedy_gate.reporting.companion import Known, NotProposed, Offer, Proposed, known_companions, propose
from remedy_gate.reporting.companion_text import companion_words, mark_of
from remedy_gate.reporting.github_api import Api
from remedy_gate.reporting.head_files import HeadFiles
from remedy_gate.reporting.joining import proven_together
from remedy_gate.reporting.selecting import Left, Selection, Terms, key_of, offered, selected
from remedy_gate.reporting.wording import counted

from .landing import Bench, reasons

_WHERE = "companion"


class Ground(NamedTuple):
    """The end of a base branch, and who proves on it."""

    api: Api
    known: Known
    tree: HeadFiles
    sources: Sources
    prover: Prover


class About(NamedTuple):
    """What a run is about: the number of a pull request, 0 for the backlog, and the files that it touches."""

    number: int
    touched: Container[str]


class Beside(NamedTuple):
    """The report with what landed, what is to be said, and whether nothing stands in the way but people."""

    report: Report
    notes: tuple[Problem, ...] = ()
    failed: str = ""


def ground_of(api: Api, base: str, paths: tuple[str, ...], bench: Bench) -> Ground | None:
    """The base branch with the code around these files; None where GitHub does not tell of it."""
    known = known_companions(api, base)
    if known is None:
        return None
    tree = HeadFiles(api, known.tip, bench.copies)
    folders = dict.fromkeys(path.rpartition("/")[0] for path in paths)
    tree.fetch(name for folder in folders for name in tree.names(folder))
    return Ground(api, known, tree, bench.kit.reader.sources(paths, tree), bench.prover(tree))


def outside(report: Report, about: About) -> tuple[Remediation, ...]:
    """The remediations with a proven patch of which no file is touched, most severe first."""
    found = offered(report, (Action.APPLY, Action.SUGGEST))
    return tuple(it for it in found if it.patch and not any(file.path in about.touched for file in it.patch.files))


def proposed(report: Report, about: About, ground: Ground, bench: Bench, shown: Callable[[Report], Report]) -> Beside:
    """The report once its patches of untouched files are in a pull request, as far as that may be."""
    fresh, left = _not_decided(outside(report, about), about, ground.known)
    terms = Terms(proven_together(ground.prover, ground.sources), ground.tree.may_write, bench.policy.companion, False)
    found = selected(fresh, terms)
    notes = reasons((*left, *found.left), _WHERE, "not proposed beside")
    if not found.items:
        return Beside(report, notes)
    outcome = propose(ground.api, _offer(found, about, bench, shown), ground.known, ground.tree)
    match outcome:
        case NotProposed(reason, is_settled):
            number = counted(len(found.items), "patch", "patches")
            note = Problem(_WHERE, f"{reason} So {number} of other files cannot be merged from there.")
            return Beside(report, (*notes, note), "" if is_settled else reason)
        case Proposed():
            ids = tuple(dict.fromkeys(item.patch.id for item in found.items if item.patch is not None))
            place = (Place.COMPANION, f"#{outcome.number}", outcome.url)
            landed = Landed(ids, *place, ground.api.target.repository, outcome.branch)
            return Beside(report._replace(landed=(*report.landed, landed)), notes)


def _not_decided(
    items: tuple[Remediation, ...], about: About, known: Known
) -> tuple[tuple[Remediation, ...], tuple[Left, ...]]:
    """What nobody decided on yet: neither closed by a person, nor waiting in a pull request of another origin."""
    reasons_of: dict[str, str] = {}
    for one in known.closed:
        reasons_of |= dict.fromkeys(one.mark.keys, f"it was in #{one.number}, which is closed")
    for one in known.open:
        if one.mark.origin != about.number:
            reasons_of |= dict.fromkeys(one.mark.keys, f"it waits in #{one.number}")
    fresh = tuple(item for item in items if key_of(item) not in reasons_of)
    return fresh, tuple(Left(it, reasons_of[key_of(it)]) for it in items if key_of(it) in reasons_of)


def _offer(found: Selection, about: About, bench: Bench, shown: Callable[[Report], Report]) -> Offer:
    mark = mark_of(found, about.number)
    told = shown(Report(Verdict.PASS, found.items)).remediations
    message = commit_message(found, with_ids=bench.shows_ids)
    return Offer(found.files, message, companion_words(told, mark), mark)
