"""What an export looked at, remembered for the import: under the git directory, else in `.remedy-gate/batch`."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, NamedTuple

from remedy_gate.changes.repository import enclosing_repository
from remedy_gate.ledger.place import git_folder, ledger_folder
from remedy_gate.settings import Settings, run_facts

FOLDER = "batch"
MOST_BYTES = 50_000_000
_OPTIONS = ("paths", "base", "staged", "all", "findings", "policy", "remedies")


class Remembered(NamedTuple):
    """An export: where it ran, with which options, for which model, and its questions by id, in words."""

    directory: str
    options: dict[str, Any]
    model: str
    questions: dict[str, str]


def folder_of(settings: Settings) -> str:
    """Where exports of this place are remembered."""
    root = enclosing_repository(settings.directory) or settings.directory
    git = git_folder(root, run_facts(settings).git_directory)
    return os.path.join(ledger_folder(git) if git else os.path.join(root, ".remedy-gate"), FOLDER)


def remember(arguments: argparse.Namespace, model: str, questions: dict[str, str], settings: Settings) -> str:
    """Keep what an export looked at; why that failed, else the empty text."""
    folder = folder_of(settings)
    options = {name: getattr(arguments, name) for name in _OPTIONS}
    text = json.dumps(Remembered(settings.directory, options, model, questions)._asdict())
    path = os.path.join(folder, f"{sha256(text.encode()).hexdigest()[:16]}.json")
    try:
        os.makedirs(folder, exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        return str(error.strerror)
    return ""


def recalled(identifiers: Iterable[str], settings: Settings) -> Remembered | None:
    """The export that asked most of these questions, the latest of them."""
    folder, wanted = folder_of(settings), set(identifiers)
    best: tuple[int, float, Remembered] | None = None
    names = os.listdir(folder) if os.path.isdir(folder) else []
    for path in (os.path.join(folder, name) for name in names if name.endswith(".json")):
        found = _read(path)
        if found is None:
            continue
        rank = (len(wanted & found.questions.keys()), os.stat(path).st_mtime)
        if rank[0] and (best is None or rank > best[:2]):
            best = (*rank, found)
    return best[2] if best else None


def _read(path: str) -> Remembered | None:
    try:
        with open(path, encoding="utf-8") as file:
            value = json.loads(file.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    kinds = {"directory": str, "options": dict, "model": str, "questions": dict}
    if not isinstance(value, dict) or any(not isinstance(value.get(name), kind) for name, kind in kinds.items()):
        return None
    if set(value["options"]) != set(_OPTIONS):
        return None
    return Remembered(*(value[name] for name in kinds))
