"""What the surroundings say: the only reader of the environment and of configuration files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, NamedTuple

from remedy_gate.errors import SettingsError

if TYPE_CHECKING:
    from remedy_gate.catalogue.control import Control
    from remedy_gate.domain.seams import Tree
    from remedy_gate.domain.source import Problem
    from remedy_gate.policy.rules import Policy
    from remedy_gate.policy.waivers import Waiver

POLICY_FILE = ".remedy-gate.yml"
CONTROLS_FOLDER = ".remedy-gate/controls"
MOST_POLICY_BYTES = 1_000_000
REMOTE_BRANCHES = "refs/remotes/"
_TRUE = ("1", "true", "yes", "on")


class Settings(NamedTuple):
    """The surroundings of one run.

    `environment` is handed on to git. `base_ref` is the pull request's base in CI. `debug` shows tracebacks of our own
    errors. `width` is that of the terminal in characters.
    """

    environment: Mapping[str, str]
    in_ci: bool
    base_ref: str | None
    color: bool
    width: int
    debug: bool
    directory: str


def read_settings(output: IO[str]) -> Settings:
    """The settings, from the process's environment and from where its output goes."""
    environment = dict(os.environ)
    base = environment.get("GITHUB_BASE_REF")
    return Settings(
        environment=environment,
        in_ci=environment.get("CI", "").lower() in _TRUE,
        # Not `origin/main`, for which git would take a tag of that name: whoever may push could choose what governs.
        base_ref=f"{REMOTE_BRANCHES}origin/{base}" if base else None,
        color=output.isatty() and "NO_COLOR" not in environment and environment.get("TERM") != "dumb",
        width=_width(environment),
        debug=environment.get("REMEDY_GATE_DEBUG", "").lower() in _TRUE,
        directory=os.getcwd(),
    )


def _width(environment: Mapping[str, str]) -> int:
    columns = environment.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size().columns
    except OSError:
        return 100


class GithubSettings(NamedTuple):
    """What a workflow run says of itself. `number` is that of the pull request, 0 where there is none.

    `branch` is the one that the run is on, empty where it is on none. `summary` and `output` are the files that the
    runner collects, empty outside of a workflow. `event` is the name of the event that started the run, `event_path`
    the file that holds it. `members_token` reads who is in a team.
    """

    token: str
    repository: str
    number: int
    api_url: str
    summary: str
    output: str
    event: str
    event_path: str
    members_token: str
    branch: str = ""


def github_settings(settings: Settings) -> GithubSettings:
    """The settings that `publish` needs, from the variables that GitHub's runner sets."""
    environment = settings.environment
    kind, _, rest = environment.get("GITHUB_REF", "").removeprefix("refs/").partition("/")
    number = rest.partition("/")[0]
    return GithubSettings(
        token=environment.get("GITHUB_TOKEN", ""),
        repository=environment.get("GITHUB_REPOSITORY", ""),
        number=int(number) if kind == "pull" and number.isdecimal() else 0,
        api_url=environment.get("GITHUB_API_URL") or "https://api.github.com",
        summary=environment.get("GITHUB_STEP_SUMMARY", ""),
        output=environment.get("GITHUB_OUTPUT", ""),
        event=environment.get("GITHUB_EVENT_NAME", ""),
        event_path=environment.get("GITHUB_EVENT_PATH", ""),
        members_token=environment.get("REMEDY_GATE_MEMBERS_TOKEN") or environment.get("GITHUB_TOKEN", ""),
        branch=rest if kind == "heads" else "",
    )


class RunFacts(NamedTuple):
    """What the surroundings tell of a run, for the record; empty where they do not. People's names are not among it."""

    repository: str
    commit: str
    base: str
    pull_request: int
    workflow: str
    runner: str
    workspace: str
    git_directory: str


def run_facts(settings: Settings) -> RunFacts:
    """The facts, from the variables of GitHub's runner, of Terraform and of git."""
    environment, github = settings.environment, github_settings(settings)
    run = environment.get("GITHUB_RUN_ID", "")
    workflow = "@".join(filter(None, (environment.get(f"GITHUB_WORKFLOW_{name}", "") for name in ("REF", "SHA"))))
    return RunFacts(
        repository=github.repository,
        commit=environment.get("GITHUB_SHA", ""),
        base=(settings.base_ref or "").removeprefix(REMOTE_BRANCHES),
        pull_request=github.number,
        workflow=workflow,
        runner=f"github-actions:{run}" if run else "ci" if settings.in_ci else "local",
        workspace=environment.get("TF_WORKSPACE", ""),
        git_directory=environment.get("GIT_DIR", ""),
    )


