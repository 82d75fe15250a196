"""Post a report: find the pull request, prove the patches again on its files, and tell it."""

from __future__ import annotations

import time
from typing import NamedTuple

from remedy_gate.changes.event import Event
from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.domain.remediation import Remediation, Report
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
from remedy_gate.settings import Settings, choose_controls, choose_policy, github_settings, run_facts
from remedy_gate.verification.check import Depth
from remedy_gate.verification.prover import FullProver, Ground

from .assembly import Tools, tools
from .events import TARGET, TARGET_HINT, TARGET_REFUSED, base_tree, event_of_run

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

    `pull` is the pull request as it was told, None where nothing was to be told to it.
    """

    outcome: Outcome | None
    report: Report | None = None
    place: Place | None = None
    pull: PullRequest | None = None


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


def governing(root: str, settings: Settings) -> Governing:
    """What governs, where a change does not govern how it is judged itself. Raises `ReportingError`."""
    try:
        head, base = WorkingTree(root), base_tree(settings, root)
        policy = choose_policy(None, head, base, in_ci=settings.in_ci).policy
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
        return Told(None)
    is_foreign = event.name in FOREIGN_EVENTS
    pull = PullRequest(target_of(settings, number), wall_clock(), None if is_foreign else WorkingTree(root))
    if event.head and pull.head != event.head:
        return Told(Refused("The pull request has moved on since the check; the run for its new head will tell it."))
    return _told(text, pull, ruled, is_foreign=is_foreign)


def _told(text: str, pull: PullRequest, ruled: Governing, *, is_foreign: bool) -> Told:
    """The review, made from the files as GitHub has them, so that a suggestion fits to the byte."""
    paths, kit = patched_paths(text), ruled.kit
    pull.fetch(_around(paths, pull))
    sources = kit.reader.sources(paths, pull)
    ground = Ground(kit.reader, kit.catalogue, kit.schemas, ruled.policy.parameters, Depth.QUICK, tree=pull)
    proves = FullProver(ground)
    whole = reproven(report_from(text, pull.read), Proving(proves, sources, is_foreign))
    report, shown = ruled.shown(whole), list[Shown]()
    together = alone if ruled.policy.disclosure == "minimal" else proven_together(proves, sources)
    outcome = publish(report, pull, together, ruled.environments, shown.extend)
    target = pull.api.target
    place = Place(target.repository, target.number, pull.head, tuple(shown), whole)
    return Told(outcome, report, place, pull)


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
