"""`remedy-gate waive`: accept one problem at one place until a date, with an owner and a reason."""

from __future__ import annotations

import argparse
import os
import sys

from remedy_gate.changes.repository import enclosing_repository
from remedy_gate.changes.working_tree import WorkingTree
from remedy_gate.errors import PASSED, SettingsError, UsageError
from remedy_gate.policy.waiver_file import MOST_DAYS, expiry, read_waivers, with_waiver
from remedy_gate.policy.waivers import WAIVERS_FILE
from remedy_gate.policy.yaml_text import parsed_yaml
from remedy_gate.settings import Settings

from .clock import today
from .people import person


def execute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Add the waiver to the file; nothing that stands there is changed."""
    if not arguments.resource and not arguments.path:
        raise UsageError("A waiver is for one place.", "Name it with --resource or --path.")
    if not 1 <= arguments.days <= MOST_DAYS:
        raise UsageError(f"--days is {arguments.days}.", f"A waiver is for 1 to {MOST_DAYS} days.")
    day = today()
    entry = {
        "control": arguments.control,
        "resource": arguments.resource or "",
        "path": arguments.path or "",
        "owner": person(arguments.owner, settings, "--owner"),
        "reason": arguments.reason,
        "expires": expiry(day, arguments.days),
        "ticket": arguments.ticket or "",
    }
    root = enclosing_repository(settings.directory) or settings.directory
    before = WorkingTree(root).read(WAIVERS_FILE) or b""
    try:
        text = with_waiver(before.decode("utf-8"), entry)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{WAIVERS_FILE} is not UTF-8.") from error
    read_waivers(parsed_yaml(text.encode(), WAIVERS_FILE), day)
    _write(os.path.join(root, *WAIVERS_FILE.split("/")), text)
    sys.stdout.write(
        f"{WAIVERS_FILE}: {entry['control']} is accepted until {entry['expires']}. Commit it to have it count.\n"
    )
    return PASSED


def _write(path: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(f"{path}.part", "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(f"{path}.part", path)
    except OSError as error:
        raise SettingsError(f"{WAIVERS_FILE} could not be written: {error.strerror}.") from error
