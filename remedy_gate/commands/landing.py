"""Put what policy marks `apply` on the pull request's branch, and carry the report over to the commit that this makes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from remedy_gate.domain.decision import Action
from remedy_gate.domain.patch import FilePatch
from remedy_gate.domain.remediation import Landed, Place, Remediation, Report
from remedy_gate.domain.seams import Prover, Sources, Tree
from remedy_gate.domain.source import Problem
from remedy_gate.errors import ReportingError
from remedy_gate.policy.rules import Policy
from remedy_gate.reporting.commit_message import commit_message, mark_in
from remedy_gate.reporting.committing import Branch, Committed, NotCommitted, commit, tip_of
from remedy_gate.reporting.github_api import Clock
from remedy_gate.reporting.joining import proven_together
from remedy_gate.reporting.ordering import address
from remedy_gate.reporting.pull_request import PullRequest
from remedy_gate.reporting.rebasing import onto, rebased
from remedy_gate.reporting.selecting import Left, Selection, Terms, key_of, offered, selected
from remedy_gate.reporting.wording import counted
from remedy_gate.verification.check import Depth
from remedy_gate.verification.prover import FullProver, Ground

from .assembly import Tools

_WAITS = (0.0, 1.0, 2.0, 4.0)  # until a pull request shows a commit that its branch has
_MOST_NAMED = 5
FOREIGN = "the report comes from a run that anyone could have written"


class Bench(NamedTuple):
    """What patches are proven and committed with. `copies`: files that may be those of a commit, such as a checkout."""

    policy: Policy
    kit: Tools
    clock: Clock
    copies: Tree | None
    is_foreign: bool

    def prover(self, tree: Tree) -> Prover:
        """Who proves on the code of this tree."""
        kit = self.kit
        return FullProver(
            Ground(kit.reader, kit.catalogue, kit.schemas, self.policy.parameters, Depth.QUICK, tree=tree)
        )

    @property
    def shows_ids(self) -> bool:
        """Whether findings may be named."""
        return self.policy.disclosure != "minimal"


class Stage(NamedTuple):
    """A report on the head of a pull request. `stop` says why nothing can be told there, empty where it can.

    `done` are the remediations whose patches were committed just now, as they were before.
    """

    report: Report
    pull: PullRequest
    sources: Sources
    prover: Prover
    notes: tuple[Problem, ...] = ()
    done: tuple[Remediation, ...] = ()
    stop: str = ""

    def noted(self, left: Iterable[Left], words: str = "marked `apply` and not committed") -> Stage:
        """The stage with each reason told once, and some of those that it is about."""
        return self._replace(notes=(*self.notes, *reasons(left, "apply", words)))


def reasons(left: Iterable[Left], where: str, words: str) -> tuple[Problem, ...]:
    """A note for each reason, with the blocks that it is about."""
    by_reason: dict[str, list[str]] = {}
    for item, reason in left:
        by_reason.setdefault(reason, []).append(address(item))
    return tuple(
        Problem(where, f"{counted(len(named), 'patch', 'patches')} {words}, as {reason}: {_some(named)}.")
        for reason, named in by_reason.items()
    )


def committed(stage: Stage, bench: Bench) -> Stage:
    """The stage after the commit, where there was something to commit and it could be committed."""
    wanted = offered(stage.report, (Action.APPLY,))
    if not wanted:
        return stage
    reason = FOREIGN if bench.is_foreign else _closed_to_us(stage.pull)
    if reason:
        return stage.noted(Left(item, reason) for item in wanted)
    api, branches = stage.pull.api, stage.pull.branches
    tip = tip_of(api, branches.repository, branches.head)
    if tip is None:
        return stage.noted(Left(item, f"the branch {branches.head} could not be read") for item in wanted)
    if tip.oid != stage.pull.head:
        return stage._replace(stop=f"The branch {branches.head} has moved on; the run for its new head will tell it.")
    mark = mark_in(tip.message)
    earlier = mark.keys if mark is not None else ()
    selection = _chosen(wanted, stage, earlier)
    if not selection.items:
        return stage.noted(selection.left)
    message = commit_message(selection, earlier, with_ids=bench.shows_ids)
    branch = Branch(branches.repository, branches.head, stage.pull.head)
    match commit(api, branch, selection.files, message):
        case Committed() as made:
            return _carried_over(stage.noted(selection.left), selection, made, bench)
        case NotCommitted(reason, is_stale=True):
            return stage._replace(stop=f"{reason} The run for its new head will tell it.")
        case NotCommitted(reason):
            note = Problem(
                "apply", f"{reason} {counted(len(wanted), 'patch', 'patches')} marked `apply` not committed."
            )
            return stage._replace(notes=(*stage.notes, note))


def _closed_to_us(pull: PullRequest) -> str:
    """Why the branch is not one that we commit to; empty where it is."""
    branches, ours = pull.branches, pull.api.target.repository
    if not branches.repository:
        return "the repository of the branch is gone"
    if branches.repository.lower() != ours.lower():
        return "" if branches.may_edit else "the branch is a fork's, whose owner does not let maintainers push to it"
    if branches.head in (branches.default, branches.base):
        return f"nothing is committed to {branches.head} directly"
    return ""


def _chosen(wanted: tuple[Remediation, ...], stage: Stage, earlier: tuple[str, ...]) -> Selection:
    """What can be committed together. What a commit of ours was to repair already is not committed again."""
    pull, fresh = stage.pull, []
    left: list[Left] = []
    for item in wanted:
        assert item.patch is not None
        if not all(file.path in pull.shown for file in item.patch.files):
            left.append(Left(item, "it changes files that this pull request does not"))
        elif key_of(item) in earlier:
            left.append(Left(item, "the last commit was to repair it already, and a person has to look"))
        else:
            fresh.append(item)
    found = selected(fresh, Terms(proven_together(stage.prover, stage.sources), pull.may_write))
    return found._replace(left=(*left, *found.left))


def _carried_over(stage: Stage, selection: Selection, made: Committed, bench: Bench) -> Stage:
    """The stage on the commit that was made: what landed is marked, and all else proven again there."""
    branches = stage.pull.branches
    ids = tuple(dict.fromkeys(item.patch.id for item in selection.items if item.patch is not None))
    landed = Landed(ids, Place.COMMIT, made.oid, made.url, branches.repository, branches.head)
    report = stage.report._replace(landed=(*stage.report.landed, landed))
    stage = stage._replace(report=report, done=selection.items)
    words = f"{counted(len(ids), 'patch', 'patches')} committed as {made.oid[:10]}"
    try:
        pull = _pull_at(made.oid, stage.pull, _Overlay(selection.files, bench.copies), bench.clock)
        other = [it.path for it in selection.files if pull is not None and pull.read(it.path) != it.after]
    except ReportingError as error:  # the commit is there, and is to be told and recorded
        return stage._replace(stop=f"{words}; the rest is not told: {error}")
    if pull is None:
        return stage._replace(
            stop=f"{words}; the pull request does not show it yet, so that the rest is not told there."
        )
    notes = (Problem("apply", f"GitHub has other bytes than were committed in {_some(other)}."),) if other else ()
    new = onto(selection.files, bench.prover(pull), stage.sources)
    return stage._replace(
        report=rebased(report, new),
        pull=pull,
        sources=new.sources,
        prover=new.prover,
        notes=(*stage.notes, *notes),
    )


def _pull_at(oid: str, old: PullRequest, copies: Tree, clock: Clock) -> PullRequest | None:
    """The pull request with this commit as its head; None where it has another, or does not get to it."""
    for wait in _WAITS:
        if wait:
            clock.sleep(wait)
        pull = PullRequest(old.api.target, clock, copies)
        if pull.head == oid:
            return pull
        if pull.head != old.head:
            return None
    return None


class _Overlay:
    """Files that were just committed, before what is on disk."""

    def __init__(self, files: tuple[FilePatch, ...], below: Tree | None) -> None:
        self._files = {file.path: file.after for file in files}
        self._below = below

    def read(self, path: str) -> bytes | None:
        found = self._files.get(path)
        return found if found is not None or self._below is None else self._below.read(path)

    def names(self, directory: str) -> tuple[str, ...]:
        return self._below.names(directory) if self._below is not None else ()


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
