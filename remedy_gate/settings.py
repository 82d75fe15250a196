"""What the surroundings say: the only reader of the environment and of configuration files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, NamedTuple

from remedy_gate.errors import SettingsError

if TYPE_CHECKING:
    from remedy_gate.domain.seams import Tree
    from remedy_gate.domain.source import Problem
    from remedy_gate.policy.rules import Policy

POLICY_FILE = ".remedy-gate.yml"
MOST_POLICY_BYTES = 1_000_000
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
        base_ref=f"origin/{base}" if base else None,
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

    `summary` and `output` are the files that the runner collects, empty outside of a workflow.
    """

    token: str
    repository: str
    number: int
    api_url: str
    summary: str
    output: str


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
    )


class ChosenPolicy(NamedTuple):
    """The policy of a run, and what is to be said about where it came from."""

    policy: Policy
    notes: tuple[Problem, ...] = ()


def choose_policy(path: str | None, head: Tree, base: Tree | None, *, in_ci: bool) -> ChosenPolicy:
    """The policy: a named file, else the repository's; in CI that of the base, so that a change cannot judge itself.

    :raises SettingsError: the file cannot be read or says something that is not allowed.
    """
    from remedy_gate.domain.source import Problem
    from remedy_gate.policy.rules import DEFAULT_POLICY

    if path is not None:
        return ChosenPolicy(_parsed(_named_file(path), path))
    mine = head.read(POLICY_FILE)
    if not in_ci or base is None:
        return ChosenPolicy(_parsed(mine, POLICY_FILE) if mine is not None else DEFAULT_POLICY)
    theirs = base.read(POLICY_FILE)
    policy = _parsed(theirs, POLICY_FILE) if theirs is not None else DEFAULT_POLICY
    if mine == theirs:
        return ChosenPolicy(policy)
    note = Problem(POLICY_FILE, "this change alters the policy, and is judged by the one of its base")
    return ChosenPolicy(policy, (note,))


def _named_file(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MOST_POLICY_BYTES + 1)
    except OSError as error:
        raise SettingsError(
            f"{path}: {error.strerror}.", "Name a policy file with --policy, or leave it out."
        ) from error


def _parsed(text: bytes, name: str) -> Policy:
    import yaml

    from remedy_gate.policy.reading import read_policy

    if len(text) > MOST_POLICY_BYTES:
        raise SettingsError(f"{name} is larger than {MOST_POLICY_BYTES:,} bytes.")
    try:
        document = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise SettingsError(f"{name} is not YAML{where}: {getattr(error, 'problem', error)}.") from error
    except (RecursionError, ValueError) as error:
        raise SettingsError(f"{name} cannot be read: {error}.") from error
    return read_policy(document, name)
