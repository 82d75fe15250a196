"""Make a check run of a report, where policy or the caller asks for one: at the lines of the commit that is told."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.domain.remediation import Remediation, Report
from remedy_gate.domain.seams import Tree
from remedy_gate.domain.source import LineRange
from remedy_gate.errors import ReportingError, UsageError
from remedy_gate.iac.reading import Reader
from remedy_gate.matching.qualifying import within_module
from remedy_gate.policy.check_run import CheckRunChoice
from remedy_gate.reporting.check_run import MOST_ANNOTATED, Place, check_run
from remedy_gate.reporting.check_runs import CheckOutcome, NotChecked, tell_check_run
from remedy_gate.reporting.github_api import Api
from remedy_gate.reporting.head_files import HeadFiles
from remedy_gate.reporting.ordering import place
from remedy_gate.reporting.pull_request import PullRequest
from remedy_gate.reporting.untrusted import one_line
from remedy_gate.settings import Settings

from .events import event_of_run
from .posting import FOREIGN_EVENTS, Governing, Told, target_of, wall_clock

_LONGEST_NAME = 100
_COMMITS = ("push", "merge_group")
"""Events without a pull request, of a commit that the run has checked out."""


class Commit(NamedTuple):
    """A commit that can have a check run: its id, its files, and the way to GitHub."""

    api: Api
    head: str
    files: HeadFiles | PullRequest


def choice_of(named: str | None, ruled: Governing) -> CheckRunChoice | None:
    """The check run that is asked for; None where none is. Raises `UsageError`."""
    if named is None:
        return ruled.policy.check_run
    if not named or named != one_line(named, _LONGEST_NAME):
        raise UsageError("A check run needs a plain name of at most 100 characters.", "Name it with --check-run.")
    return (ruled.policy.check_run or CheckRunChoice())._replace(name=named)


def told_as_check(
    choice: CheckRunChoice | None, told: Told, report: Report, ruled: Governing, settings: Settings, root: str
) -> CheckOutcome | None:
    """What came of the check run; None where none is asked for, or where nothing is to be told. Never raises."""
    if choice is None:
        return None
    try:
        commit = _commit(told, settings, root)
        if commit is None:
            return None
        paths = dict.fromkeys(place(item)[0] for item in report.remediations[: 2 * MOST_ANNOTATED])
        commit.files.fetch(paths)
        is_foreign = event_of_run(settings).name in FOREIGN_EVENTS
        run = check_run(report, Locator(ruled.kit.reader, commit.files).place, choice.on_error, is_foreign=is_foreign)
        return tell_check_run(run, commit.api, commit.head, choice.name)
    except ReportingError as error:
        return NotChecked(f"There is no check run: {one_line(error.message, 300)}")


def _commit(told: Told, settings: Settings, root: str) -> Commit | None:
    if told.pull is not None:
        return Commit(told.pull.api, told.pull.head, told.pull) if told.pull.is_open else None
    event = event_of_run(settings)
    if told.outcome is not None or event.name not in _COMMITS or not event.head:
        return None
    api = Api(target_of(settings, 0), wall_clock())
    return Commit(api, event.head, HeadFiles(api, event.head, WorkingTree(root)))


class Locator:
    """Finds a block again by its address: a report may be of a merge commit, where it stands at other lines."""

    __slots__ = ("_blocks", "_reader", "_tree")

    def __init__(self, reader: Reader, tree: Tree) -> None:
        self._reader = reader
        self._tree = tree
        self._blocks: dict[str, dict[str, LineRange]] = {}

    def place(self, item: Remediation) -> Place | None:
        """Path and lines in the commit; None where it is not there."""
        resource = within_module(item.match).resource
        if resource is not None:
            lines = self._of(resource.path).get(resource.address)
            return None if lines is None else (resource.path, *lines)
        path, first, last = place(item)
        text = self._tree.read(path) if path and first else None
        return None if text is None or max(first, last) > len(text.splitlines()) else (path, first, last)

    def _of(self, path: str) -> dict[str, LineRange]:
        if path not in self._blocks:
            text = self._tree.read(path)
            language = None if text is None else self._reader.language_of(path, text)
            module = language.read({path: text}) if language is not None and text is not None else None
            blocks = module.blocks.values() if module is not None else ()
            self._blocks[path] = {block.address: block.lines for block in blocks}
        return self._blocks[path]
