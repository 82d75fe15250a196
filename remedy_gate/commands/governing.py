"""What a `check` is judged by: waivers and controls of the base, and a word where the change alters its own findings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from remedy_gate.domain.source import Problem
from remedy_gate.settings import CONTROLS_FOLDER, ChosenWaivers, Settings, choose_controls, choose_waivers

from .clock import today
from .events import base_of_run
from .specs import DEFAULT_FOLDER, is_live

if TYPE_CHECKING:
    from remedy_gate.catalogue.control import Control
    from remedy_gate.domain.seams import Tree

_MOST_TOLD = 20


def own_controls(settings: Settings, head: Tree, base: Tree | None, root: str) -> tuple[Control, ...]:
    """The organisation's controls; like waivers, not looked for where there is no folder that could hold them."""
    if not settings.in_ci and not os.path.isdir(os.path.join(root, CONTROLS_FOLDER)):
        return ()
    return choose_controls(head, base, in_ci=settings.in_ci)


def waivers_of_run(settings: Settings, head: Tree, base: Tree | None, root: str) -> ChosenWaivers:
    """The waivers that hold. Locally, git is not asked about a folder that is not there: that would cost 3 ms."""
    if not settings.in_ci and not os.path.isdir(os.path.join(root, ".remedy-gate")):
        return ChosenWaivers()
    return choose_waivers(head, base, today(), in_ci=settings.in_ci)


def altered_findings(specs: Iterable[str], settings: Settings, root: str) -> tuple[Problem, ...]:
    """In CI, a note for each export of findings that the change's own commits add, alter or take away.

    What is checked out is read all the same: a workflow may have brought it, and put it in the place of an older one.
    """
    base = base_of_run(settings, root) if settings.in_ci else None
    if base is None:
        return ()
    places = tuple(_places(specs, settings, root)) or (DEFAULT_FOLDER.replace(os.sep, "/"),)
    from remedy_gate.changes.git import Git
    from remedy_gate.changes.raw_diff import file_name

    patterns = (f":(top,glob){place}{tail}" for place in places for tail in ("", "/**"))
    words = ("diff", "--no-ext-diff", "--no-renames", "--name-only", "-z", f"{base}...HEAD", "--", *patterns)
    status, output = Git(root, settings.environment).answer(words)
    names = sorted(map(file_name, output.split(b"\0")[:-1])) if not status else []
    what = "this change alters findings that it is judged by"
    told = tuple(Problem(name, what) for name in names[:_MOST_TOLD])
    more = len(names) - len(told)
    return (*told, Problem("findings", f"{what}: {more} more files")) if more > 0 else told


def _places(specs: Iterable[str], settings: Settings, root: str) -> Iterator[str]:
    """The specs that are paths or globs of the repository, as told from its root."""
    for spec in specs:
        path = os.path.relpath(os.path.join(os.path.realpath(settings.directory), spec), root).replace(os.sep, "/")
        if spec != "-" and not is_live(spec) and path != ".." and not path.startswith("../"):
            yield path
