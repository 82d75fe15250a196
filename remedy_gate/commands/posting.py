"""Post a report: find the pull request, prove the patches again on its files, and tell it."""

from __future__ import annotations

import time
from typing import NamedTuple

from remedy_gate.changes.event import BACKLOG, Event
from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.domain.remediation import Remediation, Report
from remedy_gate.domain.source import Problem
from remedy_gate.errors import ChangesError, ReportingError
from remedy_gate.iac.file_names import maybe_code
from remedy_gate.policy.facts import Case, Circumstances, facts_of
from remedy_gate.policy.rules import Policy
from remedy_gate.reporting.disclosure import minimal
from remedy_gate.reporting.github import Outcome, Refused, publish
from remedy_gate.reporting.github_api import Api, Clock, Target
from remedy_gate.reporting.joining import proven_together
from remedy_gate.reporting.json_reader import patched_paths, report_from
from remedy_gate.reporting.placement import alone
from remedy_gate.reporting.pull_request import PullRequest
from remedy_gate.reporting.pull_search import Origin, pull_request_of
from remedy_gate.reporting.reproof import Proving, reproven
from remedy_gate.reporting.review_comments import Shown
from remedy_gate.reporting.selecting import Left
from remedy_gate.settings import Settings, choose_controls, choose_policy, github_settings, run_facts

from .assembly import Tools, tools
from .beside import About, ground_of, outside, proposed
from .events import TARGET, TARGET_HINT, TARGET_REFUSED, base_tree, event_of_run
from .landing import FOREIGN, Bench, Stage, committed

FOREIGN_EVENTS = ("workflow_run", TARGET)
"""Events of a run that is trusted, about what anyone could have written."""

_MOST_FETCHED = 2_000  # files got ahead; more are read one by one as they are needed


class Place(NamedTuple):
    """Where something was told, and what is to be seen there. `report` is all that was proven, told or not."""

    repository: str
    number: int
    head: str
    shown: tuple[Shown, ...]
    report: Report


class Told(NamedTuple):
    """What came of posting, None where there is no pull request; and the report as it was told, None where it was not.

    `pull` is the pull request as it was told, None where nothing was to be told to it. `done` are the remediations whose
    patches were committed, with all that the ledger is to know of them. `words` say what was done where there is no pull
    request.
    """

    outcome: Outcome | None
    report: Report | None = None
    place: Place | None = None
    pull: PullRequest | None = None
    done: tuple[Remediation, ...] = ()
    words: str = ""


class Governing(NamedTuple):
    """The policy and the controls that govern: those of the base, as `check` had them."""

    policy: Policy
    kit: Tools
    workspace: str

    def shown(self, report: Report) -> Report:
        """The report as far as the policy lets it be shown."""
        return minimal(report) if self.policy.disclosure == "minimal" else report

    def environments(self, item: Remediation) -> tuple[str, ...]:
        """The environments that a remediation reaches, where they may be told."""
        if self.policy.disclosure == "minimal":
            return ()
        case = Case(item.finding, item.match, item.remedy, item.proof, touched=False, introduced=None)
        return facts_of(case, self.policy.environments, Circumstances(workspace=self.workspace)).environments


def governing(named: str | None, root: str, settings: Settings) -> Governing:
    """What governs, where a change does not govern how it is judged itself. Raises `ReportingError`, `SettingsError`."""
    try:
        head, base = WorkingTree(root), base_tree(settings, root)
        policy = choose_policy(named, head, base, in_ci=settings.in_ci).policy
        kit = tools(choose_controls(head, base, in_ci=settings.in_ci))
    except ChangesError as error:
        raise ReportingError(error.message, error.hint) from error
    return Governing(policy, kit, run_facts(settings).workspace)


def posted(text: str, root: str, ruled: Governing, settings: Settings) -> Told:
    """Post the report that the text holds. Raises `ReportingError` where GitHub cannot be asked."""
    event = event_of_run(settings)
    if event.name == TARGET and ruled.policy.pull_request_target != "allow":
        return Told(Refused(f"{TARGET_REFUSED} {TARGET_HINT}"))
    number = _number(event, settings)
    if isinstance(number, Refused):
        return Told(number)
    if not number:
        return _backlog(text, root, ruled, settings, event)
    is_foreign = event.name in FOREIGN_EVENTS
    bench = Bench(ruled.policy, ruled.kit, wall_clock(), None if is_foreign else WorkingTree(root), is_foreign)
    pull = PullRequest(target_of(settings, number), bench.clock, bench.copies)
    if event.head and pull.head != event.head:
        return Told(Refused("The pull request has moved on since the check; the run for its new head will tell it."))
    return _told(text, pull, ruled, bench)


