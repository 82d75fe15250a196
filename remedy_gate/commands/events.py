"""What a workflow's event means for a command: what to compare with, and whether to work at all."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from remedy_gate.errors import ChangesError, UsageError
from remedy_gate.settings import Settings, choose_policy, github_settings, run_facts

if TYPE_CHECKING:
    from remedy_gate.changes.event import Event
    from remedy_gate.domain.seams import ChangeSource, Tree
    from remedy_gate.policy.rules import Policy

TARGET = "pull_request_target"


def event_of_run(settings: Settings) -> Event:
    """The event that started this run; one without a name where there is none."""
    from remedy_gate.changes.event import event_of

    github = github_settings(settings)
    return event_of(github.event, github.event_path)


def settle(arguments: argparse.Namespace, settings: Settings, root: str) -> None:
    """Set `base` or `all` from the event, where the caller named nothing to look at.

    The changes are always taken from git and never from GitHub's list of files: that one leaves out patches of large
    files and ends after so many. The base branch is preferred to the event's commit, as the merge commit that is
    checked out may have been made on a newer one.
    """
    if not settings.in_ci or not github_settings(settings).event or arguments.staged or arguments.base or arguments.all:
        return
    arguments.base = base_of_run(settings, root)
    arguments.all = arguments.base is None


def base_of_run(settings: Settings, root: str) -> str | None:
    """The branch or commit that this run is compared with; None where there is none."""
    from remedy_gate.changes.git import Git
    from remedy_gate.changes.merge_base import is_commit

    event = event_of_run(settings)
    if settings.base_ref and (not event.base or is_commit(Git(root, settings.environment), settings.base_ref)):
        return settings.base_ref
    return event.base or None


def change_of_run(settings: Settings) -> tuple[int, str]:
    """The pull request and the commit that this run is about; 0 and the empty text where there is none.

    A merge group is named after the pull request at its end. What runs on a schedule is about no change.
    """
    import re

    facts = run_facts(settings)
    try:
        event = event_of_run(settings)
    except ChangesError:  # where nobody knows whose change it is, nobody can approve it in GitHub
        return facts.pull_request, facts.commit
    is_group = event.name == "merge_group"  # for anybody can name a branch like that of a group
    branch = settings.environment.get("GITHUB_REF", "") if is_group else ""
    queued = re.fullmatch(r"refs/heads/gh-readonly-queue/.+/pr-(\d+)-[0-9a-f]{40}", branch)
    number = event.number or facts.pull_request or (int(queued[1]) if queued else 0)
    return number, "" if event.name == "schedule" else event.head or facts.commit


def base_tree(settings: Settings, root: str) -> Tree | None:
    """The files of the base, whose policy and controls govern; None where the run has no base.

    A workflow on `workflow_run` has none: it is of the default branch, and so is what it has checked out, if anything.
    """
    ref = base_of_run(settings, root) if settings.in_ci else None
    if ref is None:
        return None
    from remedy_gate.changes.merge_base import BaseChanges
    from remedy_gate.iac.file_names import MAYBE_CODE

    return BaseChanges(root, ref, (), MAYBE_CODE, settings.environment).base


def policy_of_run(named: str | None, root: str, settings: Settings) -> Policy:
    """The policy that governs: in CI that of the base, so that a change cannot choose it, else the working tree's.

    :raises ChangesError: the base cannot be found. Nothing else may take its place.
    """
    from remedy_gate.changes.working_tree import WorkingTree

    return choose_policy(named, WorkingTree(root), base_tree(settings, root), in_ci=settings.in_ci).policy


def judge(arguments: argparse.Namespace, settings: Settings, source: ChangeSource, root: str) -> Tree | None:
    """The tree whose files govern a `check` in CI, whatever it looks at.

    `--all` has nothing to compare with, and `--staged` a commit that may be of the pull request itself; what governs is
    the base all the same.
    """
    if settings.in_ci and (arguments.all or arguments.staged):
        return base_tree(settings, root) or source.base
    return source.base


def refuse_target(named: str | None, settings: Settings, head: Tree, base: Tree | None) -> None:
    """Refuse to work on `pull_request_target`, unless the base's policy allows it. Raises `UsageError`."""
    if github_settings(settings).event == TARGET:
        policy = choose_policy(named, head, base, in_ci=settings.in_ci).policy
        if policy.pull_request_target != "allow":
            raise UsageError(TARGET_REFUSED, TARGET_HINT)


TARGET_REFUSED = (
    "This workflow runs on pull_request_target: code that a fork brings would be read next to the repository's secrets "
    "and a token that may write."
)
TARGET_HINT = (
    "Run on pull_request, and publish the report from a workflow on workflow_run (docs/github.md); or say "
    "`pull_request_target: allow` in the policy of the base branch."
)
