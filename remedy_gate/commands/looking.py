"""What a command looks at: the change source that its options name."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from remedy_gate.changes.repository import repository_root, root_for_all
from remedy_gate.iac.file_names import MAYBE_CODE

if TYPE_CHECKING:
    from remedy_gate.domain.seams import ChangeSource
    from remedy_gate.settings import Settings


def change_source(arguments: argparse.Namespace, settings: Settings) -> tuple[ChangeSource, str]:
    """The changes to look at, and the folder that paths are told from.

    Without an option: in CI what the event says, in a pull request its base; else the index.
    """
    paths = tuple(arguments.paths)
    if settings.in_ci and not arguments.all:
        from .events import settle

        settle(arguments, settings, repository_root(settings.directory, settings.environment))
    if arguments.all:
        from remedy_gate.changes.whole_tree import WholeTree

        root = root_for_all(settings.directory, paths)
        return WholeTree(root, paths or (settings.directory,), MAYBE_CODE), root
    root = repository_root(settings.directory, settings.environment)
    base = arguments.base or (settings.base_ref if settings.in_ci and not arguments.staged else None)
    if base:
        from remedy_gate.changes.merge_base import BaseChanges

        return BaseChanges(root, base, paths, MAYBE_CODE, settings.environment), root
    from remedy_gate.changes.staged import StagedChanges

    return StagedChanges(root, paths, MAYBE_CODE, settings.environment), root
