"""Who is at the keyboard, as git knows them."""

from __future__ import annotations

from remedy_gate.changes.git import Git
from remedy_gate.errors import UsageError
from remedy_gate.settings import Settings


def person(named: str | None, settings: Settings, option: str) -> str:
    """The name that was given, else git's user.name. Raises `UsageError` where there is neither."""
    if named is not None and named.strip():
        return named.strip()
    status, output = Git(settings.directory, settings.environment).answer(("config", "user.name"))
    name = output.decode("utf-8", "replace").strip()
    if status or not name:
        raise UsageError("Nobody answers for it: git knows no user.name.", f"Give {option}.")
    return name