class ChosenPolicy(NamedTuple):
    """The policy of a run, and what is to be said about where it came from."""

    policy: Policy
    notes: tuple[Problem, ...] = ()


class ChosenWaivers(NamedTuple):
    """The waivers of a run, and what is to be said about where they came from."""

    waivers: tuple[Waiver, ...] = ()
    notes: tuple[Problem, ...] = ()


def choose_policy(path: str | None, head: Tree, base: Tree | None, *, in_ci: bool) -> ChosenPolicy:
    """The policy: a named file, else the repository's; in CI that of the base, so that a change cannot judge itself.

    :raises SettingsError: the file cannot be read or says something that is not allowed.
    """
    from remedy_gate.policy.governing import governed, policy_from
    from remedy_gate.policy.rules import DEFAULT_POLICY

    name = path or POLICY_FILE
    notes: list[Problem] = []
    governing = base if in_ci and base is not None else head
    own = POLICY_FILE if path is None else _own_file(path, head, governing, in_ci=in_ci)
    text = _named_file(name) if own is None else governed(own, head, governing, notes)
    if text is None:
        return ChosenPolicy(DEFAULT_POLICY, tuple(notes))
    return ChosenPolicy(policy_from(text, name, lambda path: governed(path, head, governing, notes)), tuple(notes))


def choose_waivers(head: Tree, base: Tree | None, today: int, *, in_ci: bool) -> ChosenWaivers:
    """The repository's waivers as they stand on a day; in CI those of the base.

    A change of the organisation's own controls is told here, too: they govern as much.
    :raises SettingsError: the file says something that is not allowed.
    """
    from remedy_gate.policy.governing import governed
    from remedy_gate.policy.waivers import WAIVERS_FILE

    notes: list[Problem] = []
    governing = base if in_ci and base is not None else head
    text = governed(WAIVERS_FILE, head, governing, notes)
    if governing is not head:
        for path in sorted({*head.names(CONTROLS_FOLDER), *governing.names(CONTROLS_FOLDER)}):
            governed(path, head, governing, notes)
    if text is None:
        return ChosenWaivers((), tuple(notes))
    from remedy_gate.policy.waiver_file import read_waivers
    from remedy_gate.policy.yaml_text import parsed_yaml

    return ChosenWaivers(read_waivers(parsed_yaml(text, WAIVERS_FILE), today), tuple(notes))


def choose_controls(head: Tree, base: Tree | None, *, in_ci: bool) -> tuple[Control, ...]:
    """The organisation's own controls, in CI those of the base.

    :raises SettingsError: a file says something that is not allowed.
    """
    from remedy_gate.policy.governing import refuse_link

    governing = base if in_ci and base is not None else head
    refuse_link(CONTROLS_FOLDER, governing)
    paths = [path for path in governing.names(CONTROLS_FOLDER) if path.endswith((".yaml", ".yml"))]
    if not paths:
        return ()
    from remedy_gate.catalogue.owned import control_of, declarations_of
    from remedy_gate.policy.yaml_text import parsed_yaml

    texts = [(path, governing.read(path) or b"") for path in paths]
    found = declarations_of((path, parsed_yaml(text, path)) for path, text in texts)
    return tuple(map(control_of, found.values()))


def _own_file(path: str, head: Tree, governing: Tree, *, in_ci: bool) -> str | None:
    """The place in the repository of a named file that is its own, as a change of it could judge itself; else None.

    However it is named: from a folder below, as a whole path, or by a link that the change put in its place.
    :raises SettingsError: it is a link in the repository, and no file.
    """
    if not in_ci:
        return None
    from remedy_gate.policy.governing import refuse_link

    for place in _places(path):
        for tree in (governing, head):
            if tree.read(place) is not None:
                return place
            refuse_link(place, tree)
    return None


def _places(path: str) -> tuple[str, ...]:
    """Where in the repository of the current directory a path leads, as it is written and as links make it."""
    from remedy_gate.changes.repository import enclosing_repository

    root = enclosing_repository(os.getcwd()) or os.getcwd()
    found = [os.path.relpath(where(path), root).replace(os.sep, "/") for where in (os.path.abspath, os.path.realpath)]
    return tuple(dict.fromkeys(place for place in found if not place.startswith("../")))


def _named_file(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MOST_POLICY_BYTES + 1)
    except OSError as error:
        raise SettingsError(
            f"{path}: {error.strerror}.", "Name a policy file with --policy, or leave it out."
        ) from error
