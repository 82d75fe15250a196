"""What is so in one case, in the terms that rules ask in."""

from __future__ import annotations

from typing import NamedTuple

from remedy_gate.domain.finding import Finding, Severity
from remedy_gate.domain.ledger import Memory
from remedy_gate.domain.match import Match
from remedy_gate.domain.patch import NoPatch, Patch
from remedy_gate.domain.proof import CheckName, Proof, Status

from .dates import day_of
from .patterns import matches_name, matches_path
from .rules import Environment, Tags

NOTHING, IN_PLACE, REPLACES, UNKNOWN = "none", "in-place", "replaces", "unknown"

GivenTags = tuple[tuple[str, str], ...]


class Case(NamedTuple):
    """Everything that a decision may look at.

    `touched`: the change touches the resource; `introduced`: it made the problem (None: the code cannot tell).
    `memory` is what the ledger says of it, where a rule asks.
    """

    finding: Finding
    match: Match
    remedy: Patch | NoPatch
    proof: Proof | None
    touched: bool
    introduced: bool | None
    memory: Memory = Memory()


class Circumstances(NamedTuple):
    """What holds for the whole run: today as days since 1970 (None: ages are unknown), and the Terraform workspace."""

    today: int | None = None
    workspace: str = ""


UNKNOWN_DAY = Circumstances()


class Facts(NamedTuple):
    """One case in the terms of rules. `age` and `due` are days from today, None where they are not known."""

    severity: Severity
    names: tuple[str, ...]
    sources: tuple[str, ...]
    type: str
    path: str
    environments: tuple[str, ...]
    accounts: tuple[str, ...]
    tags: GivenTags
    age: int | None
    due: int | None
    recurrent: bool
    origin: str
    proof: str
    disruption: str
    introduced: bool


def facts_of(case: Case, environments: tuple[Environment, ...], circumstances: Circumstances) -> Facts:
    """The facts of a case under these circumstances."""
    finding, resource = case.finding, case.match.resource
    path, type_name = (resource.path, resource.type) if resource else ("", "")
    tags, accounts = _of_cloud(finding)
    today = circumstances.today
    opened = day_of(finding.first_seen) if finding.first_seen and today is not None else None
    due = day_of(finding.due) if finding.due and today is not None else None
    return Facts(
        finding.severity,
        finding.names,
        (*finding.sources, finding.source),
        type_name,
        path,
        tuple([one.name for one in environments if _is_in(one, path, accounts, tags, circumstances.workspace)]),
        accounts,
        tags,
        None if opened is None or today is None else today - opened,
        None if due is None or today is None else due - today,
        case.memory.recurrences > 0,
        case.remedy.origin.kind if isinstance(case.remedy, Patch) else NOTHING,
        case.proof.outcome if case.proof is not None else NOTHING,
        disruption_of(case.proof),
        case.introduced is True,
    )


def environments_of(
    finding: Finding, patch: Patch, environments: tuple[Environment, ...], circumstances: Circumstances
) -> tuple[str, ...]:
    """Every environment that a patch reaches: by its files, the finding's accounts and tags, the workspace."""
    tags, accounts = _of_cloud(finding)
    workspace = circumstances.workspace
    return tuple(
        one.name
        for one in environments
        if any(_is_in(one, file.path, accounts, tags, workspace) for file in patch.files)
    )


def disruption_of(proof: Proof | None) -> str:
    """What the patch does to the resource, as far as the proof knows."""
    for check in proof.checks if proof is not None else ():
        if check.name is CheckName.DISRUPTION:
            if check.status is Status.NOT_RUN:
                return UNKNOWN
            return REPLACES if check.status is Status.FAIL or check.detail.startswith("REPLACES") else IN_PLACE
    return UNKNOWN


def tags_fit(given: GivenTags, wanted: Tags) -> bool:
    """Whether every wanted key is there with a value that fits."""
    return all(
        any(key == name and matches_name(value, pattern) for name, value in given for pattern in patterns)
        for key, patterns in wanted
    )


def _of_cloud(finding: Finding) -> tuple[GivenTags, tuple[str, ...]]:
    """The tags and the accounts of a finding's resources: mostly there is one, and thousands of findings."""
    if len(finding.resources) == 1:
        only = finding.resources[0]
        return only.tags, (only.account,) if only.account else ()
    tags = tuple(tag for named in finding.resources for tag in named.tags)
    return tags, tuple(named.account for named in finding.resources if named.account)


def _is_in(one: Environment, path: str, accounts: tuple[str, ...], tags: GivenTags, workspace: str) -> bool:
    if one.paths and any(matches_path(path, pattern) for pattern in one.paths):
        return True
    if one.workspaces and workspace and any(matches_name(workspace, pattern) for pattern in one.workspaces):
        return True
    if one.accounts and any(matches_name(account, pattern) for account in accounts for pattern in one.accounts):
        return True
    return bool(one.tags) and tags_fit(tags, one.tags)
