"""`remedy-gate catalogue`: what can be repaired without a model."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from remedy_gate.catalogue.control import Control
from remedy_gate.catalogue.lookup import Catalogue
from remedy_gate.changes.repository import enclosing_repository
from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.errors import BLOCKED, PASSED, RemedyGateError, SettingsError, UsageError
from remedy_gate.settings import CONTROLS_FOLDER, Settings, choose_controls

if TYPE_CHECKING:
    from .trials import Bench

IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """List every control, show one, try the organisation's own, or begin a new one."""
    root = enclosing_repository(settings.directory) or settings.directory
    match arguments.verb:
        case "new":
            return _new(arguments.id, root)
        case "test":
            return _test(root)
        case _:
            catalogue = Catalogue(choose_controls(WorkingTree(root), None, in_ci=False))
            return _list(catalogue) if arguments.verb == "list" else _show(catalogue, arguments)


def _new(identifier: str, root: str) -> int:
    from remedy_gate.catalogue.owned import skeleton

    if not IDENTIFIER.fullmatch(identifier):
        raise UsageError(f"{identifier!r} is no id for a control.", "Use small letters, digits and hyphens: our-tags.")
    folder = os.path.join(root, CONTROLS_FOLDER)
    path = os.path.join(folder, f"{identifier}.yaml")
    os.makedirs(folder, exist_ok=True)
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(skeleton(identifier))
    except FileExistsError as error:
        raise UsageError(f"{path} is there already.", "Choose another id, or change that file.") from error
    sys.stdout.write(f"{path} is written. Change it, then run `remedy-gate catalogue test`.\n")
    return PASSED


def _test(root: str) -> int:
    """Try every example of the organisation's own controls."""
    from remedy_gate.catalogue.owned import ENDINGS, control_of, declarations_of
    from remedy_gate.policy.yaml_text import parsed_yaml

    from .assembly import tools
    from .trials import Bench

    tree = WorkingTree(root)
    paths = [path for path in tree.names(CONTROLS_FOLDER) if path.endswith(ENDINGS)]
    if not paths:
        hint = "`remedy-gate catalogue new ID` begins one."
        raise SettingsError(f"there are no controls in {CONTROLS_FOLDER}.", hint)
    declarations = declarations_of((path, parsed_yaml(tree.read(path) or b"", path)) for path in paths)
    own = {name: control_of(declaration) for name, declaration in declarations.items()}
    kit, failed = tools(tuple(own.values())), False
    for name, declaration in declarations.items():
        found = _problems(declaration, Bench(own[name], kit.catalogue, kit.reader, kit.schemas))
        failed = failed or bool(found)
        sys.stdout.write(f"{name}: {'not right' if found else 'right'}\n")
        sys.stdout.writelines(f"  {problem}\n" for problem in found)
    return BLOCKED if failed else PASSED


def _problems(declaration: Mapping[str, Any], bench: Bench) -> list[str]:
    """What is wrong; an example that cannot even be tried says why."""
    from .trials import problems

    try:
        return list(problems(declaration, bench))
    except RemedyGateError as error:
        return [str(error)]


def _list(catalogue: Catalogue) -> int:
    sys.stdout.writelines(f"{_line(control)}\n" for control in catalogue)
    return PASSED


def _show(catalogue: Catalogue, arguments: argparse.Namespace) -> int:
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
    from remedy_gate.catalogue.makes import makes

    lines = [f"{control.id}: {control.title}", "", control.risk, "", f"severity    {control.severity}"]
    lines += [f"type        {type_name}" for type_name in control.rules]
    lines += [f"also known  {alias.replace(':', ' ', 1)}" for alias in control.aliases]
    lines += [f"may make    {types}: {words}" for types, words in makes(control).items()]
    lines += [f"demanded by {frame}: {', '.join(ids)}" for frame, ids in control.compliance.items()]
    return [*lines, f"version     {control.version}"]
