"""What a workflow's event says: which commit to compare with, which pull request it is, and whose it is.

The event is written by GitHub. Names in it (branches, forks) are chosen by people, and are never run or looked up as
anything but names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from remedy_gate.errors import ChangesError

MOST_BYTES = 25_000_000  # GitHub's own limit for a payload
BACKLOG = ("schedule", "workflow_dispatch")
"""Events that are about no change, but about all that there is."""

PULL_REQUESTS = ("pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment")
"""Events of a pull request, whose base governs. For reviews, too, the runner checks out what the change brings."""


class Event(NamedTuple):
    """One event. Texts are empty and `number` is 0 where it does not say.

    `base` is the commit to compare with; empty where the whole tree is to be looked at. `head` is the commit that the
    run is about; `head_repository` (`owner/name`) and `head_branch` are where that came from. `on` is the event that
    started the workflow whose end this one is about (`workflow_run` alone). `default_branch` is the repository's
    (`schedule` and `workflow_dispatch` alone).
    """

    name: str
    number: int = 0
    base: str = ""
    base_branch: str = ""
    head: str = ""
    head_repository: str = ""
    head_branch: str = ""
    on: str = ""
    default_branch: str = ""


NO_EVENT = Event("")


def event_of(name: str, path: str) -> Event:
    """The event of this name, from the file that the runner wrote. Raises `ChangesError` where that is not readable."""
    if not name or not path:
        return NO_EVENT
    import json

    try:
        with open(path, "rb") as file:
            text = file.read(MOST_BYTES + 1)
        payload = json.loads(text) if len(text) <= MOST_BYTES else None
    except (OSError, ValueError, RecursionError) as error:
        raise ChangesError(f"The event at {path} could not be read ({type(error).__name__}).") from error
    return _event(name, payload if isinstance(payload, dict) else {})


def _event(name: str, payload: Mapping[str, object]) -> Event:
    if name in PULL_REQUESTS:
        pull = _table(payload, "pull_request")
        base, head = _table(pull, "base"), _table(pull, "head")
        return Event(
            name,
            _number(pull, "number"),
            _commit(base, "sha"),
            _text(base, "ref"),
            _commit(head, "sha"),
            _text(_table(head, "repo"), "full_name"),
            _text(head, "ref"),
        )
    if name == "merge_group":
        group = _table(payload, "merge_group")
        return Event(name, base=_commit(group, "base_sha"), head=_commit(group, "head_sha"))
    if name == "push":
        # After a forced push the old commit is not in what was fetched, and says nothing of what is new.
        before = "" if payload.get("forced") is True else _commit(payload, "before")
        return Event(name, base=before, head=_commit(payload, "after"))
    if name == "workflow_run":
        run = _table(payload, "workflow_run")
        return Event(
            name,
            head=_commit(run, "head_sha"),
            head_repository=_text(_table(run, "head_repository"), "full_name"),
            head_branch=_text(run, "head_branch"),
            on=_text(run, "event"),
        )
    if name in BACKLOG:
        return Event(name, default_branch=_text(_table(payload, "repository"), "default_branch"))
    return Event(name)


def _table(payload: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = payload.get(key)
    return value if isinstance(value, dict) else {}


def _text(payload: Mapping[str, object], key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""


def _number(payload: Mapping[str, object], key: str) -> int:
    value = payload.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _commit(payload: Mapping[str, object], key: str) -> str:
    """A commit id; empty for the zeros that stand for none, and for what is no id."""
    import re

    text = _text(payload, key)
    return text if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", text) and text.strip("0") else ""