def _told(text: str, pull: PullRequest, ruled: Governing, bench: Bench) -> Told:
    """The commit and the review, made from the files as GitHub has them, so that a patch fits to the byte."""
    paths = patched_paths(text)
    pull.fetch(_around(paths, pull))
    sources, proves = bench.kit.reader.sources(paths, pull), bench.prover(pull)
    report = reproven(report_from(text, pull.read), Proving(proves, sources, bench.is_foreign))
    stage = Stage(report, pull, sources, proves)
    if pull.is_open:
        stage = committed(stage, bench)
    if pull.is_open and not stage.stop:
        stage = _with_companion(stage, ruled, bench)
    report, shown = ruled.shown(stage.report), list[Shown]()
    report = report._replace(notes=(*stage.notes, *report.notes))
    if stage.stop:
        return Told(Refused(stage.stop), report, done=stage.done)
    together = proven_together(stage.prover, stage.sources) if bench.shows_ids else alone
    try:
        outcome = publish(report, stage.pull, together, ruled.environments, shown.extend)
    except ReportingError as error:
        if not stage.done:
            raise
        outcome = Refused(str(error))  # what was committed is to be told and recorded
    target = stage.pull.api.target
    place = Place(target.repository, target.number, stage.pull.head, tuple(shown), stage.report)
    return Told(outcome, report, place, stage.pull, stage.done)


def _with_companion(stage: Stage, ruled: Governing, bench: Bench) -> Stage:
    """The stage once what lies outside of the change is proposed beside it, where policy says so."""
    about = About(stage.pull.api.target.number, stage.pull.shown)
    items = outside(stage.report, about) if ruled.policy.companion else ()
    if not items:
        return stage
    if bench.is_foreign:
        return stage.noted((Left(item, FOREIGN) for item in items), "not proposed beside")
    try:
        base = ground_of(stage.pull.api, stage.pull.branches.base, _paths(items), bench)
        found = proposed(stage.report, about, base, bench, ruled.shown) if base is not None else None
    except ReportingError as error:  # it is beside the change, and must not cost the review of it
        return stage._replace(notes=(*stage.notes, Problem("companion", f"Nothing could be proposed beside: {error}")))
    if found is None:
        return stage.noted((Left(item, "the base branch could not be read") for item in items), "not proposed beside")
    return stage._replace(report=found.report, notes=(*stage.notes, *found.notes))


def _backlog(text: str, root: str, ruled: Governing, settings: Settings, event: Event) -> Told:
    """Propose the backlog's patches where a run is about no change, and policy says so."""
    github = github_settings(settings)
    on_default = github.branch == event.default_branch != ""
    if not (ruled.policy.companion and event.name in BACKLOG and on_default and github.token):
        return Told(None)
    bench = Bench(ruled.policy, ruled.kit, wall_clock(), WorkingTree(root), False)
    api, paths = Api(target_of(settings, 0), bench.clock), patched_paths(text)
    base = ground_of(api, event.default_branch, paths, bench)
    if base is None:
        return Told(Refused(f"The branch {event.default_branch} could not be read: nothing is proposed."))
    report = reproven(report_from(text, base.tree.read), Proving(base.prover, base.sources))
    found = proposed(report, About(0, ()), base, bench, ruled.shown)
    shown = ruled.shown(found.report)
    shown = shown._replace(notes=(*found.notes, *shown.notes))
    if found.failed:
        return Told(Refused(found.failed), shown)
    place = Place(api.target.repository, 0, base.known.tip, (), found.report)
    return Told(
        None, shown, place, words="The backlog is proposed." if shown.landed else "There is nothing new to propose."
    )


def _paths(items: tuple[Remediation, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(file.path for item in items if item.patch is not None for file in item.patch.files))


def _around(paths: tuple[str, ...], pull: PullRequest) -> tuple[str, ...]:
    """The patched files and the code beside them, which the proof reads."""
    folders = dict.fromkeys(path.rpartition("/")[0] for path in paths)
    beside = (name for folder in folders for name in pull.names(folder) if maybe_code(name))
    return tuple(dict.fromkeys((*paths, *beside)))[:_MOST_FETCHED]


def _number(event: Event, settings: Settings) -> int | Refused:
    """The number of the pull request; 0 where the run is about none."""
    if event.name != "workflow_run":
        return event.number or github_settings(settings).number
    if event.on != "pull_request":
        return 0
    api = Api(target_of(settings, 0), wall_clock())
    found = pull_request_of(api, Origin(event.head, event.head_repository, event.head_branch))
    return found if isinstance(found, int) else Refused(found)


def target_of(settings: Settings, number: int) -> Target:
    """Where to post, and with which token; 0 is no pull request."""
    github = github_settings(settings)
    return Target(github.token, github.repository, number, github.api_url)


def wall_clock() -> Clock:
    """The real one."""
    return Clock(time.time, time.sleep)
