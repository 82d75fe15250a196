"""`remedy-gate catalogue`: what can be repaired without a model."""

from __future__ import annotations

import argparse
import sys

from remedy_gate.catalogue.control import Control
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.errors import PASSED, UsageError
from remedy_gate.settings import Settings


def execute(arguments: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - every command has this shape
    """List every control, or show one."""
    catalogue = Catalogue()
    if arguments.verb == "list":
        sys.stdout.writelines(f"{_line(control)}\n" for control in catalogue)
        return PASSED
    control = catalogue.control(arguments.id)
    if control is None:
        from difflib import get_close_matches

        near = get_close_matches(arguments.id, catalogue.index.controls, n=1)
        hint = f"Did you mean {near[0]}?" if near else "`remedy-gate catalogue list` names them all."
        raise UsageError(f"there is no control {arguments.id!r}.", hint)
    sys.stdout.writelines(f"{line}\n" for line in _page(control))
    return PASSED


def _line(control: Control) -> str:
    languages = {"cloudformation" if "::" in type_name else "terraform" for type_name in control.rules}
    return f"{control.id:44}  {control.severity:8}  {'+'.join(sorted(languages)):24}  {control.title}"


def _page(control: Control) -> list[str]:
    lines = [f"{control.id}: {control.title}", "", control.risk, "", f"severity    {control.severity}"]
    lines += [f"type        {type_name}" for type_name in control.rules]
    lines += [f"also known  {alias.replace(':', ' ', 1)}" for alias in control.aliases]
    lines += [f"demanded by {frame}: {', '.join(ids)}" for frame, ids in control.compliance.items()]
    return [*lines, f"version     {control.version}"]
